package io.blipstream.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlipConfigTest {

  @TempDir Path folder;

  @Test
  void shouldReadEveryDimensionFromTheFile() throws IOException {
    assertThat(BlipConfig.read(Reference.path("captioner/config.json")))
        .isEqualTo(
            new BlipConfig(
                new VisionConfig(48, 3, 4, 96, 64, 16, 1e-5f),
                new TextConfig(160, 32, 2, 4, 64, 64, 1e-12f, 158, 102, 0),
                24));
  }

  /** The text's 8 heads are a trap: the code's default, which the official files override. */
  @Test
  void shouldDefaultAsTheReferenceDoes() throws IOException {
    BlipConfig byDefault =
        new BlipConfig(
            new VisionConfig(768, 12, 12, 3072, 384, 16, 1e-5f),
            new TextConfig(30524, 768, 12, 8, 3072, 512, 1e-12f, 30522, 102, 0),
            256);
    assertThat(BlipConfig.read(write("{}"))).isEqualTo(byDefault);
    assertThat(BlipConfig.read(write("{'text_config':null,'vision_config':{}}")))
        .isEqualTo(byDefault);
  }

  @Test
  void shouldIgnoreAStatedEncoderWidthAndReadASquarePair() throws IOException {
    BlipConfig config =
        BlipConfig.read(
            write(
                "{'text_config':{'encoder_hidden_size':768},"
                    + "'vision_config':{'hidden_size':1024,'num_attention_heads':16,"
                    + "'image_size':[224,224],'layer_norm_eps':1e-06}}"));
    assertThat(BlipParameters.filter(config))
        .hasEntrySatisfying(
            "text_encoder.encoder.layer.0.crossattention.self.key.weight",
            shape -> assertThat(shape).containsExactly(768, 1024));
    assertThat(config.vision().tokens()).isEqualTo(14 * 14 + 1);
    assertThat(config.vision().eps()).isEqualTo(1e-6f);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'text_config':{'num_attention_heads':'12'}}|text_config.num_attention_heads must be a",
        "{'text_config':{'num_attention_heads':7}}|no multiple of its 7 heads",
        "{'text_config':{'num_attention_heads':0}}|above 0",
        "{'text_config':{'bos_token_id':40000}}|outside the vocabulary",
        "{'text_config':{'bos_token_id':null}}|text_config.bos_token_id must be a whole number",
        "{'text_config':{'hidden_act':'relu'}}|text_config.hidden_act must be",
        "{'text_config':[]}|text_config must be an object",
        "{'vision_config':{'image_size':[64,32]}}|vision_config.image_size must be a square",
        "{'vision_config':{'image_size':8}}|below the patch size",
        "{'vision_config':{'layer_norm_eps':'x'}}|vision_config.layer_norm_eps must be a number",
        "{'model_type':'blip-2'}|model_type must be",
        "[]|no JSON object",
        "{'model_type'|no valid JSON",
      })
  void shouldSayWhichSettingIsWrong(String json, String sentence) throws IOException {
    Path path = write(json);
    assertThatThrownBy(() -> BlipConfig.read(path))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(path.toString())
        .hasMessageContaining(sentence);
  }

  @Test
  void shouldReadPreprocessingWithItsDefaults() throws IOException {
    ImagePreprocessing official = ImagePreprocessing.ofSize(384);
    assertThat(official.mean()).containsExactly(0.48145466, 0.4578275, 0.40821073);
    assertThat(ImagePreprocessing.read(write("{}"))).isEqualTo(official);
    assertThat(ImagePreprocessing.read(write("{'size':384,'resample':3}"))).isEqualTo(official);
    assertThat(
            ImagePreprocessing.read(
                write(
                    "{'size':{'height':32,'width':48},'image_mean':[0,0.5,1],"
                        + "'image_std':[1,1,2],'do_resize':true,"
                        + "'rescale_factor':0.00392156862745098}")))
        .isEqualTo(new ImagePreprocessing(48, 32, List.of(0.0, 0.5, 1.0), List.of(1.0, 1.0, 2.0)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'size':{'shortest_edge':384}}|size must be a number or have height and width",
        "{'size':0}|above 0",
        "{'resample':2}|resample must be 3",
        "{'do_normalize':false}|do_normalize must be true",
        "{'image_std':[1,1,0]}|image_std must be above 0",
        "{'image_mean':[1,1]}|3 numbers each",
        "{'rescale_factor':1}|rescale_factor must be 1/255",
      })
  void shouldRefusePreprocessingThatIsNotBuilt(String json, String sentence) throws IOException {
    Path path = write(json);
    assertThatThrownBy(() -> ImagePreprocessing.read(path))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(path.toString())
        .hasMessageContaining(sentence);
  }

  private Path write(String json) throws IOException {
    Path path = Files.createTempFile(folder, "config", ".json");
    return Files.writeString(path, json.replace('\'', '"'));
  }
}
