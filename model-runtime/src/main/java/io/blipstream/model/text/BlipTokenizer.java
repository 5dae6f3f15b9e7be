package io.blipstream.model.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.checkpoint.CheckpointException;
import io.blipstream.model.checkpoint.TextConfig;
import io.blipstream.model.libtorch.Libtorch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * BLIP's WordPiece tokenizer, from a checkpoint's own files and never from the network.
 *
 * <p>Reads {@code tokenizer.json}, or else {@code vocab.txt} with the rules of bert-base-uncased.
 * BLIP's own tokens ([DEC] and [ENC], the last rows of the embedding) are not in the official
 * vocabulary, so their ids come from the configuration. Thread-safe until closed.
 */
public final class BlipTokenizer implements AutoCloseable {

  /** Texts for ITM and ITC are cut to this many tokens (BLIP, section 4.1; the original's code). */
  public static final int MATCHED_TEXT_TOKENS = 35;

  private static final char REPLACEMENT = '\ufffd';

  private final HuggingFaceTokenizer tokenizer;
  private final TextConfig config;

  private BlipTokenizer(HuggingFaceTokenizer tokenizer, TextConfig config) {
    this.tokenizer = tokenizer;
    this.config = config;
  }

  /** The tokenizer of a checkpoint. */
  public static BlipTokenizer of(Checkpoint checkpoint) throws IOException {
    return open(checkpoint.folder(), checkpoint.config().text());
  }

  /**
   * Reads the tokenizer files of a folder.
   *
   * @throws CheckpointException if there are none, or they do not fit the configuration
   */
  public static BlipTokenizer open(Path folder, TextConfig config) throws IOException {
    Libtorch.beforeTokenizer();
    WordPieceJson json = find(folder);
    json.requireIdsBelow(config.vocabularySize());
    // Neither cut nor padded: a file may ask for both, but what is needed differs by use.
    Map<String, String> options =
        Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "true");
    HuggingFaceTokenizer tokenizer;
    try {
      tokenizer = HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json.bytes()), options);
    } catch (RuntimeException e) {
      throw new CheckpointException(
          json.file() + " describes no tokenizer (" + e.getMessage() + ").", e);
    }
    long[] empty = tokenizer.encode("").getIds();
    if (empty.length != 2 || empty[1] != config.sepTokenId()) {
      tokenizer.close();
      throw new CheckpointException(
          "%s frames a text with the ids %s, but config.json states sep_token_id %d."
              .formatted(json.file(), Arrays.toString(empty), config.sepTokenId()));
    }
    return new BlipTokenizer(tokenizer, config);
  }

  private static WordPieceJson find(Path folder) throws IOException {
    Path json = folder.resolve("tokenizer.json");
    if (Files.exists(json)) {
      return WordPieceJson.read(json);
    }
    Path vocabulary = folder.resolve("vocab.txt");
    if (Files.exists(vocabulary)) {
      return WordPieceJson.fromVocabulary(vocabulary);
    }
    throw new CheckpointException(
        folder + " has neither tokenizer.json nor vocab.txt; put one of them beside the weights.");
  }

  /**
   * [CLS], the text's tokens, [SEP]; a longer text loses tokens at its end but keeps [SEP].
   *
   * @param maxTokens the limit with both frames, 2 at least
   */
  public long[] encode(String text, int maxTokens) {
    if (maxTokens < 2) {
      throw new IllegalArgumentException("a text takes 2 tokens at least, [CLS] and [SEP]");
    }
    long[] ids = tokenizer.encode(wellFormed(text)).getIds();
    int limit = Math.min(maxTokens, config.maxPositions());
    if (ids.length <= limit) {
      return ids;
    }
    long[] cut = Arrays.copyOf(ids, limit);
    cut[limit - 1] = ids[ids.length - 1];
    return cut;
  }

  /** Encodes texts like {@link #encode} and pads them to the longest. */
  public TokenBatch encodeAll(List<String> texts, int maxTokens) {
    return TokenBatch.of(
        texts.stream().map(text -> encode(text, maxTokens)).toList(), config.padTokenId());
  }

  /**
   * What the decoder is to continue: [DEC] in place of [CLS], the prompt's tokens, no [SEP]. An
   * empty prompt gives [DEC] alone.
   */
  public long[] prompt(String text) {
    long[] framed = encode(text, config.maxPositions());
    long[] ids = Arrays.copyOf(framed, framed.length - 1);
    ids[0] = config.bosTokenId();
    return ids;
  }

  /**
   * The text of generated ids: special tokens and ids that the vocabulary does not have are left
   * out, and spaces before punctuation closed up.
   */
  public String decode(long[] ids) {
    long[] words = Arrays.stream(ids).filter(this::mayBeWord).toArray();
    return tokenizer.decode(words, true).strip();
  }

  /**
   * The text of generated ids without the prompt that they begin with. As in the original, it is
   * cut off the text: a word that the captioner lengthened loses the part that was given.
   *
   * @param prompt as {@link #prompt} gives it
   */
  public String decodeAfter(long[] prompt, long[] ids) {
    String whole = decode(ids);
    String begin = decode(prompt);
    return whole.startsWith(begin)
        ? whole.substring(begin.length()).strip()
        // Spaces that close up at the seam may change the prompt's end.
        : decode(Arrays.copyOfRange(ids, prompt.length, ids.length));
  }

  @Override
  public void close() {
    tokenizer.close();
  }

  private boolean mayBeWord(long id) {
    return id >= 0
        && id < config.vocabularySize()
        && id != config.bosTokenId()
        && id != config.sepTokenId()
        && id != config.padTokenId();
  }

  /** Half a surrogate pair cannot be told to native code; the tokenizer drops its replacement. */
  private static String wellFormed(String text) {
    StringBuilder whole = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
        continue;
      }
      if (whole == null) {
        whole = new StringBuilder(text);
      }
      whole.setCharAt(i, REPLACEMENT);
    }
    return whole == null ? text : whole.toString();
  }
}
