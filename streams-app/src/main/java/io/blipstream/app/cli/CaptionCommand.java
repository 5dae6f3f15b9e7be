package io.blipstream.app.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.blipstream.app.cli.input.ImageInputs;
import io.blipstream.model.CapFilt;
import io.blipstream.model.CapFiltInput;
import io.blipstream.model.Judgement;
import io.blipstream.model.PreparedImage;
import io.blipstream.model.TextScore;
import io.blipstream.model.TextSource;
import io.blipstream.model.UnreadableImageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Captions image files without Kafka. */
@Command(
    name = "caption",
    description = {
      "Captions image files and scores how well texts match them; needs no Kafka.",
      "ITM is the probability that a text matches, 0 to 1; ITC the cosine similarity, -1 to 1."
    })
final class CaptionCommand implements Callable<Integer> {

  private static final int BATCH = 16;

  @Spec private CommandSpec spec;
  @Mixin private ModelOptions model;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Image files.")
  private List<Path> files;

  @Option(
      names = "--text",
      paramLabel = "TEXT",
      description = "Score this text too, for every file; may be repeated.")
  private List<String> texts = new ArrayList<>();

  @Option(names = "--json", description = "One JSON object a line.")
  private boolean json;

  @Override
  public Integer call() {
    return ModelRuns.endedAtExit(this::caption);
  }

  private int caption() {
    PrintWriter err = spec.commandLine().getErr();
    int failed = 0;
    try (CapFilt capFilt = model.loader().get()) {
      List<Read> batch = new ArrayList<>();
      for (Path file : files) {
        try {
          PreparedImage image = capFilt.prepare(Files.readAllBytes(file));
          batch.add(new Read(file, new CapFiltInput(ImageInputs.idOf(file), image, texts)));
        } catch (UnreadableImageException | IOException e) {
          failed++;
          err.println("blipstream: %s: %s".formatted(file, words(e)));
          err.flush();
        }
        if (batch.size() == BATCH) {
          judge(capFilt, batch);
        }
      }
      judge(capFilt, batch);
    }
    return (failed == 0 ? ExitStatus.DONE : ExitStatus.FAILED).code();
  }

  /** A file and what came of it; its id is the one that {@code send} gives it, as sampling asks. */
  private record Read(Path file, CapFiltInput input) {}

  private static String words(Exception e) {
    return e instanceof NoSuchFileException ? "there is no such file" : e.getMessage();
  }

  private void judge(CapFilt capFilt, List<Read> batch) {
    if (batch.isEmpty()) {
      return;
    }
    PrintWriter out = spec.commandLine().getOut();
    List<Judgement> judgements = capFilt.judge(batch.stream().map(Read::input).toList());
    for (int i = 0; i < batch.size(); i++) {
      Path file = batch.get(i).file();
      Judgement judgement = judgements.get(i);
      if (json) {
        out.println(json(file, judgement));
      } else {
        out.println(file);
        // Captions first: they are what was asked for.
        judgement.scores().stream()
            .sorted((a, b) -> b.source().compareTo(a.source()))
            .forEach(score -> out.println(line(score)));
      }
    }
    out.flush();
    batch.clear();
  }

  private static String line(TextScore score) {
    return String.format(
        Locale.ROOT,
        "  %-7s itm %.3f  itc %+.3f  %s",
        score.source() == TextSource.SYNTHETIC ? "caption" : "text",
        score.itmProbability(),
        score.itcSimilarity(),
        score.text());
  }

  /**
   * The first caption stands at the top, whatever the number of candidates; {@code candidates} has
   * all of them, the first included.
   */
  private static String json(Path file, Judgement judgement) {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("file", file.toString());
    ArrayNode candidates = JsonNodeFactory.instance.arrayNode();
    ArrayNode others = JsonNodeFactory.instance.arrayNode();
    for (TextScore score : judgement.scores()) {
      if (score.source() == TextSource.SYNTHETIC) {
        if (candidates.isEmpty()) {
          enter(line, "caption", score);
        }
        enter(candidates.addObject(), "caption", score);
      } else {
        enter(others.addObject(), "text", score);
      }
    }
    line.set("candidates", candidates);
    line.set("texts", others);
    return line.toString();
  }

  private static void enter(ObjectNode target, String name, TextScore score) {
    target.put(name, score.text());
    target.put("itm", score.itmProbability());
    target.put("itc", score.itcSimilarity());
  }
}
