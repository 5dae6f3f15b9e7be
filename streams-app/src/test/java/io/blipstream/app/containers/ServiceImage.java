package io.blipstream.app.containers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.testcontainers.images.builder.ImageFromDockerfile;

/** The service's image, made by its Dockerfile from what Maven packaged just before. */
final class ServiceImage {

  private static final String DOCKERFILE = "deploy/image/Dockerfile";
  private static final String LIBRARIES = "streams-app/target/app/lib";

  /** One for all containers: to ask Docker again would send it the whole application again. */
  private static final Future<String> IMAGE =
      ImageName.SERVICE
          .named()
          .<Future<String>>map(CompletableFuture::completedFuture)
          .orElseGet(ServiceImage::build);

  private ServiceImage() {}

  /** The image that was asked for, or else one that is built when it is first used. */
  static Future<String> image() {
    return IMAGE;
  }

  // What replaces withDockerfilePath takes the whole repository for the context.
  @SuppressWarnings("deprecation")
  private static Future<String> build() {
    Path root = Repository.root();
    if (!Files.exists(root.resolve(LIBRARIES).resolve("blipstream.jar"))) {
      throw new IllegalStateException(
          "The service's image is made of %s, which is not there; run mvn verify, or mvn package first."
              .formatted(LIBRARIES));
    }
    ImageFromDockerfile image =
        new ImageFromDockerfile("blipstream/containers-test")
            .withDockerfilePath(DOCKERFILE)
            .withFileFromPath(LIBRARIES, root.resolve(LIBRARIES));
    for (String name : root.resolve(DOCKERFILE).getParent().toFile().list()) {
      image =
          image.withFileFromPath(
              "deploy/image/" + name, root.resolve("deploy/image").resolve(name));
    }
    Optional<String> base = ImageName.JRE.named();
    return base.isPresent() ? image.withBuildArg("BASE", base.get()) : image;
  }
}
