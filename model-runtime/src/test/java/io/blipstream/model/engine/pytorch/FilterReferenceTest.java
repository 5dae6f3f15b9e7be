package io.blipstream.model.engine.pytorch;

import io.blipstream.model.ComputeDevice;
import io.blipstream.model.ReferenceFiles;
import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.checkpoint.TensorSource;
import io.blipstream.model.engine.EncodedImages;
import io.blipstream.model.engine.FilterModel;
import io.blipstream.model.engine.FloatRows;
import io.blipstream.model.text.TokenBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The filter against outputs of Hugging Face transformers 5.18, texts of uneven lengths. */
class FilterReferenceTest {

  private static Checkpoint checkpoint;
  private static TensorSource reference;
  private static PyTorchEngine engine;
  private static FilterModel filter;
  private static EncodedImages images;
  private static List<long[]> texts;

  @BeforeAll
  static void load() throws IOException {
    checkpoint = ReferenceFiles.filter();
    reference = ReferenceFiles.tensors("filter");
    engine = PyTorchEngine.start(ComputeDevice.CPU, 1);
    filter = engine.filter(checkpoint);
    images = engine.vision(checkpoint).encode(ReferenceFiles.pixels(reference));
    texts = texts();
  }

  @AfterAll
  static void close() throws IOException {
    images.close();
    engine.close();
    reference.close();
    checkpoint.close();
  }

  @Test
  void shouldEncodeImagesAsTheReference() throws IOException {
    report(
        "image tokens",
        PyTorchImages.tokens(images).toFloatArray(),
        reference.readFloats("image_embeds"));
  }

  @Test
  void shouldGiveTheReferencesMatchLogits() throws IOException {
    report(
        "ITM logits",
        filter.match(images, batch(texts)).values(),
        reference.readFloats("itm_logits"));
  }

  @Test
  void shouldGiveTheReferencesMatchLogitsWithTheOriginalsFirstToken() throws IOException {
    report(
        "ITM logits, [ENC]",
        filter
            .match(images, batch(texts).withFirst(checkpoint.config().text().encTokenId()))
            .values(),
        reference.readFloats("itm_logits_enc_first_token"));
  }

  @Test
  void shouldGiveTheReferencesSimilarityOfEveryPair() throws IOException {
    FloatRows image = filter.imageEmbeddings(images);
    FloatRows text = filter.textEmbeddings(batch(texts));
    float[] cosines = new float[image.rows() * text.rows()];
    for (int i = 0; i < cosines.length; i++) {
      cosines[i] = image.dot(i / text.rows(), text, i % text.rows());
    }
    report("ITC similarity", cosines, reference.readFloats("itc_similarity"));
  }

  private static TokenBatch batch(List<long[]> rows) {
    return TokenBatch.of(rows, checkpoint.config().text().padTokenId());
  }

  /** The reference's ids without their padding. */
  private static List<long[]> texts() throws IOException {
    long[] ids = reference.readLongs("input_ids");
    long[] mask = reference.readLongs("attention_mask");
    int length = (int) reference.tensor("input_ids").shape()[1];
    List<long[]> rows = new ArrayList<>();
    for (int row = 0; row * length < ids.length; row++) {
      int begin = row * length;
      int tokens = 0;
      while (tokens < length && mask[begin + tokens] == 1) {
        tokens++;
      }
      long[] text = new long[tokens];
      for (int i = 0; i < tokens; i++) {
        text[i] = ids[begin + i];
      }
      rows.add(text);
    }
    return rows;
  }

  private static void report(String what, float[] actual, float[] expected) {
    System.out.printf("%s: %.1e%n", what, ReferenceFiles.requireClose(what, actual, expected));
  }
}
