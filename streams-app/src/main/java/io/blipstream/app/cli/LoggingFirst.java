package io.blipstream.app.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * Has more logged while a command runs, or otherwise, if that is asked for; the quiet rule is
 * logback.xml. The format stays until this is closed: how a command failed is said after it ran.
 */
final class LoggingFirst implements CommandLine.IExecutionStrategy, AutoCloseable {

  private record Louder(String logger, Level level) {}

  private static final List<Louder> VERBOSE =
      List.of(
          new Louder("io.blipstream", Level.DEBUG),
          new Louder("org.apache.kafka.streams", Level.INFO),
          new Louder("org.apache.kafka.clients.producer.internals.Sender", Level.WARN));

  private LogFormat.Setting format = () -> {};

  @Override
  public int execute(ParseResult parsed) {
    CommandSpec rootSpec = parsed.commandSpec().root();
    Blipstream root = (Blipstream) rootSpec.userObject();
    Optional<LoggerContext> logback =
        LoggerFactory.getILoggerFactory() instanceof LoggerContext context
            ? Optional.of(context)
            : Optional.empty();
    format.close();
    format = root.logFormat().setUp(rootSpec.commandLine(), logback);
    return root.verbose() && logback.isPresent()
        ? louder(parsed, logback.get())
        : new CommandLine.RunLast().execute(parsed);
  }

  private static int louder(ParseResult parsed, LoggerContext logback) {
    List<Louder> before =
        VERBOSE.stream()
            .map(
                louder ->
                    new Louder(louder.logger(), logback.getLogger(louder.logger()).getLevel()))
            .toList();
    set(logback, VERBOSE);
    try {
      return new CommandLine.RunLast().execute(parsed);
    } finally {
      set(logback, before);
    }
  }

  @Override
  public void close() {
    format.close();
  }

  private static void set(LoggerContext logback, List<Louder> levels) {
    levels.forEach(louder -> logback.getLogger(louder.logger()).setLevel(louder.level()));
  }
}
