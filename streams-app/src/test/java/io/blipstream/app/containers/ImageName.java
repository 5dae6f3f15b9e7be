package io.blipstream.app.containers;

import java.util.Locale;
import java.util.Optional;
import org.testcontainers.utility.DockerImageName;

/**
 * The images that the tests start: public ones, unless the variable {@code BLIPSTREAM_IMAGE_KAFKA}
 * (or the system property {@code blipstream.image.kafka}, and so on for each) names another, such
 * as one that {@code .ci/images/build} made where none can be pulled.
 */
enum ImageName {
  KAFKA("apache/kafka:4.3.1"),
  REGISTRY("apicurio/apicurio-registry:3.0.9"),
  /** What the service's image is built on; the Dockerfile names the public one. */
  JRE(""),
  /** The service, ready; unless named, it is built from what Maven packaged. */
  SERVICE("");

  private final String usual;

  ImageName(String usual) {
    this.usual = usual;
  }

  /** The image that was asked for. */
  Optional<String> named() {
    String key = "BLIPSTREAM_IMAGE_" + name();
    String property = key.toLowerCase(Locale.ROOT).replace('_', '.');
    return Optional.ofNullable(System.getProperty(property, System.getenv(key)))
        .filter(name -> !name.isBlank());
  }

  /** The image that was asked for, in place of the usual one. */
  DockerImageName get() {
    return named()
        .map(name -> DockerImageName.parse(name).asCompatibleSubstituteFor(usual.split(":", 2)[0]))
        .orElseGet(() -> DockerImageName.parse(usual));
  }
}
