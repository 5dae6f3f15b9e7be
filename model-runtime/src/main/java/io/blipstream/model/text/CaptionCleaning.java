package io.blipstream.model.text;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The original BLIP's {@code pre_caption}, which it applied to every text of training and of
 * retrieval: lower case, some punctuation to spaces, spaces collapsed. Its cut to 50 words is left
 * to the cut to tokens, which is shorter.
 */
public final class CaptionCleaning {

  private static final Pattern PUNCTUATION = Pattern.compile("[.!\"()*#:;~]");
  private static final Pattern SPACES = Pattern.compile("(?U)\\s{2,}");
  private static final Pattern ENDS = Pattern.compile("^ +|[ \n]+\\z");

  private CaptionCleaning() {}

  public static String clean(String text) {
    String words = PUNCTUATION.matcher(text.toLowerCase(Locale.ROOT)).replaceAll(" ");
    return ENDS.matcher(SPACES.matcher(words).replaceAll(" ")).replaceAll("");
  }
}
