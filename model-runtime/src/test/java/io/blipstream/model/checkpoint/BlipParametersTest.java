package io.blipstream.model.checkpoint;

import static io.blipstream.model.OfficialConfigs.BASE;
import static io.blipstream.model.OfficialConfigs.LARGE;
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
