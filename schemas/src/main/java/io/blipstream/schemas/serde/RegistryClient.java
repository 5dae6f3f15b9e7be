package io.blipstream.schemas.serde;

import io.blipstream.schemas.serde.UnreadableRecordException.Reason;
import java.io.IOException;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityResult;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaParseException;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.ParsedSchema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.avro.AvroSchema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.SchemaRegistryClientFactory;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;

/**
 * A connection to one schema registry, by Confluent's own client.
 *
 * <p>What must hold: a failure to get an answer is always a {@link RegistryUnavailableException};
 * only the registry's own word that an id does not exist makes a message unreadable. A bare HTTP
 * 404 (a proxy, a wrong path) is not that word: it has to carry one of Confluent's error codes.
 */
final class RegistryClient implements AutoCloseable {

  private static final int CACHED_SCHEMAS = 1_000;
  private static final int SUBJECT_NOT_FOUND = 40401;
  private static final int SCHEMA_NOT_FOUND = 40403;
  private static final int INVALID_SCHEMA = 42201;
  private static final int INCOMPATIBLE = 409;

  private final RegistrySettings settings;
  private final SchemaRegistryClient client;

  RegistryClient(RegistrySettings settings) {
    this.settings = settings;
    try {
      this.client =
          SchemaRegistryClientFactory.newClient(
              settings.urls(),
              CACHED_SCHEMAS,
              List.of(new AvroSchemaProvider()),
              settings.clientConfig(),
              settings.requestHeaders());
    } catch (RuntimeException e) {
      throw new ConfigException(
          "The schema registry client for "
              + settings.place()
              + " does not accept its settings: "
              + innermost(e)
              + ".");
    }
  }

  /** Registers a schema (or finds that it is registered) and gives its id. */
  int register(String subject, Schema schema) {
    try {
      return client.register(subject, new AvroSchema(schema.toString()), settings.normalize());
    } catch (RestClientException e) {
      if (e.getErrorCode() / 100 == INCOMPATIBLE || e.getErrorCode() == INCOMPATIBLE) {
        throw new SchemaRefusedException(
            "The schema registry at "
                + settings.place()
                + " refuses "
                + schema.getFullName()
                + " for subject "
                + subject
                + " because it is not compatible with a version already there: "
                + e.getMessage()
                + ". Use another topic, or evolve the schema compatibly.",
            e);
      }
      if (e.getErrorCode() == INVALID_SCHEMA) {
        throw new SchemaRefusedException(
            "The schema registry at "
                + settings.place()
                + " does not accept "
                + schema.getFullName()
                + " as a schema: "
                + e.getMessage(),
            e);
      }
      throw unavailable("register the schema of subject " + subject, e);
    } catch (IOException | RuntimeException e) {
      throw unavailable("register the schema of subject " + subject, e);
    }
  }

  /** The id of a schema that was registered beforehand. */
  int idOf(String subject, Schema schema) {
    try {
      return client.getId(subject, new AvroSchema(schema.toString()), settings.normalize());
    } catch (RestClientException e) {
      if (isNotFound(e)) {
        throw new SchemaRefusedException(
            "The schema registry at "
                + settings.place()
                + " does not hold this version of "
                + schema.getFullName()
                + " under subject "
                + subject
                + ": register it, or set "
                + RegistrySettings.AUTO_REGISTER
                + "=true.",
            e);
      }
      throw unavailable("look up the schema of subject " + subject, e);
    } catch (IOException | RuntimeException e) {
      throw unavailable("look up the schema of subject " + subject, e);
    }
  }

