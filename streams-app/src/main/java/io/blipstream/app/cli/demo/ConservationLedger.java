package io.blipstream.app.cli.demo;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Checks the conservation law record by record: every image event has exactly one confidence or one
 * reject of the whole image, and every text considered exactly one caption or one reject.
 *
 * <p>It goes by the coordinates that every outcome carries, so that even two events with one id are
 * told apart. Outcomes may be entered before their image and in any order. Four bytes an image.
 */
public final class ConservationLedger {

  private final Map<Integer, Pages> partitions = new HashMap<>();
  private long images;
  private long judgedOrRejected;
  private long missing;
  private long surplus;

  /** An image event that was sent. */
  public void image(int partition, long offset) {
    enter(partition, offset, Column.INPUT, 1);
    images++;
  }

  /** A confidence record, which says how many texts were considered. */
  public void confidence(int partition, long offset, int texts) {
    enter(partition, offset, Column.OUTCOMES, 1);
    enter(partition, offset, Column.TEXTS_DUE, texts);
  }

  /** A reject of a whole image. */
  public void imageReject(int partition, long offset) {
    enter(partition, offset, Column.OUTCOMES, 1);
  }

  /** A caption, or the reject of a text. */
  public void text(int partition, long offset) {
    enter(partition, offset, Column.TEXTS, 1);
  }

  /** Image events so far. */
  public long images() {
    return images;
  }

  /** Image events with an outcome. */
  public long withOutcome() {
    return judgedOrRejected;
  }

  /** Outcomes of images and texts that are due and not there. */
  public long missing() {
    return missing;
  }

  /** Outcomes beyond the one that an image or text has. */
  public long surplus() {
    return surplus;
  }

  private enum Column {
    INPUT,
    OUTCOMES,
    TEXTS_DUE,
    TEXTS
  }

  /** What is known of one partition: a growing array for each column. */
  private static final class Pages {
    private final Map<Column, byte[]> columns = new HashMap<>();

    int get(Column column, int row) {
      byte[] values = columns.get(column);
      return values == null || row >= values.length ? 0 : values[row];
    }

    void add(Column column, int row, int value) {
      byte[] values = columns.getOrDefault(column, new byte[0]);
      if (row >= values.length) {
        values = Arrays.copyOf(values, Math.max(row + 1, Math.max(1024, values.length * 2)));
        columns.put(column, values);
      }
      values[row] = (byte) Math.min(Byte.MAX_VALUE, values[row] + value);
    }
  }

  private void enter(int partition, long offset, Column column, int value) {
    int row = Math.toIntExact(offset);
    Pages pages = partitions.computeIfAbsent(partition, any -> new Pages());
    count(pages, row, -1);
    pages.add(column, row, value);
    count(pages, row, 1);
  }

  /** Adds a row to the totals, or takes it out of them. */
  private void count(Pages pages, int row, int sign) {
    int input = pages.get(Column.INPUT, row);
    int outcomes = pages.get(Column.OUTCOMES, row);
    int due = pages.get(Column.TEXTS_DUE, row);
    int texts = pages.get(Column.TEXTS, row);
    judgedOrRejected += (long) sign * Math.min(input, outcomes);
    missing += (long) sign * (Math.max(0, input - outcomes) + Math.max(0, due - texts));
    surplus += (long) sign * (Math.max(0, outcomes - input) + Math.max(0, texts - due));
  }
}
