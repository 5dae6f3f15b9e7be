package io.blipstream.model.scenes;

import java.util.Locale;

/** The words for closed choices: an enum constant is named by the word that captions use for it. */
final class Words {
  private Words() {}

  static String of(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }
}
