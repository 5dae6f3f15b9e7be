package io.blipstream.schemas.serde;

import io.blipstream.schemas.Caption;
import io.blipstream.schemas.ImageEvent;
import io.blipstream.schemas.ItmConfidence;
import io.blipstream.schemas.Reject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * The schemas of the four topics and their place in a registry: to register them before the first
 * record, or to check at start that they are there.
 */
public final class RecordSchemas {

  /** The compatibility that our schemas are evolved under. */
  public static final String COMPATIBILITY = "FULL_TRANSITIVE";

  /** A schema's place in the registry. */
  public record Registered(String topic, String subject, int id) {}

  private final String images;
  private final Map<String, Schema> byTopic;

  private RecordSchemas(String images, Map<String, Schema> byTopic) {
    this.images = images;
    this.byTopic = byTopic;
  }

  /** The four schemas under the names of their topics. */
  public static RecordSchemas forTopics(
      String images, String captions, String itmConfidence, String rejects) {
    Map<String, Schema> byTopic = new LinkedHashMap<>();
    byTopic.put(images, ImageEvent.getClassSchema());
    byTopic.put(captions, Caption.getClassSchema());
    byTopic.put(itmConfidence, ItmConfidence.getClassSchema());
    byTopic.put(rejects, Reject.getClassSchema());
    if (byTopic.size() != 4) {
      throw new IllegalArgumentException(
          "The four topics must have four names, but there are only " + byTopic.keySet() + ".");
    }
    return new RecordSchemas(images, byTopic);
  }

  /**
   * Registers the schemas that their subjects lack, whatever {@value
   * RegistrySettings#AUTO_REGISTER} says: to call this is to ask for it. The compatibility levels
   * stay as they are.
   *
   * @throws SchemaRefusedException naming the subject whose versions ours is not compatible with
   * @throws RegistryUnavailableException when the registry cannot be asked
   */
  public List<Registered> register(RegistrySettings settings) {
    return each(settings, RegistryClient::register);
  }

  /**
   * Finds the schemas in the registry and changes nothing there.
   *
   * @throws SchemaRefusedException naming the first subject that lacks ours
   * @throws RegistryUnavailableException when the registry cannot be asked
   */
  public List<Registered> verify(RegistrySettings settings) {
    return each(settings, RegistryClient::idOf);
  }

  /**
   * Requires that a service can read the image events of the registry's latest version, and may
   * write the other records: their schemas are registered, if {@value
   * RegistrySettings#AUTO_REGISTER} is on, or else must be there.
   *
   * @throws SchemaRefusedException naming the first subject that does not go with ours
   * @throws RegistryUnavailableException when the registry cannot be asked
   */
  public void requireUsable(RegistrySettings settings) {
    try (RegistryClient registry = new RegistryClient(settings)) {
      byTopic.forEach(
          (topic, schema) -> {
            String subject = RegistrySettings.subject(topic, false);
            if (topic.equals(images)) {
              registry.requireReadable(subject, schema);
            } else if (settings.autoRegister()) {
              registry.register(subject, schema);
            } else {
              registry.idOf(subject, schema);
            }
          });
    }
  }

  /**
   * Sets the four subjects to {@value #COMPATIBILITY}, so that no producer can break a reader.
   *
   * @throws RegistryUnavailableException when the registry cannot be asked
   */
  public void protect(RegistrySettings settings) {
    try (RegistryClient registry = new RegistryClient(settings)) {
      byTopic
          .keySet()
          .forEach(
              topic ->
                  registry.setCompatibility(RegistrySettings.subject(topic, false), COMPATIBILITY));
    }
  }

  private List<Registered> each(RegistrySettings settings, Ask ask) {
    List<Registered> done = new ArrayList<>();
    try (RegistryClient registry = new RegistryClient(settings)) {
      byTopic.forEach(
          (topic, schema) -> {
            String subject = RegistrySettings.subject(topic, false);
            done.add(new Registered(topic, subject, ask.idOf(registry, subject, schema)));
          });
    }
    return List.copyOf(done);
  }

  private interface Ask {
    int idOf(RegistryClient registry, String subject, Schema schema);
  }
}
