package io.blipstream.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BlipParametersTest {

  private static final TextConfig TEXT =
      new TextConfig(30524, 768, 12, 12, 3072, 512, 1e-12f, 30522, 102, 0);
  private static final BlipConfig BASE =
      new BlipConfig(new VisionConfig(768, 12, 12, 3072, 384, 16, 1e-5f), TEXT, 256);
  private static final BlipConfig LARGE =
      new BlipConfig(new VisionConfig(1024, 24, 16, 4096, 384, 16, 1e-5f), TEXT, 256);

  @Test
  void shouldListTheOfficialParametersNameForName() throws IOException {
    assertSame(BlipParameters.captioner(BASE), "state-dict-captioning-base.json");
    assertSame(BlipParameters.captioner(LARGE), "state-dict-captioning-large.json");
    assertSame(BlipParameters.filter(BASE), "state-dict-itm-base.json");
    assertSame(BlipParameters.filter(LARGE), "state-dict-itm-large.json");
  }

  private static void assertSame(Map<String, long[]> actual, String file) throws IOException {
    Map<String, List<Long>> expected =
        new JsonMapper()
            .readValue(
                Files.readAllBytes(Reference.path(file)),
                new TypeReference<LinkedHashMap<String, List<Long>>>() {});
    Map<String, List<Long>> listed = new LinkedHashMap<>();
    actual.forEach(
        (name, shape) -> {
          List<Long> sizes = new ArrayList<>();
          for (long size : shape) {
            sizes.add(size);
          }
          listed.put(name, sizes);
        });
    assertThat(listed).containsExactlyEntriesOf(expected);
  }
}
