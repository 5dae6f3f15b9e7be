package io.blipstream.app.cli;

import io.blipstream.app.config.IllegalConfigurationException;
import io.blipstream.app.config.MissingDependencyException;
import io.blipstream.app.topology.DeviceLostException;
import io.blipstream.model.InferenceException;
import io.blipstream.schemas.serde.RegistryUnavailableException;
import io.blipstream.schemas.serde.SchemaRefusedException;
import java.io.PrintWriter;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what went wrong into one sentence on standard error and an exit code. */
final class FailureReport {

  private FailureReport() {}

  /** Wrong flags: the sentence, a suggestion where there is one, and how the command is used. */
  static int wrongUse(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("blipstream: " + oneLine(e.getMessage()));
    UnmatchedArgumentException.printSuggestions(e, err);
    command.usage(err, command.getColorScheme());
    err.flush();
    return ExitStatus.WRONG_USE.code();
  }

  /** A command that failed while it ran. */
  static int failed(Exception e, CommandLine command, ParseResult parsed) {
    if (e instanceof ParameterException wrong) {
      return wrongUse(wrong, new String[0]);
    }
    Blipstream root = (Blipstream) command.getCommandSpec().root().userObject();
    Verdict verdict = verdict(e);
    PrintWriter err = command.getErr();
    err.println("blipstream: " + oneLine(verdict.sentence()));
    if (root.verbose()) {
      e.printStackTrace(err);
    }
    err.flush();
    return verdict.status().code();
  }

  private record Verdict(ExitStatus status, String sentence) {}

  /** The first cause, from the outside in, that says something to the person who asked. */
  private static Verdict verdict(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CommandFailure own) {
        return new Verdict(own.status(), own.getMessage());
      }
      if (cause instanceof MissingDependencyException
          || cause instanceof RegistryUnavailableException) {
        return new Verdict(ExitStatus.MISSING, cause.getMessage());
      }
      if (cause instanceof DeviceLostException) {
        return new Verdict(ExitStatus.FAILED, cause.getMessage());
      }
      if (cause instanceof IllegalConfigurationException || cause instanceof ConfigException) {
        return new Verdict(ExitStatus.WRONG_USE, cause.getMessage());
      }
      if (cause instanceof SchemaRefusedException || cause instanceof InferenceException) {
        return new Verdict(ExitStatus.FAILED, cause.getMessage());
      }
      if (cause instanceof SslAuthenticationException) {
        return new Verdict(
            ExitStatus.FAILED,
            "Kafka refuses access: %s; check the certificates in ssl.truststore.location and ssl.keystore.location."
                .formatted(chain(cause)));
      }
      if (cause instanceof AuthenticationException) {
        return new Verdict(
            ExitStatus.FAILED,
            "Kafka refuses access: %s; check the credentials in --kafka-config or -X."
                .formatted(cause.getMessage()));
      }
      if (cause instanceof AuthorizationException) {
        return new Verdict(
            ExitStatus.FAILED,
            "Kafka lets this user in but refuses a right: %s%s; docs/security.md lists all that are needed."
                .formatted(
                    cause.getMessage().strip().replaceFirst("\\.$", ""),
                    cause instanceof TransactionalIdAuthorizationException
                        ? " (to write with transactional ids that begin with the application id)"
                        : ""));
      }
    }
    if (failure instanceof KafkaException) {
      return new Verdict(ExitStatus.FAILED, "Kafka failed: " + chain(failure));
    }
    if (failure instanceof InterruptedException) {
      return new Verdict(ExitStatus.FAILED, "Interrupted.");
    }
    boolean speaks = failure.getMessage() != null && !(failure instanceof RuntimeException);
    return new Verdict(
        ExitStatus.FAILED,
        speaks
            ? failure.getMessage()
            : "Unexpected failure (%s); --verbose shows where.".formatted(failure));
  }

  /** Where Kafka says only that something failed, such as a handshake, the causes say why. */
  private static String chain(Throwable failure) {
    StringBuilder said = new StringBuilder(String.valueOf(failure.getMessage()));
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      String why = cause.getMessage();
      if (why != null && said.indexOf(why) < 0) {
        said.append(": ").append(why);
      }
    }
    return said.toString();
  }

  private static String oneLine(String message) {
    return String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
