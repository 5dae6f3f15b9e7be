package io.blipstream.app.cli;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** How what is logged and said on standard error looks: lines for people, or JSON for programs. */
enum LogFormat {
  TEXT,
  JSON;

  /** Lower case, as it is typed. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Undoes what was set up. */
  interface Setting extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Sets up the format while a command runs. As JSON, all that the command says on standard error
   * is logged, so that every line there is JSON; standard output stays as it is.
   */
  Setting setUp(CommandLine root, Optional<LoggerContext> logback) {
    if (this == TEXT || logback.isEmpty()) {
      return () -> {};
    }
    List<ConsoleAppender<ILoggingEvent>> appenders =
        consoles(logback.get().getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).toList();
    List<Encoder<ILoggingEvent>> before =
        appenders.stream().map(ConsoleAppender::getEncoder).toList();
    appenders.forEach(
        appender -> {
          JsonLogEncoder encoder = new JsonLogEncoder();
          encoder.setContext(logback.get());
          encoder.start();
          appender.setEncoder(encoder);
        });
    var err = root.getErr();
    org.slf4j.Logger log = LoggerFactory.getLogger("io.blipstream.command");
    root.setErr(LoggedLines.to(line -> say(log, line)));
    return () -> {
      root.getErr().close();
      root.setErr(err);
      for (int i = 0; i < appenders.size(); i++) {
        appenders.get(i).setEncoder(before.get(i));
      }
    };
  }

  /** Failures begin with the program's name, see {@link FailureReport}. */
  private static void say(org.slf4j.Logger log, String line) {
    if (line.startsWith("blipstream: ")) {
      log.error("{}", line.substring("blipstream: ".length()));
    } else {
      log.info("{}", line);
    }
  }

  private static Stream<ConsoleAppender<ILoggingEvent>> consoles(Logger logger) {
    Iterator<Appender<ILoggingEvent>> all = logger.iteratorForAppenders();
    Iterable<Appender<ILoggingEvent>> iterable = () -> all;
    return StreamSupport.stream(iterable.spliterator(), false)
        .filter(ConsoleAppender.class::isInstance)
        .map(appender -> (ConsoleAppender<ILoggingEvent>) appender);
  }
}
