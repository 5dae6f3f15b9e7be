package io.blipstream.model.scenes;

/** A text found beside a picture on the web, with the truth about it. */
public record WebText(String text, Truth truth) {

  /** How a web text relates to its picture. */
  public enum Truth {
    /** It tells what the picture shows. */
    RIGHT,
    /** It says nothing of the picture. */
    VAGUE,
    /** It says something false of the picture. */
    WRONG
  }
}