  /**
   * Requires that records of a subject's latest version can be read as our record; a subject that
   * does not exist yet stands in nobody's way.
   */
  void requireReadable(String subject, Schema reader) {
    Schema writer;
    try {
      writer = byId(client.getLatestSchemaMetadata(subject).getId());
    } catch (RestClientException e) {
      if (isNotFound(e)) {
        return;
      }
      throw unavailable("look up the latest schema of subject " + subject, e);
    } catch (UnreadableRecordException e) {
      throw unreadable(subject, reader, e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      throw unavailable("look up the latest schema of subject " + subject, e);
    }
    SchemaCompatibilityResult result =
        SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getResult();
    if (result.getCompatibility() != SchemaCompatibilityType.COMPATIBLE) {
      throw unreadable(subject, reader, result.getIncompatibilities().get(0).getMessage(), null);
    }
  }

  private SchemaRefusedException unreadable(
      String subject, Schema reader, String why, Exception cause) {
    return new SchemaRefusedException(
        "Records of subject "
            + subject
            + " in the schema registry at "
            + settings.place()
            + " cannot be read as "
            + reader.getFullName()
            + ": "
            + why
            + ". Name another topic, or register a compatible version.",
        cause);
  }

  /** The schema with this id. */
  Schema byId(int id) {
    ParsedSchema parsed;
    try {
      parsed = client.getSchemaById(id);
    } catch (RestClientException e) {
      if (isNotFound(e)) {
        throw new UnreadableRecordException(
            Reason.UNKNOWN_SCHEMA,
            "The message names schema id "
                + id
                + ", which the schema registry at "
                + settings.place()
                + " does not know.",
            e);
      }
      throw unavailable("look up schema id " + id, e);
    } catch (IOException e) {
      if (isNotAvro(e)) {
        throw new UnreadableRecordException(
            Reason.INCOMPATIBLE_SCHEMA,
            "Schema id " + id + " in the registry is not an Avro schema.",
            e);
      }
      throw unavailable("look up schema id " + id, e);
    } catch (RuntimeException e) {
      throw unavailable("look up schema id " + id, e);
    }
    if (!(parsed instanceof AvroSchema avro)) {
      throw new UnreadableRecordException(
          Reason.INCOMPATIBLE_SCHEMA, "Schema id " + id + " in the registry is not Avro.");
    }
    try {
      // rawSchema() has references to other subjects filled in; the canonical text has not.
      return new Schema.Parser().setValidateDefaults(false).parse(avro.rawSchema().toString());
    } catch (SchemaParseException e) {
      throw new UnreadableRecordException(
          Reason.INCOMPATIBLE_SCHEMA, "Avro cannot read schema id " + id + " of the registry.", e);
    }
  }

  /** Sets a subject's compatibility level, such as FULL_TRANSITIVE. */
  void setCompatibility(String subject, String level) {
    try {
      client.updateCompatibility(subject, level);
    } catch (IOException | RestClientException | RuntimeException e) {
      throw unavailable("set the compatibility of subject " + subject + " to " + level, e);
    }
  }

  @Override
  public void close() {
    try {
      client.close();
    } catch (IOException e) {
      throw new KafkaException("The schema registry client could not be closed.", e);
    }
  }

  private static boolean isNotFound(RestClientException e) {
    return e.getStatus() == 404
        && (e.getErrorCode() == SUBJECT_NOT_FOUND || e.getErrorCode() == SCHEMA_NOT_FOUND);
  }

  /**
   * The client hides three cases behind one IOException: another schema language, text that is not
   * a schema, and a reference that it could not fetch. Only without references is it certain that
   * asking again would not help.
   */
  private static boolean isNotAvro(IOException e) {
    String message = String.valueOf(e.getMessage());
    return message.startsWith("Invalid schema") && message.contains("with refs []");
  }

  private RegistryUnavailableException unavailable(String what, Exception e) {
    String why;
    if (e instanceof RestClientException rest && rest.getStatus() == 401) {
      why = "it refused our credentials (HTTP 401)";
    } else if (e instanceof RestClientException rest && rest.getStatus() == 403) {
      why = "our credentials have no right to that (HTTP 403)";
    } else if (e instanceof RestClientException rest) {
      why = "it answered HTTP " + rest.getStatus() + ", " + rest.getMessage();
    } else {
      why = innermost(e);
    }
    return new RegistryUnavailableException(
        "Could not "
            + what
            + " at the schema registry "
            + settings.place()
            + ": "
            + why
            + ". Check "
            + RegistrySettings.URL
            + ", the credentials, and that the registry runs.",
        e);
  }

  private static String innermost(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getClass().getSimpleName()
        + (cause.getMessage() == null ? "" : " (" + cause.getMessage() + ")");
  }
}
