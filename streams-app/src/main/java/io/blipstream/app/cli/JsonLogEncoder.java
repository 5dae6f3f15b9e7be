package io.blipstream.app.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * A log event as one line of JSON, by the names of the Elastic Common Schema, which collectors read
 * without being told how. What an agent put beside the event (trace and span) stands in it, too.
 */
final class JsonLogEncoder extends EncoderBase<ILoggingEvent> {

  @Override
  public byte[] encode(ILoggingEvent event) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("@timestamp", Instant.ofEpochMilli(event.getTimeStamp()).toString());
    json.put("log.level", event.getLevel().toString());
    json.put("message", event.getFormattedMessage());
    json.put("log.logger", event.getLoggerName());
    json.put("process.thread.name", event.getThreadName());
    event.getMDCPropertyMap().forEach(json::put);
    if (event.getThrowableProxy() != null) {
      json.put("error.type", event.getThrowableProxy().getClassName());
      json.put("error.message", event.getThrowableProxy().getMessage());
      json.put("error.stack_trace", ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    return (json + "\n").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }
}
