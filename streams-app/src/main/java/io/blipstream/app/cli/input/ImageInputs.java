package io.blipstream.app.cli.input;

import io.blipstream.schemas.ImageEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Walks over what the user named: files, folders with all below them, zip and tar archives, and
 * links.
 *
 * <p>An image's id is its path from the named folder or archive on, that name included, so that it
 * is the same from wherever the command is called; two images with one id are refused. A file named
 * outright is sent whatever its name; in folders and archives only what is an image by its name. A
 * text file of the same name beside an image is its web text.
 */
public final class ImageInputs {

  private final Options options;
  private final ImageSink sink;
  private final Set<String> ids = new HashSet<>();

  /**
   * What applies to all inputs.
   *
   * @param idPrefix stands before every id
   * @param webText of images that have none of their own
   * @param asLinks whether to send links to files in place of their bytes
   * @param maxBytes images larger than this are not sent
   */
  public record Options(String idPrefix, Optional<String> webText, boolean asLinks, int maxBytes) {}

  public ImageInputs(Options options, ImageSink sink) {
    this.options = options;
    this.sink = sink;
  }

  /** Gives every image below the input to the sink; what fails is told to the sink too. */
  public void walk(String input) throws InterruptedException {
    if (isLink(input)) {
      offer(input, Optional.empty(), Optional.empty(), event -> event.setUri(input));
      return;
    }
    Path path = Path.of(input);
    String name = idOf(path);
    if (Files.isDirectory(path)) {
      walkFolder(path, name);
    } else if (!Files.isRegularFile(path)) {
      sink.failed(input, Files.exists(path) ? "is neither a file nor a folder" : "does not exist");
    } else if (Names.isZip(name) || Names.isTar(name) || Names.isPackedTar(name)) {
      walkArchive(path, name);
    } else {
      offerFile(path, name);
    }
  }

  /** The id of an image file that is named outright. */
  public static String idOf(Path file) {
    return file.toAbsolutePath().normalize().getFileName() + "";
  }

  private static boolean isLink(String input) {
    String lower = input.toLowerCase(Locale.ROOT);
    return Stream.of("http://", "https://", "file:").anyMatch(lower::startsWith);
  }

  private void walkFolder(Path folder, String name) throws InterruptedException {
    List<Path> files;
    try (Stream<Path> below = Files.walk(folder)) {
      files = below.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException | UncheckedIOException e) {
      sink.failed(folder.toString(), "cannot be listed: " + e.getMessage());
      return;
    }
    for (Path file : files) {
      String below = Names.portable(folder.relativize(file));
      if (Names.isHidden(below) || Names.isText(below)) {
        continue;
      }
      if (Names.mediaType(below).isPresent()) {
        offerFile(file, name + "/" + below);
      } else {
        sink.skipped(file.toString());
      }
    }
  }

  private void offerFile(Path file, String id) throws InterruptedException {
    try {
      if (options.asLinks()) {
        String link = file.toRealPath().toUri().toString();
        offer(id, textBeside(file), Names.mediaType(id), event -> event.setUri(link));
        return;
      }
      byte[] bytes;
      try (InputStream in = Files.newInputStream(file)) {
        bytes = in.readNBytes(options.maxBytes() + 1);
      }
      offerBytes(id, bytes, textBeside(file));
    } catch (IOException e) {
      sink.failed(file.toString(), "cannot be read: " + e.getMessage());
    }
  }

  private static Optional<String> textBeside(Path file) throws IOException {
    Path text = file.resolveSibling(Names.stem(file.getFileName().toString()) + ".txt");
    if (text.equals(file) || !Files.isRegularFile(text)) {
      return Optional.empty();
    }
    return Optional.of(text(Files.readAllBytes(text)));
  }

  private void walkArchive(Path path, String name) throws InterruptedException {
    if (options.asLinks()) {
      sink.failed(path.toString(), "is an archive, and there are no links into archives");
      return;
    }
    try {
      Archive.read(
          path,
          options.maxBytes(),
          new Archive.Members() {
            @Override
            public void image(String member, byte[] bytes, Optional<byte[]> text)
                throws InterruptedException {
              offerBytes(name + "/" + member, bytes, text.map(ImageInputs::text));
            }

            @Override
            public void other(String member) {
              sink.skipped(path + ": " + member);
            }
          });
    } catch (IOException e) {
      sink.failed(path.toString(), "cannot be read to its end: " + e.getMessage());
    }
  }

  private void offerBytes(String id, byte[] bytes, Optional<String> text)
      throws InterruptedException {
    if (bytes.length > options.maxBytes()) {
      sink.failed(
          id,
          "has more than %d bytes, which the topic does not take".formatted(options.maxBytes()));
      return;
    }
    offer(id, text, Names.mediaType(id), event -> event.setContent(ByteBuffer.wrap(bytes)));
  }

  private void offer(
      String id,
      Optional<String> ownText,
      Optional<String> mediaType,
      Consumer<ImageEvent.Builder> image)
      throws InterruptedException {
    String full = options.idPrefix() + id;
    if (!ids.add(full)) {
      sink.failed(
          id,
          "has the same id as an image before it; send it on its own, with another --id-prefix");
      return;
    }
    ImageEvent.Builder event =
        ImageEvent.newBuilder()
            .setId(full)
            .setMediaType(mediaType.orElse(null))
            .setWebText(ownText.or(options::webText).orElse(null))
            .setAttributes(Map.of());
    image.accept(event);
    sink.image(event.build());
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8).strip();
  }
}
