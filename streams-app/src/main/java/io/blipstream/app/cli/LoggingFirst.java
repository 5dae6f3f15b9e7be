package io.blipstream.app.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.util.List;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** Has more logged while a command runs, if that is asked for; the quiet rule is logback.xml. */
final class LoggingFirst implements CommandLine.IExecutionStrategy {

  private record Louder(String logger, Level level) {}

  private static final List<Louder> VERBOSE =
      List.of(
          new Louder("io.blipstream", Level.DEBUG),
          new Louder("org.apache.kafka.streams", Level.INFO),
          new Louder("org.apache.kafka.clients.producer.internals.Sender", Level.WARN));

  @Override
  public int execute(ParseResult parsed) {
    Blipstream root = (Blipstream) parsed.commandSpec().root().userObject();
    if (!root.verbose() || !(LoggerFactory.getILoggerFactory() instanceof LoggerContext logback)) {
      return new CommandLine.RunLast().execute(parsed);
    }
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

  private static void set(LoggerContext logback, List<Louder> levels) {
    levels.forEach(louder -> logback.getLogger(louder.logger()).setLevel(louder.level()));
  }
}
