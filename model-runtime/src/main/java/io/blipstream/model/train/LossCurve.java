package io.blipstream.model.train;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;

/** The losses of every update, as a CSV file. */
final class LossCurve implements AutoCloseable {

  private static final String FILE = "loss-curve.csv";
  private static final String HEADER = "step,itc,itm,lm,gradient_norm";

  private final Path file;
  private BufferedWriter writer;

  private LossCurve(Path file) throws IOException {
    this.file = file;
    this.writer =
        Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  static LossCurve open(Path folder) throws IOException {
    return new LossCurve(folder.resolve(FILE));
  }

  /** Drops lines beyond an update, which a resumed training writes anew. */
  void keepUntil(long step) throws IOException {
    writer.close();
    List<String> kept =
        Files.readAllLines(file).stream()
            .skip(1)
            .filter(line -> Long.parseLong(line.substring(0, line.indexOf(','))) <= step)
            .toList();
    writer = Files.newBufferedWriter(file);
    writer.write(HEADER + "\n");
    for (String line : kept) {
      writer.write(line + "\n");
    }
  }

  void add(long step, Losses losses) throws IOException {
    writer.write(
        String.format(
            Locale.ROOT,
            "%d,%.4f,%.4f,%.4f,%.3f%n",
            step,
            losses.contrastive(),
            losses.matching(),
            losses.language(),
            losses.gradientNorm()));
  }

  void flush() throws IOException {
    writer.flush();
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
