package io.blipstream.model.hub;

import io.blipstream.model.hub.ImportException.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which hub is asked, as whom, and over which proxy; from the variables that Hugging Face's own
 * tools read.
 *
 * @param endpoint without a slash at its end
 * @param token sent to the endpoint's own host only
 * @param proxies the way to each host
 */
public record HubEnvironment(URI endpoint, Optional<String> token, Proxies proxies) {

  private static final String OFFICIAL = "https://huggingface.co";
  private static final Set<String> TRUE = Set.of("1", "on", "yes", "true");

  /**
   * Reads {@code HF_ENDPOINT}, {@code HF_TOKEN} or the token file that {@code hf auth login}
   * writes, and the variables for proxies.
   *
   * @param environment the process's, or one in its place
   * @throws ImportException if a variable makes no sense
   */
  public static HubEnvironment from(Map<String, String> environment) throws IOException {
    return new HubEnvironment(
        endpoint(set(environment, "HF_ENDPOINT").orElse(OFFICIAL)),
        token(environment),
        Proxies.from(environment, System.getProperties()));
  }

  /** How messages call the hub. */
  String name() {
    return endpoint.toString();
  }

  private static URI endpoint(String value) throws ImportException {
    try {
      URI uri = new URI(value.strip().replaceFirst("/+$", ""));
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      if (Set.of("http", "https").contains(scheme) && uri.getHost() != null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Said below.
    }
    throw new ImportException(
        Kind.WRONG_USE,
        "HF_ENDPOINT must be the address of a hub, such as %s, but is \"%s\"."
            .formatted(OFFICIAL, value));
  }

  private static Optional<String> token(Map<String, String> environment) throws IOException {
    Optional<String> given =
        set(environment, "HF_TOKEN").or(() -> set(environment, "HUGGING_FACE_HUB_TOKEN"));
    if (given.isPresent()) {
      return given.map(String::strip);
    }
    if (isTrue(environment, "HF_HUB_DISABLE_IMPLICIT_TOKEN")) {
      return Optional.empty();
    }
    Path file =
        set(environment, "HF_TOKEN_PATH")
            .map(Path::of)
            .orElseGet(() -> home(environment).resolve("token"));
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      return Optional.empty();
    }
    return Optional.of(Files.readString(file).strip()).filter(token -> !token.isEmpty());
  }

  private static Path home(Map<String, String> environment) {
    return set(environment, "HF_HOME")
        .map(Path::of)
        .orElseGet(
            () ->
                set(environment, "XDG_CACHE_HOME")
                    .map(Path::of)
                    .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
                    .resolve("huggingface"));
  }

  private static boolean isTrue(Map<String, String> environment, String name) {
    return set(environment, name)
        .filter(value -> TRUE.contains(value.toLowerCase(Locale.ROOT)))
        .isPresent();
  }

  /** An empty variable is how many tools write one that is not set. */
  private static Optional<String> set(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  /** Without the token, which a log must not hold. */
  @Override
  public String toString() {
    return "HubEnvironment[endpoint=%s, token=%s]"
        .formatted(endpoint, token.isPresent() ? "given" : "none");
  }
}
