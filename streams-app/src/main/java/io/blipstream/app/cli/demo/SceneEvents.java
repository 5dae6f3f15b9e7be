package io.blipstream.app.cli.demo;

import io.blipstream.model.scenes.Scene;
import io.blipstream.model.scenes.SceneGenerator;
import io.blipstream.model.scenes.ScenePainter;
import io.blipstream.model.scenes.WebText;
import io.blipstream.model.scenes.WebTexts;
import io.blipstream.schemas.ImageEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import javax.imageio.ImageIO;

/** The numbered scenes of a seed as image events: a number always gives the same event. */
public final class SceneEvents {

  /** Side of the pictures, in pixels: larger than the bundled model's, as real images are. */
  private static final int SIDE = 192;

  private final String prefix;
  private final SceneGenerator scenes;
  private final WebTexts webTexts;
  private final ScenePainter painter = new ScenePainter();

  public SceneEvents(long seed) {
    this.prefix = "scene-" + seed + "-";
    this.scenes = new SceneGenerator(seed);
    this.webTexts = new WebTexts(seed);
  }

  public ImageEvent event(long number) {
    Scene scene = scenes.scene(number);
    return ImageEvent.newBuilder()
        .setId(id(number))
        .setContent(ByteBuffer.wrap(png(scene)))
        .setMediaType("image/png")
        .setWebText(webTexts.textFor(scene, number).text())
        .setAttributes(Map.of())
        .build();
  }

  /** What is true of the web text of a scene. */
  public WebText.Truth truth(long number) {
    return webTexts.textFor(scenes.scene(number), number).truth();
  }

  String id(long number) {
    return prefix + String.format(Locale.ROOT, "%06d", number);
  }

  /** The number of a scene of this seed; empty for the id of anything else. */
  public OptionalLong number(String id) {
    if (id.startsWith(prefix) && id.substring(prefix.length()).matches("[0-9]{6,18}")) {
      return OptionalLong.of(Long.parseLong(id.substring(prefix.length())));
    }
    return OptionalLong.empty();
  }

  private byte[] png(Scene scene) {
    try (ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
      ImageIO.write(painter.paint(scene, SIDE), "png", bytes);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
