package io.blipstream.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

class ServiceSettingsTest {

  private static ServiceSettings of(Map<String, ?> settings) {
    return ServiceSettings.of(settings, Map.of(), Map.of());
  }

  @Test
  void shouldBeExactlyOnceWithDesignTopicsByDefault() {
    ServiceSettings settings = of(Map.of());
    assertThat(settings.topics()).isEqualTo(TopicNames.DEFAULT);
    assertThat(settings.processingGuarantee()).isEqualTo("exactly_once_v2");
    assertThat(settings.threshold()).isEqualTo(0.5);
    assertThat(settings.block()).isEqualTo(settings.transactionTimeout().dividedBy(4));
    assertThat(settings.windowRecords()).isEqualTo(4 * settings.batching().maxItems());
  }

  @Test
  void shouldReadTextAsTheCommandLineGivesIt() {
    ServiceSettings settings = of(Map.of("threshold", "0.7", "batch.size", "4"));
    assertThat(settings.threshold()).isEqualTo(0.7);
    assertThat(settings.batching().maxItems()).isEqualTo(4);
  }

  @Test
  void shouldRefuseAtLeastOnceWithTheStreamsGroupProtocol() {
    assertThatThrownBy(
            () -> of(Map.of("processing.guarantee", "at_least_once", "group.protocol", "streams")))
        .isInstanceOf(IllegalConfigurationException.class)
        .hasMessageContaining("group.protocol=classic");
    assertThat(of(Map.of("group.protocol", "streams")).groupProtocol()).isEqualTo("streams");
    assertThat(of(Map.of("processing.guarantee", "at_least_once")).groupProtocol())
        .isEqualTo("classic");
  }

  @Test
  void shouldRefuseATransactionTimeoutUnderTwiceTheLongestBlock() {
    assertThatThrownBy(
            () -> of(Map.of("transaction.timeout.ms", "10000", "window.block.ms", "5001")))
        .isInstanceOf(IllegalConfigurationException.class)
        .hasMessageContaining("transaction.timeout.ms=10000")
        .hasMessageContaining("window.block.ms=5001");
    assertThat(of(Map.of("transaction.timeout.ms", "10000", "window.block.ms", "5000")).block())
        .isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void shouldRefuseARepartitionTopicAsTheSource() {
    assertThatThrownBy(() -> of(Map.of("topic.images", "app-by-key-repartition")))
        .isInstanceOf(IllegalConfigurationException.class)
        .hasMessageContaining("repartition topic");
  }

  @Test
  void shouldRefuseTopicsThatAreTheSameOrIllegal() {
    assertThatThrownBy(() -> of(Map.of("topic.rejects", "images")))
        .isInstanceOf(IllegalConfigurationException.class)
        .hasMessageContaining("four different");
    assertThatThrownBy(() -> of(Map.of("topic.rejects", "no spaces")))
        .isInstanceOf(IllegalConfigurationException.class);
  }

  @Test
  void shouldRefuseAWindowThatStarvesTheModel() {
    assertThatThrownBy(() -> of(Map.of("window.records", "31", "batch.size", "16")))
        .isInstanceOf(IllegalConfigurationException.class)
        .hasMessageContaining("batch.size=16");
  }

  @Test
  void shouldNameAnUnknownSettingAndAnIllegalValue() {
    assertThatThrownBy(() -> of(Map.of("treshold", "0.5")))
        .isInstanceOf(IllegalConfigurationException.class)
        .hasMessageContaining("'treshold'");
    assertThatThrownBy(() -> of(Map.of("threshold", "1.5")))
        .isInstanceOf(IllegalConfigurationException.class)
        .hasMessageContaining("threshold");
  }

  @Test
  void shouldRefuseKafkaSettingsThatWouldPassItsChecksBy() {
    assertThatThrownBy(
            () ->
                ServiceSettings.of(
                    Map.of(), Map.of(), Map.of("producer.transaction.timeout.ms", "1000")))
        .isInstanceOf(IllegalConfigurationException.class)
        .hasMessageContaining("transaction.timeout.ms");
    assertThatThrownBy(
            () ->
                ServiceSettings.of(
                    Map.of(), Map.of(), Map.of("__processing.threads.enabled__", "true")))
        .isInstanceOf(IllegalConfigurationException.class);
  }

  @Test
  void shouldGiveKafkaStreamsOurBundleWithTheUsersSettingsAbove() {
    ServiceSettings settings =
        ServiceSettings.of(
            Map.of("application.id", "mine"),
            Map.of(),
            Map.of("poll.ms", "3", "consumer.session.timeout.ms", "7000"));
    Properties properties = StreamsProperties.of(settings);
    assertThat(properties)
        .containsEntry("poll.ms", "3")
        .containsEntry("consumer.session.timeout.ms", "7000")
        .containsEntry("application.id", "mine")
        .containsEntry("ensure.explicit.internal.resource.naming", true)
        .containsEntry("producer.transaction.timeout.ms", 30_000);
    assertThat(new StreamsConfig(properties).getString("processing.guarantee"))
        .isEqualTo("exactly_once_v2");
  }

  @Test
  void shouldDocumentEverySetting() {
    var definition = ServiceConfig.definition();
    assertThat(definition.configKeys().values())
        .allSatisfy(key -> assertThat(key.documentation).hasSizeGreaterThan(20).endsWith("."));
  }

  @Test
  void shouldKeepSecretsOutOfItsDescription() {
    ServiceSettings settings =
        ServiceSettings.of(
            Map.of(),
            Map.of("basic.auth.user.info", "user:secret"),
            Map.of("sasl.jaas.config", "password=secret"));
    assertThat(settings.toString()).doesNotContain("secret");
  }
}
