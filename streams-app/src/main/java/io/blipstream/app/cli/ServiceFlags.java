package io.blipstream.app.cli;

import io.blipstream.app.config.ServiceConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The service's settings as flags, made from their one definition in {@link ServiceConfig}: {@code
 * batch.size} is {@code --batch-size}, with the same documentation.
 */
final class ServiceFlags {

  /** Flags of {@link KafkaOptions}. */
  private static final Set<String> ELSEWHERE = Set.of(ServiceConfig.BOOTSTRAP_SERVERS);

  /** What the demo decides by itself. */
  private static final Set<String> NOT_OF_THE_DEMO =
      Set.of(
          ServiceConfig.BOOTSTRAP_SERVERS,
          ServiceConfig.APPLICATION_ID,
          ServiceConfig.STATE_DIR,
          ServiceConfig.TOPIC_IMAGES,
          ServiceConfig.TOPIC_CAPTIONS,
          ServiceConfig.TOPIC_ITM_CONFIDENCE,
          ServiceConfig.TOPIC_REJECTS);

  private ServiceFlags() {}

  /** A command that takes these flags: what was set, by the keys of {@link ServiceConfig}. */
  interface Receiver {
    Map<String, String> serviceSettings();
  }

  static void addTo(CommandLine root) {
    add(root.getSubcommands().get("run"), ELSEWHERE);
    add(root.getSubcommands().get("demo"), NOT_OF_THE_DEMO);
  }

  private static void add(CommandLine command, Set<String> without) {
    CommandSpec spec = command.getCommandSpec();
    Map<String, String> values = ((Receiver) spec.userObject()).serviceSettings();
    for (ConfigDef.ConfigKey key :
        new LinkedHashMap<>(ServiceConfig.definition().configKeys()).values()) {
      if (!without.contains(key.name)) {
        spec.addOption(
            OptionSpec.builder("--" + key.name.replace('.', '-'))
                .type(String.class)
                .paramLabel(key.type == ConfigDef.Type.STRING ? "TEXT" : "N")
                .description(description(key))
                .setter(into(values, key.name))
                .build());
      }
    }
  }

  private static String description(ConfigDef.ConfigKey key) {
    String text = key.documentation;
    if (!text.contains("-1: ") && !text.contains("Empty: ") && !text.contains("Default: ")) {
      text += " (default: " + key.defaultValue + ")";
    }
    return text.replace("%", "%%");
  }

  private static ISetter into(Map<String, String> values, String key) {
    return new ISetter() {
      @Override
      public <T> T set(T value) {
        if (value == null) {
          values.remove(key);
        } else {
          values.put(key, value.toString());
        }
        return value;
      }
    };
  }
}
