package io.blipstream.model.hub;

import io.blipstream.model.hub.ImportException.Kind;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a person names to import from. */
public sealed interface ImportSource {

  /** A folder in Hugging Face's layout. */
  record Folder(Path path) implements ImportSource {}

  /** A {@code .pth} file of the original repository. */
  record OriginalFile(Path path) implements ImportSource {}

  /** A {@code .pth} file of the original repository that a server holds. */
  record OriginalLink(URI uri) implements ImportSource {}

  /**
   * A repository of the hub.
   *
   * @param repository {@code OWNER/NAME}
   */
  record Hub(String repository) implements ImportSource {}

  /** Tokenizer files that the original repository's own code takes. */
  Hub BERT_TOKENIZER = new Hub("google-bert/bert-base-uncased");

  String HUB_PREFIX = "hf:";

  /**
   * Reads a folder, a file, {@code hf:OWNER/NAME} or a link to a file.
   *
   * @throws ImportException saying what is wrong with it
   */
  static ImportSource parse(String text) throws ImportException {
    if (text.startsWith(HUB_PREFIX)) {
      return hub(text.substring(HUB_PREFIX.length()));
    }
    if (text.matches("(?i)https?://.*")) {
      return link(text);
    }
    Path path;
    try {
      path = Path.of(text);
    } catch (InvalidPathException e) {
      throw new ImportException(Kind.WRONG_USE, "\"%s\" is no path.".formatted(text), e);
    }
    if (Files.isDirectory(path)) {
      return new Folder(path);
    }
    if (Files.isRegularFile(path)) {
      if (text.endsWith(".pth")) {
        return new OriginalFile(path);
      }
      throw new ImportException(
          Kind.WRONG_USE,
          "%s is neither a folder nor a .pth file; name the folder with config.json and the weights."
              .formatted(path));
    }
    String advice =
        text.matches("[\\w.-]+/[\\w.-]+") ? "; for the hub write hf:%s".formatted(text) : "";
    throw new ImportException(
        Kind.WRONG_USE, "There is no folder or file %s%s.".formatted(path, advice));
  }

  private static Hub hub(String repository) throws ImportException {
    if (!repository.matches("[A-Za-z0-9][\\w.-]*(/[A-Za-z0-9][\\w.-]*)?")) {
      throw new ImportException(
          Kind.WRONG_USE,
          "hf: is followed by OWNER/NAME, such as hf:Salesforce/blip-image-captioning-base, not by"
              + " \"%s\".".formatted(repository));
    }
    return new Hub(repository);
  }

  private static OriginalLink link(String text) throws ImportException {
    URI uri = WebAddress.parse(text);
    if (uri.getPath() != null && uri.getPath().endsWith(".pth")) {
      return new OriginalLink(uri);
    }
    Matcher page = Pattern.compile("https://huggingface\\.co/([^/]+/[^/]+).*").matcher(text);
    String advice =
        page.matches() ? "; for this repository write hf:%s".formatted(page.group(1)) : "";
    throw new ImportException(
        Kind.WRONG_USE, "A link must lead to a .pth file, not to %s%s.".formatted(text, advice));
  }
}
