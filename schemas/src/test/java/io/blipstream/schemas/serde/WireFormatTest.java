package io.blipstream.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.blipstream.schemas.ImageEvent;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WireFormatTest {

  /** Written by hand after Confluent's wire format and Avro's specification of the binary form. */
  private static final byte[] BY_HAND =
      HexFormat.ofDelimiter(" ")
          .parseHex(
              "00 00 01 02 03" // magic; id 66051 = 0x00010203, so that a wrong order shows
                  + " 04 61 37" // id "a7": length 2, zigzag 4
                  + " 00" // content: branch 0, null
                  + " 02 0e 66 69 6c 65 3a 2f 78" // uri: branch 1, length 7, file:/x
                  + " 00" // mediaType: null
                  + " 02 06 63 61 74" // webText: "cat"
                  + " 02 ac 02" // eventTime: branch 1, 150 ms, zigzag 300
                  + " 02 02 6b 02 76 00"); // attributes: one block of one, k=v, end

  private static final ImageEvent EVENT =
      ImageEvent.newBuilder()
          .setId("a7")
          .setUri("file:/x")
          .setWebText("cat")
          .setEventTime(Instant.ofEpochMilli(150))
          .setAttributes(Map.of("k", "v"))
          .build();

  @Test
  void shouldWriteExactlyTheBytesOfTheSpecification() throws Exception {
    try (StubRegistry registry =
            StubRegistry.plain(request -> new StubRegistry.Answer(200, "{\"id\":66051}"));
        var serializer =
            new RegistryAvroSerializer<ImageEvent>(RegistrySettings.at(registry.url()))) {
      assertThat(serializer.serialize("images", EVENT)).isEqualTo(BY_HAND);
      assertThat(registry.requests.get(0).path()).isEqualTo("/subjects/images-value/versions");
    }
  }

  @Test
  void shouldReadTheBytesOfTheSpecificationAndAskTheRegistryOnce() throws Exception {
    String schema =
        new ObjectMapper()
            .writeValueAsString(Map.of("schema", ImageEvent.getClassSchema().toString()));
    try (StubRegistry registry =
            StubRegistry.plain(request -> new StubRegistry.Answer(200, schema));
        var deserializer =
            new RegistryAvroDeserializer<>(ImageEvent.class, RegistrySettings.at(registry.url()))) {
      assertThat(deserializer.deserialize("images", BY_HAND)).isEqualTo(EVENT);
      assertThat(deserializer.deserialize("images", BY_HAND)).isEqualTo(EVENT);
      assertThat(registry.requests).hasSize(1);
      assertThat(registry.requests.get(0).path()).isEqualTo("/schemas/ids/66051");
    }
  }
}
