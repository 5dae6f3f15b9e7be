package io.blipstream.model.evaluate;

import io.blipstream.model.CapFilt;
import io.blipstream.model.CapFiltInput;
import io.blipstream.model.Judgement;
import io.blipstream.model.PreparedImage;
import io.blipstream.model.UnreadableImageException;
import io.blipstream.model.scenes.Scene;
import io.blipstream.model.scenes.SceneGenerator;
import io.blipstream.model.scenes.ScenePainter;
import io.blipstream.model.scenes.WebText;
import io.blipstream.model.scenes.WebTexts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.imageio.ImageIO;

/**
 * Some neighbouring scenes of the full world, with a web text each, painted.
 *
 * @param first the first scene's number
 * @param pictures image files
 */
record SceneBatch(int first, List<Scene> scenes, List<WebText> texts, List<byte[]> pictures) {

  private static final int BATCH = 32;

  /** Gives scenes 0 to {@code scenes - 1} of a seed, batch by batch. */
  static void each(int scenes, long seed, Pictures form, Consumer<SceneBatch> reader) {
    SceneGenerator generator = new SceneGenerator(seed);
    WebTexts webTexts = new WebTexts(seed);
    ScenePainter painter = new ScenePainter();
    for (int start = 0; start < scenes; start += BATCH) {
      SceneBatch batch =
          new SceneBatch(start, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
      for (int i = start; i < Math.min(scenes, start + BATCH); i++) {
        Scene scene = generator.scene(i);
        batch.scenes.add(scene);
        batch.texts.add(webTexts.textFor(scene, i));
        batch.pictures.add(painted(painter, scene, form));
      }
      reader.accept(batch);
    }
  }

  private static byte[] painted(ScenePainter painter, Scene scene, Pictures form) {
    try {
      ByteArrayOutputStream file = new ByteArrayOutputStream();
      ImageIO.write(painter.paint(scene, form.side()), form.format().writer(), file);
      return file.toByteArray();
    } catch (IOException e) {
      throw new IllegalStateException("A drawn scene could not be written as an image.", e);
    }
  }

  int size() {
    return scenes.size();
  }

  /** What CapFilt says of them, in their order. */
  List<Judgement> judgedBy(CapFilt capFilt) {
    List<CapFiltInput> inputs = new ArrayList<>();
    for (int i = 0; i < size(); i++) {
      inputs.add(
          new CapFiltInput(
              "scene-" + (first + i),
              prepared(capFilt, pictures.get(i)),
              List.of(texts.get(i).text())));
    }
    return capFilt.judge(inputs);
  }

  private static PreparedImage prepared(CapFilt capFilt, byte[] picture) {
    try {
      return capFilt.prepare(picture);
    } catch (UnreadableImageException e) {
      throw new IllegalStateException("A drawn scene could not be read back as an image.", e);
    }
  }
}
