package io.blipstream.app.cli;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Takes what no flag says from the environment: {@code --bootstrap-servers} from {@code
 * BLIPSTREAM_BOOTSTRAP_SERVERS}, and so on for every flag with a value of every command.
 */
final class EnvironmentDefaults implements IDefaultValueProvider {

  private final Map<String, String> environment;

  EnvironmentDefaults(Map<String, String> environment) {
    this.environment = environment;
  }

  /** The variable that stands for a flag, by the longest of the flag's names. */
  static String variable(OptionSpec option) {
    String longest =
        Arrays.stream(option.names())
            .max(Comparator.comparingInt(String::length))
            .orElseThrow()
            .replaceFirst("^--?", "");
    return "BLIPSTREAM_" + longest.replace('-', '_').toUpperCase(Locale.ROOT);
  }

  @Override
  public String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option) || option.usageHelp() || option.versionHelp()) {
      return null;
    }
    String value = environment.get(variable(option));
    // An empty variable is how many tools write one that is not set.
    return value == null || value.isEmpty() ? null : value;
  }
}
