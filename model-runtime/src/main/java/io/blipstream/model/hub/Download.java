package io.blipstream.model.hub;

import io.blipstream.model.hub.ImportException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import org.apache.hc.core5.http.HttpHeaders;

/**
 * One file on its way here.
 *
 * <p>What has arrived stays in a part file, beside a note of what it is a part of, so that another
 * attempt, in this process or a later one, goes on from there. What must hold: a part is never
 * completed from another file than it was begun from. With a digest the digest sees to that;
 * without one the server's entity tag does ({@code If-Range}), and a server that ignores it sends
 * all anew.
 */
final class Download {

  private static final int BUFFER_BYTES = 1 << 16;

  private final WebClient web;
  private final Retries retries;
  private final ImportListener listener;
  private final RemoteFile file;
  private final Path part;
  private final Path note;
  private final AtomicLong arrived = new AtomicLong();
  private OptionalLong size;
  private boolean ranges = true;

  Download(
      WebClient web, Retries retries, ImportListener listener, RemoteFile file, Path partsFolder) {
    this.web = web;
    this.retries = retries;
    this.listener = listener;
    this.file = file;
    this.part = partsFolder.resolve(file.name() + ".part");
    this.note = partsFolder.resolve(file.name() + ".part-of");
    this.size = file.size();
  }

  /**
   * Brings the file to its place, where it appears whole and verified.
   *
   * @throws ImportException if the server gives up, or what it sends is not what it announced
   */
  void to(Path place) throws IOException {
    keepOnlyPartOfThisFile();
    String fault = "";
    // A part may have been spoilt since it was written, so that a fault counts from the second on.
    for (int times = 0; times < 2; times++) {
      boolean resumed = have() > 0;
      listener.started(file.name(), size, have());
      retries.run(listener, arrived::get, this::attempt);
      fault = fault();
      if (fault.isEmpty()) {
        Files.move(
            part, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(note);
        listener.finished(file.name());
        return;
      }
      Files.deleteIfExists(part);
      if (!resumed && times == 0) {
        listener.step("getting " + file.name() + " once more, since it arrived damaged");
      }
    }
    throw new ImportException(
        Kind.DAMAGED,
        "%s from %s %s; try again later or from another mirror (HF_ENDPOINT)."
            .formatted(file.name(), file.uri().getAuthority(), fault));
  }

  /** What is wrong with the whole of what arrived; empty if nothing is. */
  private String fault() throws IOException {
    if (size.isPresent() && have() != size.getAsLong()) {
      return "has %d bytes where %d were announced".formatted(have(), size.getAsLong());
    }
    if (file.digest().isPresent() && !file.digest().get().isOf(part)) {
      return "does not have the %s that was announced, %s"
          .formatted(file.digest().get().algorithm(), file.digest().get().hex());
    }
    return "";
  }

  private void keepOnlyPartOfThisFile() throws IOException {
    boolean known = Files.exists(note) && Files.readString(note).equals(file.identity());
    if (!known || (size.isPresent() && have() > size.getAsLong())) {
      Files.deleteIfExists(part);
      Files.writeString(note, file.identity());
    }
  }

  private Void attempt() throws IOException, PassingFailure {
    long have = have();
    if (size.isPresent() && have == size.getAsLong() && have > 0) {
      return null;
    }
    try (Reply reply = web.send("GET", file.uri(), rangeFrom(have), other -> false)) {
      switch (reply.status()) {
        case 200 -> startOver(reply, have);
        case 206 -> requireContinues(reply, have);
        case 416 -> throw again("does not continue");
        default -> throw refused(reply);
      }
      receive(reply);
    }
    if (size.isPresent() && have() < size.getAsLong()) {
      throw cut(null);
    }
    return null;
  }

  private Map<String, String> rangeFrom(long have) {
    Map<String, String> headers = new HashMap<>();
    boolean pinned = file.digest().isPresent() || file.tag().isPresent();
    if (have > 0 && ranges && pinned) {
      headers.put(HttpHeaders.RANGE, "bytes=" + have + "-");
      if (file.digest().isEmpty()) {
        file.tag().ifPresent(tag -> headers.put(HttpHeaders.IF_RANGE, tag));
      }
    }
    return headers;
  }

  private void startOver(Reply reply, long have) throws IOException {
    if (have > 0) {
      Files.deleteIfExists(part);
    }
    OptionalLong sent = reply.isGzip() ? OptionalLong.empty() : reply.number("Content-Length");
    if (size.isPresent() && sent.isPresent() && sent.getAsLong() != size.getAsLong()) {
      throw new ImportException(
          Kind.DAMAGED,
          "%s from %s has %d bytes where %d were announced; try again later or from another mirror"
                  .formatted(
                      file.name(), reply.uri().getAuthority(), sent.getAsLong(), size.getAsLong())
              + " (HF_ENDPOINT).");
    }
    if (size.isEmpty()) {
      size = sent;
    }
    if (have > 0 || !size.equals(file.size())) {
      listener.started(file.name(), size, 0);
    }
  }

  private void requireContinues(Reply reply, long have) throws IOException, PassingFailure {
    String range = reply.header(HttpHeaders.CONTENT_RANGE).orElse("");
    boolean fits =
        range.startsWith("bytes " + have + "-")
            && (size.isEmpty() || range.endsWith("/*") || range.endsWith("/" + size.getAsLong()));
    if (!fits || reply.isGzip()) {
      throw again("sends \"%s\" where the rest from byte %d was asked for".formatted(range, have));
    }
    if (size.isEmpty()) {
      size = Reply.number(Optional.of(range.substring(range.indexOf('/') + 1)));
    }
  }

  private void receive(Reply reply) throws IOException, PassingFailure {
    try (FileChannel out =
        FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      InputStream in = content(reply);
      for (int read = read(in, buffer); read >= 0; read = read(in, buffer)) {
        for (ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read); bytes.hasRemaining(); ) {
          out.write(bytes);
        }
        arrived.addAndGet(read);
        listener.advanced(read);
        if (size.isPresent() && out.size() > size.getAsLong()) {
          break;
        }
      }
      out.force(true);
    }
  }

  private InputStream content(Reply reply) throws PassingFailure {
    try {
      return reply.isGzip() ? new GZIPInputStream(reply.body()) : reply.body();
    } catch (IOException e) {
      throw cut(e);
    }
  }

  /** Apart from writing, whose failures do not pass. */
  private int read(InputStream in, byte[] buffer) throws PassingFailure {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw cut(e);
    }
  }

  private PassingFailure cut(IOException cause) {
    String why = cause == null ? "" : " (%s)".formatted(cause.getMessage());
    return new PassingFailure(
        new ImportException(
            Kind.UNREACHABLE,
            "The connection breaks off while %s is read%s; run again to go on where it stopped."
                .formatted(file.name(), why),
            cause));
  }

  /** The part is of no use with this server: the next attempt is without it. */
  private PassingFailure again(String what) throws IOException {
    Files.deleteIfExists(part);
    ranges = false;
    return new PassingFailure(
        new ImportException(
            Kind.DAMAGED,
            "%s %s; try again later or from another mirror (HF_ENDPOINT)."
                .formatted(WebAddress.shown(file.uri()), what)));
  }

  /** A redirect leads to a signed address that is good for a while: the next one may be again. */
  private static ImportException refused(Reply reply) throws PassingFailure {
    ImportException outcome = Answers.unexpected(reply);
    if (reply.status() == 403 && !reply.trail().isEmpty()) {
      throw new PassingFailure(outcome);
    }
    return outcome;
  }

  private long have() throws IOException {
    return Files.exists(part) ? Files.size(part) : 0;
  }
}
