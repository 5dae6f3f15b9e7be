package io.blipstream.model.hub;

import java.time.Duration;
import java.util.OptionalLong;

/** Is told how an import gets on, on the importing thread. */
public interface ImportListener {

  /** Hears nothing. */
  ImportListener SILENT = new ImportListener() {};

  /**
   * A file begins, or begins again.
   *
   * @param bytes its size, if known
   * @param already how many of them are here from before
   */
  default void started(String file, OptionalLong bytes, long already) {}

  /** More bytes of the file that began last are here. */
  default void advanced(long bytes) {}

  /** The file that began last is here and verified. */
  default void finished(String file) {}

  /** A request failed and will be made again. */
  default void retrying(String why, Duration pause) {}

  /** A step that takes a while, such as "checking the weights". */
  default void step(String what) {}
}
