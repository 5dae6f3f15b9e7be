package io.blipstream.model.checkpoint.pickle;

import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A reader of the pickles that {@code torch.save} writes, protocols 2 to 5.
 *
 * <p>A pickle is a program for a stack machine; an ordinary reader lets it call anything. What must
 * hold here:
 *
 * <ul>
 *   <li>Nothing is ever looked up or run: a global is a name, checked against {@link PickleObjects}
 *       when it is met, and a call is a value that {@link PickleObjects} makes of its arguments.
 *   <li>Only the opcodes that {@code torch.save} needs are known; any other ends the reading.
 *   <li>Memory is bounded: strings by the bytes that are there; values, marks and memos together by
 *       {@link #MAX_VALUES}.
 *   <li>Values may contain themselves, so nothing here compares, hashes or prints more than a
 *       string or a number; dictionaries take no other keys.
 * </ul>
 *
 * <p>Values are {@link Long}, {@link BigInteger} beyond its range, {@link Double}, {@link Boolean},
 * {@link String}, {@link PickleNone}, {@link PickleTuple}, {@link List}, {@link Map}, {@link
 * PickleGlobal}, and what {@link PickleObjects} gives.
 */
public final class PickleReader {

  /** A large BLIP with its momentum copies and optimizer has some 200,000. */
  static final int MAX_VALUES = 1_000_000;

  private static final int MAX_PROTOCOL = 5;

  private final ByteBuffer in;
  private final PickleObjects objects;
  private final List<Object> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final Map<Integer, Object> memo = new HashMap<>();
  private int values;

  private PickleReader(ByteBuffer in, PickleObjects objects) {
    this.in = in;
    this.objects = objects;
  }

  /**
   * Reads one pickle from the buffer's position on, which moves behind it.
   *
   * @throws PickleException if it is refused
   */
  public static Object read(ByteBuffer in, PickleObjects objects) throws PickleException {
    try {
      return new PickleReader(in.order(ByteOrder.LITTLE_ENDIAN), objects).run();
    } catch (BufferUnderflowException e) {
      throw new PickleException("has a pickle that ends too early");
    }
  }

  private Object run() throws PickleException {
    int opcode = in.get() & 0xff;
    while (opcode != '.') {
      step(opcode);
      opcode = in.get() & 0xff;
    }
    if (stack.size() != 1 || !marks.isEmpty()) {
      throw wrong("stops with %d values at hand".formatted(stack.size()));
    }
    return pop();
  }

  private void step(int opcode) throws PickleException {
    switch (opcode) {
      case 0x80 -> protocol(in.get() & 0xff); // PROTO
      case 0x95 -> in.getLong(); // FRAME: a hint for readers of streams
      case '(' -> mark(); // MARK
      case 'N' -> push(PickleNone.NONE);
      case 0x88 -> push(true); // NEWTRUE
      case 0x89 -> push(false); // NEWFALSE
      case 'J' -> push((long) in.getInt()); // BININT
      case 'K' -> push((long) (in.get() & 0xff)); // BININT1
      case 'M' -> push((long) (in.getShort() & 0xffff)); // BININT2
      case 0x8a -> push(integer(in.get() & 0xff)); // LONG1
      case 'G' -> push(bigEndianDouble()); // BINFLOAT
      case 'X' -> push(text(in.getInt() & 0xffffffffL)); // BINUNICODE
      case 0x8c -> push(text(in.get() & 0xff)); // SHORT_BINUNICODE
      case ')' -> push(new PickleTuple(List.of())); // EMPTY_TUPLE
      case 0x85 -> push(tuple(1)); // TUPLE1
      case 0x86 -> push(tuple(2)); // TUPLE2
      case 0x87 -> push(tuple(3)); // TUPLE3
      case 't' -> push(new PickleTuple(popToMark())); // TUPLE
      case ']' -> push(new ArrayList<>(0)); // EMPTY_LIST
      case 'a' -> append(List.of(pop())); // APPEND
      case 'e' -> append(popToMark()); // APPENDS
      case '}' -> push(new LinkedHashMap<>(0)); // EMPTY_DICT
      case 's' -> setItems(tuple(2).items()); // SETITEM
      case 'u' -> setItems(popToMark()); // SETITEMS
      case 'q' -> remember(in.get() & 0xff); // BINPUT
      case 'r' -> remember(in.getInt()); // LONG_BINPUT
      case 0x94 -> remember(memo.size()); // MEMOIZE
      case 'h' -> push(remembered(in.get() & 0xff)); // BINGET
      case 'j' -> push(remembered(in.getInt())); // LONG_BINGET
      case 'c' -> push(global(line(), line())); // GLOBAL
      case 0x93 -> stackGlobal(); // STACK_GLOBAL
      case 'R' -> reduce(); // REDUCE
      case 'b' -> build(); // BUILD
      case 'Q' -> push(objects.persistent(pop())); // BINPERSID
      default ->
          throw wrong("uses opcode 0x%02x, which torch.save does not need".formatted(opcode));
    }
  }

  private void protocol(int version) throws PickleException {
    if (version < 2 || version > MAX_PROTOCOL) {
      throw wrong("has protocol %d; 2 to %d are read".formatted(version, MAX_PROTOCOL));
    }
  }

  private Object integer(int bytes) {
    byte[] bigEndian = new byte[bytes];
    for (int i = bytes - 1; i >= 0; i--) {
      bigEndian[i] = in.get();
    }
    BigInteger value = bytes == 0 ? BigInteger.ZERO : new BigInteger(bigEndian);
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  private double bigEndianDouble() {
    return Double.longBitsToDouble(Long.reverseBytes(in.getLong()));
  }

  private String text(long bytes) throws PickleException {
    if (bytes > in.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer encoded = in.slice(in.position(), (int) bytes);
    in.position(in.position() + (int) bytes);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(encoded).toString();
    } catch (CharacterCodingException e) {
      throw wrong("holds a text that is no UTF-8");
    }
  }

  private String line() throws PickleException {
    int end = in.position();
    while (end < in.limit() && in.get(end) != '\n') {
      end++;
    }
    String line = text(end - in.position());
    in.get();
    return line;
  }

  private void stackGlobal() throws PickleException {
    Object name = pop();
    Object module = pop();
    if (!(name instanceof String nameText) || !(module instanceof String moduleText)) {
      throw wrong("names a global by something that is no text");
    }
    push(global(moduleText, nameText));
  }

  private PickleGlobal global(String module, String name) throws PickleException {
    PickleGlobal global = new PickleGlobal(module, name);
    if (!objects.knows(global)) {
      throw new PickleException(
          "asks for the Python global "
              + printable(global.toString())
              + ", which no BLIP weights need; nothing of it was run, but do not trust the file");
    }
    return global;
  }

  /** Names come from the file: they must not break the line or the terminal. */
  private static String printable(String name) {
    String visible =
        name.codePoints()
            .limit(100)
            .collect(
                StringBuilder::new,
                (text, c) -> text.appendCodePoint(c > ' ' && c < 0x7f ? c : '?'),
                StringBuilder::append)
            .toString();
    return visible.length() < name.length() ? visible + "..." : visible;
  }

  private void reduce() throws PickleException {
    Object arguments = pop();
    Object function = pop();
    if (!(function instanceof PickleGlobal global) || !(arguments instanceof PickleTuple tuple)) {
      throw wrong("calls something that is no function");
    }
    push(objects.call(global, tuple.items()));
  }

  /** Sets attributes; those of a state dict are versions of modules, which matter to no reader. */
  private void build() throws PickleException {
    pop();
    if (!(top() instanceof Map)) {
      throw wrong("sets attributes of something that is no dictionary");
    }
  }

  private PickleTuple tuple(int size) throws PickleException {
    Object[] items = new Object[size];
    for (int i = size - 1; i >= 0; i--) {
      items[i] = pop();
    }
    return new PickleTuple(List.of(items));
  }

  @SuppressWarnings("unchecked") // Every list here was made here.
  private void append(List<Object> items) throws PickleException {
    if (!(top() instanceof List)) {
      throw wrong("appends to something that is no list");
    }
    ((List<Object>) top()).addAll(items);
  }

  @SuppressWarnings("unchecked") // Every dictionary here takes any object.
  private void setItems(List<Object> items) throws PickleException {
    if (!(top() instanceof Map) || items.size() % 2 != 0) {
      throw wrong("sets items of something that is no dictionary");
    }
    Map<Object, Object> dictionary = (Map<Object, Object>) top();
    for (int i = 0; i < items.size(); i += 2) {
      Object key = items.get(i);
      if (!(key instanceof String || key instanceof Long || key instanceof Boolean)) {
        throw wrong("has a dictionary key that is neither text nor number");
      }
      if (dictionary.put(key, items.get(i + 1)) != null) {
        throw wrong("states the key " + printable(key.toString()) + " twice");
      }
    }
  }

  private void mark() throws PickleException {
    count();
    marks.add(stack.size());
  }

  private void remember(int index) throws PickleException {
    count();
    memo.put(index, top());
  }

  private Object remembered(int index) throws PickleException {
    Object value = memo.get(index);
    if (value == null) {
      throw wrong("recalls a value it never stored");
    }
    return value;
  }

  private void push(Object value) throws PickleException {
    count();
    stack.add(value);
  }

  private void count() throws PickleException {
    values++;
    if (values > MAX_VALUES) {
      throw wrong("makes more than %d values".formatted(MAX_VALUES));
    }
  }

  private Object top() throws PickleException {
    if (stack.size() <= (marks.isEmpty() ? 0 : marks.get(marks.size() - 1))) {
      throw wrong("takes a value where none is left");
    }
    return stack.get(stack.size() - 1);
  }

  private Object pop() throws PickleException {
    Object value = top();
    stack.remove(stack.size() - 1);
    return value;
  }

  private List<Object> popToMark() throws PickleException {
    if (marks.isEmpty()) {
      throw wrong("goes back to a mark it never set");
    }
    List<Object> above = stack.subList(marks.remove(marks.size() - 1), stack.size());
    List<Object> items = new ArrayList<>(above);
    above.clear();
    return items;
  }

  private PickleException wrong(String what) {
    return new PickleException(
        "has a pickle that " + what + " (before byte " + in.position() + ")");
  }
}
