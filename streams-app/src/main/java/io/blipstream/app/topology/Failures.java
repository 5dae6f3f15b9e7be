package io.blipstream.app.topology;

import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;

/** Tells a record's fault from its surroundings'. */
final class Failures {

  private Failures() {}

  /**
   * Whether trying again can help, since it was not the record that failed. Our own serde throws a
   * retriable exception; another one may wrap what its client met on the network.
   */
  static boolean mayPass(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof RetriableException
          || t instanceof AuthorizationException
          || t instanceof AuthenticationException
          || t instanceof SocketException
          || t instanceof SocketTimeoutException
          || t instanceof UnknownHostException
          || t instanceof SSLException) {
        return true;
      }
    }
    return false;
  }

  static Throwable unwrap(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  /** A failure's own words, never empty. */
  static String words(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
  }
}
