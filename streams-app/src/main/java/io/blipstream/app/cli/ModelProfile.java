package io.blipstream.app.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.blipstream.model.EnginePlan;
import io.blipstream.model.checkpoint.BlipConfig;
import io.blipstream.model.checkpoint.BlipParameters;
import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.checkpoint.ParameterCount;
import io.blipstream.model.checkpoint.TextConfig;
import io.blipstream.model.checkpoint.VisionConfig;
import io.blipstream.model.network.FlopCount;
import io.blipstream.model.network.ImageMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a checkpoint holds and costs, as JSON and as a table.
 *
 * @param height of the images as the preprocessing makes them, in pixels
 * @param width likewise
 * @param files bytes of each file in its folder
 */
record ModelProfile(
    String name,
    boolean filter,
    BlipConfig config,
    int height,
    int width,
    String engine,
    Map<String, Long> files,
    String sha256) {

  private static final int CAPTION_TOKENS = 20;
  private static final int TEXT_TOKENS = 35;
  private static final double GIGA = 1e9;

  static ModelProfile of(Checkpoint checkpoint, EnginePlan engine) throws IOException {
    Map<String, Long> files = new TreeMap<>();
    try (Stream<Path> entries = Files.list(checkpoint.folder())) {
      for (Path file : entries.filter(Files::isRegularFile).toList()) {
        files.put(String.valueOf(file.getFileName()), Files.size(file));
      }
    }
    return new ModelProfile(
        checkpoint.name(),
        checkpoint.isFilter(),
        checkpoint.config(),
        checkpoint.preprocessing().height(),
        checkpoint.preprocessing().width(),
        engine.description(),
        files,
        checkpoint.sha256());
  }

  ObjectNode json() {
    JsonMapper mapper = new JsonMapper();
    ObjectNode info = mapper.createObjectNode();
    info.put("name", name);
    info.put("role", role());
    info.putObject("image").put("height", height).put("width", width).put("tokens", imageTokens());
    info.set("vision", mapper.valueToTree(config.vision()));
    info.set("text", mapper.valueToTree(config.text()));
    info.put("projectionWidth", config.projectionWidth());
    ParameterCount parameters = parameters();
    info.put("parameters", parameters.total());
    info.putObject("parametersByPart")
        .put("vision", parameters.vision())
        .put("text", parameters.text())
        .put("heads", parameters.heads());
    FlopCount flops = flops();
    ObjectNode gigaflop = info.putObject("gigaflopPerImage");
    gigaflop.put("vision", flops.vision() / GIGA);
    gigaflop.put("crossKeyValues", flops.crossKeyValues() / GIGA);
    gigaflop.put("text", flops.text(tokens()) / GIGA);
    if (!filter) {
      gigaflop.put("head", flops.languageModelHead(tokens()) / GIGA);
    }
    gigaflop.put("total", gigaflop());
    ImageMemory image = new ImageMemory(config, height, width);
    ObjectNode memory = info.putObject("memoryBytes");
    memory.put("weights", weightBytes());
    memory.put("pixelsPerImage", image.pixels());
    memory.put("tokensPerImage", image.tokens());
    memory.put("crossKeyValuesPerImage", image.crossKeyValues());
    info.put("engine", engine);
    info.set("files", mapper.valueToTree(files));
    info.put("sha256", sha256);
    return info;
  }

  String table() {
    VisionConfig v = config.vision();
    TextConfig t = config.text();
    ParameterCount parameters = parameters();
    FlopCount flops = flops();
    ImageMemory image = new ImageMemory(config, height, width);
    StringJoiner lines = new StringJoiner(System.lineSeparator());
    lines.add(format("%s: a %s", name, role()));
    lines.add(
        format(
            "  vision      width %d, %d layers, %d heads, MLP %d, eps %.0e; images %d x %d, patch %d: %d tokens",
            v.width(),
            v.layers(),
            v.heads(),
            v.mlpWidth(),
            v.eps(),
            height,
            width,
            v.patchSize(),
            imageTokens()));
    lines.add(
        format(
            "  text        width %d, %d layers, %d heads, MLP %d, eps %.0e; vocabulary %d, at most %d tokens",
            t.width(),
            t.layers(),
            t.heads(),
            t.mlpWidth(),
            t.eps(),
            t.vocabularySize(),
            t.maxPositions()));
    lines.add(
        format(
            "  tokens      start %d, end %d, padding %d",
            t.bosTokenId(), t.sepTokenId(), t.padTokenId()));
    lines.add(
        format(
            "  parameters  %s: vision %s, text %s, heads %s",
            number(parameters.total()),
            number(parameters.vision()),
            number(parameters.text()),
            number(parameters.heads())));
    lines.add(
        format(
            "  an image    %.4g GFLOP: vision %.4g, its keys and values %.4g, text of %d tokens %.4g%s",
            gigaflop(),
            flops.vision() / GIGA,
            flops.crossKeyValues() / GIGA,
            tokens(),
            flops.text(tokens()) / GIGA,
            filter ? "" : format(", head %.4g", flops.languageModelHead(tokens()) / GIGA)));
    lines.add(
        format(
            "  memory      weights %sB; an image %sB: pixels %sB, tokens %sB, keys and values %sB",
            number(weightBytes()),
            number(image.total()),
            number(image.pixels()),
            number(image.tokens()),
            number(image.crossKeyValues())));
    lines.add(format("  engine      %s", engine));
    StringJoiner listed = new StringJoiner(", ");
    files.forEach((file, bytes) -> listed.add(format("%s %sB", file, number(bytes))));
    lines.add("  files       " + listed);
    lines.add("  sha256      " + sha256);
    return lines + System.lineSeparator();
  }

  private String role() {
    return filter ? "filter" : "captioner";
  }

  private int tokens() {
    return filter ? TEXT_TOKENS : CAPTION_TOKENS;
  }

  private double gigaflop() {
    FlopCount flops = flops();
    return (filter ? flops.match(tokens()) : flops.caption(tokens())) / GIGA;
  }

  private int imageTokens() {
    return config.vision().tokens(height, width);
  }

  private FlopCount flops() {
    return new FlopCount(config, imageTokens());
  }

  private ParameterCount parameters() {
    return filter ? BlipParameters.countOfFilter(config) : BlipParameters.countOfCaptioner(config);
  }

  /** In 32 bits; a quarter of it in 8. */
  private long weightBytes() {
    return parameters().total() * Float.BYTES;
  }

  /** With the prefix that leaves one to three digits before the point. */
  private static String number(long value) {
    String[] prefixes = {"", "k", "M", "G"};
    double scaled = value;
    int prefix = 0;
    while (scaled >= 1000 && prefix < prefixes.length - 1) {
      scaled /= 1000;
      prefix++;
    }
    return format(prefix == 0 ? "%.0f %s" : "%.2f %s", scaled, prefixes[prefix]);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
