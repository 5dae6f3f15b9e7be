package io.blipstream.app.topology;

import io.blipstream.app.config.IllegalConfigurationException;
import io.blipstream.app.config.MissingDependencyException;
import io.blipstream.app.config.ServiceSettings;
import io.blipstream.app.config.TopicNames;
import io.blipstream.schemas.serde.RecordSchemas;
import io.blipstream.schemas.serde.RecordSerdes;
import io.blipstream.schemas.serde.RegistrySettings;
import io.blipstream.schemas.serde.RegistryUnavailableException;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;

/**
 * Makes sure, before the model is loaded, that the schema registry answers and that its subjects go
 * with our records. Found later, it would stop every image.
 */
final class SchemaCheck {

  private SchemaCheck() {}

  /**
   * @throws MissingDependencyException if the registry does not answer
   * @throws io.blipstream.schemas.serde.SchemaRefusedException naming the subject that does not go
   *     with ours
   * @throws IllegalConfigurationException if the registry's settings do not work
   */
  static void requireUsable(ServiceSettings settings) {
    Map<String, Object> registry = settings.registry();
    if (RecordSerdes.isForeign(registry)) {
      // How another serde names its subjects, or whether it has a registry at all, is its own.
      return;
    }
    TopicNames topics = settings.topics();
    try {
      RecordSchemas.forTopics(
              topics.images(), topics.captions(), topics.itmConfidence(), topics.rejects())
          .requireUsable(RegistrySettings.from(registry));
    } catch (RegistryUnavailableException e) {
      throw new MissingDependencyException(e.getMessage(), e);
    } catch (ConfigException e) {
      throw badSettings(e);
    }
  }

  /** What is wrong with the settings of the registry, or of the serde that uses it. */
  static IllegalConfigurationException badSettings(ConfigException e) {
    return new IllegalConfigurationException(
        "The schema registry's settings do not work: " + e.getMessage(), e);
  }
}
