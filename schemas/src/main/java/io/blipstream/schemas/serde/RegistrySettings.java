package io.blipstream.schemas.serde;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;

/**
 * How to reach a schema registry, under Confluent's names.
 *
 * <p>The three that matter: {@value #URL}, {@value #AUTO_REGISTER} (off where schemas are
 * registered by a release process), and the credentials ({@code basic.auth.credentials.source} with
 * {@code basic.auth.user.info}, or {@code bearer.auth.credentials.source} with {@code
 * bearer.auth.token}). TLS is set by {@code schema.registry.ssl.*}. Every other key goes to the
 * client as it is.
 */
public final class RegistrySettings {

  /** One or several addresses, separated by commas; {@code mock://scope} stays inside this JVM. */
  public static final String URL = "schema.registry.url";

  /** Whether a serializer registers a schema that its subject lacks (default true). */
  public static final String AUTO_REGISTER = "auto.register.schemas";

  /** Whether the registry compares schemas in normal form (default false). */
  public static final String NORMALIZE = "normalize.schemas";

  static final String USE_LATEST = "use.latest.version";
  static final String CONNECT_TIMEOUT = "http.connect.timeout.ms";
  static final String READ_TIMEOUT = "http.read.timeout.ms";
  private static final String HEADER_PREFIX = "request.header.";
  private static final String TOPIC_NAME_STRATEGY = "TopicNameStrategy";

  private final List<String> urls;
  private final boolean autoRegister;
  private final boolean normalize;
  private final Map<String, Object> clientConfig;
  private final Map<String, String> requestHeaders;

  private RegistrySettings(List<String> urls, Map<String, Object> config) {
    this.urls = urls;
    this.autoRegister = flag(config, AUTO_REGISTER, true);
    this.normalize = flag(config, NORMALIZE, false);
    this.requestHeaders = headers(config);
    this.clientConfig = Collections.unmodifiableMap(config);
  }

  /**
   * Reads the settings out of a configuration that may hold much else.
   *
   * @throws ConfigException when no address is given, or a setting asks for what we do not do
   */
  public static RegistrySettings from(Map<String, ?> config) {
    Map<String, Object> plain = new HashMap<>();
    config.forEach(
        (key, value) -> {
          if (value instanceof Password secret) {
            plain.put(key, secret.value());
          } else if (value != null) {
            plain.put(key, value);
          }
        });
    List<String> urls = urls(plain.get(URL));
    refuseUnsupported(plain);
    // The client's own 60 s would outlast a transaction: a stuck registry has to show earlier.
    plain.putIfAbsent(CONNECT_TIMEOUT, 5_000);
    plain.putIfAbsent(READ_TIMEOUT, 10_000);
    return new RegistrySettings(urls, plain);
  }

  /** The settings for a registry at this address, with all else at its default. */
  public static RegistrySettings at(String url) {
    return from(Map.of(URL, url));
  }

  /** The subject under which a topic's schema is kept. */
  public static String subject(String topic, boolean isKey) {
    return topic + (isKey ? "-key" : "-value");
  }

  public List<String> urls() {
    return urls;
  }

  public boolean autoRegister() {
    return autoRegister;
  }

  public boolean normalize() {
    return normalize;
  }

  Map<String, Object> clientConfig() {
    return clientConfig;
  }

  Map<String, String> requestHeaders() {
    return requestHeaders;
  }

  /** The addresses for a person to read, without the credentials that an address may carry. */
  String place() {
    return String.join(", ", urls).replaceAll("//[^/@,]*@", "//");
  }

  /** Leaves out everything but the addresses: the rest may be secret. */
  @Override
  public String toString() {
    return "RegistrySettings[" + place() + "]";
  }

  private static List<String> urls(Object value) {
    Collection<?> parts =
        value instanceof Collection<?> list
            ? list
            : List.of(String.valueOf(value == null ? "" : value).split(","));
    List<String> urls = new ArrayList<>();
    for (Object part : parts) {
      String url = String.valueOf(part).strip();
      if (!url.isEmpty()) {
        urls.add(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
      }
    }
    if (urls.isEmpty()) {
      throw new ConfigException(
          "No schema registry is named: set " + URL + ", such as http://localhost:8081.");
    }
    return List.copyOf(urls);
  }

  private static void refuseUnsupported(Map<String, Object> config) {
    if (flag(config, USE_LATEST, false)) {
      throw new ConfigException(
          USE_LATEST
              + "=true is not supported: records are always written with the schema they were"
              + " compiled from; remove the setting, and set "
              + AUTO_REGISTER
              + "=false to use schemas registered beforehand.");
    }
    for (String key : List.of("key.subject.name.strategy", "value.subject.name.strategy")) {
      Object strategy = config.get(key);
      if (strategy != null && !String.valueOf(strategy).contains(TOPIC_NAME_STRATEGY)) {
        throw new ConfigException(
            key + "=" + strategy + " is not supported: subjects are named <topic>-value.");
      }
    }
  }

  private static boolean flag(Map<String, Object> config, String key, boolean otherwise) {
    Object value = config.get(key);
    if (value == null) {
      return otherwise;
    }
    String text = String.valueOf(value).strip();
    if (text.equalsIgnoreCase("true")) {
      return true;
    }
    if (text.equalsIgnoreCase("false")) {
      return false;
    }
    throw new ConfigException(key + " must be true or false, not " + text + ".");
  }

  private static Map<String, String> headers(Map<String, Object> config) {
    Map<String, String> headers = new HashMap<>();
    config.forEach(
        (key, value) -> {
          if (key.startsWith(HEADER_PREFIX)) {
            headers.put(key.substring(HEADER_PREFIX.length()), String.valueOf(value));
          }
        });
    return Collections.unmodifiableMap(headers);
  }
}
