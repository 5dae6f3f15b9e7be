package io.blipstream.model.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.model.CapFilt;
import io.blipstream.model.CapFiltInput;
import io.blipstream.model.CapFiltOptions;
import io.blipstream.model.CapFilts;
import io.blipstream.model.Judgement;
import io.blipstream.model.PreparationListener;
import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.train.UntrainedModel.Size;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UntrainedModelTest {

  private static final UntrainedModel TINY = UntrainedModel.ofSize(Size.TINY);

  @TempDir Path folder;

  @Test
  void shouldWriteACaptionerAndAFilterThatJudge() throws Exception {
    TINY.writeCaptioner(folder.resolve("captioner"));
    TINY.writeFilter(folder.resolve("filter"), false);

    try (CapFilt model =
        CapFilts.load(
            folder.resolve("captioner"),
            folder.resolve("filter"),
            CapFiltOptions.defaults(),
            PreparationListener.NONE)) {
      Judgement judgement =
          model
              .judge(
                  List.of(new CapFiltInput("a", model.prepare(picture()), List.of("a small dog"))))
              .get(0);

      assertThat(judgement.scores()).hasSize(2);
      assertThat(judgement.scores().get(1).text()).isNotEmpty();
      assertThat(model.imagesEncoded()).isEqualTo(2);
    }
  }

  @Test
  void shouldGiveTheFilterTheCaptionersVisionWeightsIfAsked() throws Exception {
    TINY.writeCaptioner(folder.resolve("captioner"));
    TINY.writeFilter(folder.resolve("other"), false);
    TINY.writeFilter(folder.resolve("same"), true);

    try (Checkpoint captioner = Checkpoint.open(folder.resolve("captioner"));
        Checkpoint other = Checkpoint.open(folder.resolve("other"));
        Checkpoint same = Checkpoint.open(folder.resolve("same"))) {
      assertThat(captioner.encodesImagesLike(other)).isFalse();
      assertThat(captioner.encodesImagesLike(same)).isTrue();
    }
  }

  @Test
  void shouldWriteTheSameBytesEveryTime() throws Exception {
    TINY.writeFilter(folder.resolve("first"), false);
    TINY.writeFilter(folder.resolve("second"), false);

    assertThat(folder.resolve("first/model.safetensors"))
        .hasSameBinaryContentAs(folder.resolve("second/model.safetensors"));
  }

  private static byte[] picture() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB), "png", out);
    return out.toByteArray();
  }
}
