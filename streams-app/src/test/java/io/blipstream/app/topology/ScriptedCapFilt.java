package io.blipstream.app.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.blipstream.model.CapFilt;
import io.blipstream.model.CapFiltInput;
import io.blipstream.model.InferenceException;
import io.blipstream.model.Judgement;
import io.blipstream.model.ModelDescription;
import io.blipstream.model.PreparedImage;
import io.blipstream.model.TextScore;
import io.blipstream.model.TextSource;
import io.blipstream.model.UnreadableImageException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A CapFilt whose "images" are scripts that say what comes of them, such as {@code IMG caption=a
 * cat/a dog;synthetic=0.9/0.2;web=0.1}. What does not start with IMG is no image.
 */
class ScriptedCapFilt implements CapFilt {

  static final ModelDescription DESCRIPTION =
      new ModelDescription(
          "cap", "c0ffee", "fil", "f00d", "greedy max=20", "itm first=cls", "scripted");

  private record Script(Map<String, String> values) implements PreparedImage {

    @Override
    public long sizeInBytes() {
      return 1000;
    }

    float number(String key, float otherwise) {
      return Float.parseFloat(values.getOrDefault(key, Float.toString(otherwise)));
    }

    boolean has(String key) {
      return values.containsKey(key);
    }
  }

  @Override
  public PreparedImage prepare(byte[] encoded) throws UnreadableImageException {
    if (encoded.length == 0) {
      throw unreadable("EMPTY");
    }
    String text = new String(encoded, UTF_8);
    if (!text.startsWith("IMG")) {
      throw unreadable("NOT_AN_IMAGE");
    }
    Map<String, String> values = new HashMap<>();
    for (String pair : text.substring(3).strip().split(";", -1)) {
      String[] parts = pair.split("=", 2);
      values.put(parts[0].strip(), parts.length > 1 ? parts[1] : "");
    }
    Script script = new Script(values);
    if (script.has("unreadable")) {
      throw unreadable(values.get("unreadable"));
    }
    if (script.has("crash")) {
      throw new IllegalStateException("the decoder crashed");
    }
    return script;
  }

  private static UnreadableImageException unreadable(String reason) {
    return new UnreadableImageException(
        UnreadableImageException.Reason.valueOf(reason), "scripted " + reason);
  }

  @Override
  public List<Judgement> judge(List<CapFiltInput> batch) {
    List<Judgement> judgements = new ArrayList<>();
    for (CapFiltInput input : batch) {
      Script script = (Script) input.image();
      if (script.has("poison")) {
        throw new InferenceException("poisoned batch");
      }
      if (script.has("null")) {
        return null;
      }
      if (script.has("more")) {
        judgements.add(new Judgement(input.imageId(), List.of()));
      }
      List<TextScore> scores = new ArrayList<>();
      for (String text : input.webTexts()) {
        scores.add(new TextScore(text, TextSource.WEB, script.number("web", 0.5f), 0.25f));
      }
      if (script.has("unasked")) {
        scores.add(new TextScore("never asked", TextSource.WEB, 0.5f, 0.25f));
      }
      if (script.has("silent")) {
        judgements.add(new Judgement(input.imageId(), scores));
        continue;
      }
      if (script.has("none")) {
        judgements.add(null);
        continue;
      }
      if (script.has("wordless")) {
        scores.add(new TextScore(null, TextSource.SYNTHETIC, 0.5f, 0.25f));
      }
      String[] captions =
          script.values().getOrDefault("caption", "a picture of " + input.imageId()).split("/", -1);
      String[] probabilities = script.values().getOrDefault("synthetic", "0.9").split("/", -1);
      for (int i = 0; i < captions.length; i++) {
        scores.add(
            new TextScore(
                captions[i],
                TextSource.SYNTHETIC,
                Float.parseFloat(probabilities[Math.min(i, probabilities.length - 1)]),
                script.number("itc", 0.3f)));
      }
      if (!script.has("less")) {
        judgements.add(new Judgement(script.has("other") ? "another" : input.imageId(), scores));
      }
    }
    return judgements;
  }

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public void close() {}
}
