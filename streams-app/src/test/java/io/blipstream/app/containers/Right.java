package io.blipstream.app.containers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.blipstream.app.config.TopicNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** One thing that {@code deploy/strimzi/users.yaml} allows the service. */
record Right(ResourceType on, String name, PatternType pattern, AclOperation operation) {

  private static final String USER = "blipstream";

  /** All that the service is allowed where it is deployed with that file. */
  static List<Right> ofService() throws IOException {
    YAMLMapper yaml = new YAMLMapper();
    Path users = Repository.root().resolve("deploy/strimzi/users.yaml");
    List<Right> rights = new ArrayList<>();
    try (var documents = yaml.readerFor(JsonNode.class).<JsonNode>readValues(users.toFile())) {
      while (documents.hasNext()) {
        JsonNode user = documents.next();
        if (user.at("/metadata/name").asText().equals(USER)) {
          for (JsonNode acl : user.at("/spec/authorization/acls")) {
            for (JsonNode operation : acl.get("operations")) {
              rights.add(of(acl.get("resource"), operation.asText()));
            }
          }
        }
      }
    }
    return rights;
  }

  private static Right of(JsonNode resource, String operation) {
    ResourceType on =
        switch (resource.get("type").asText()) {
          case "topic" -> ResourceType.TOPIC;
          case "group" -> ResourceType.GROUP;
          case "transactionalId" -> ResourceType.TRANSACTIONAL_ID;
          default -> throw new IllegalArgumentException(resource.toString());
        };
    return new Right(
        on,
        resource.get("name").asText(),
        resource.get("patternType").asText().equals("prefix")
            ? PatternType.PREFIXED
            : PatternType.LITERAL,
        AclOperation.fromString(operation.toUpperCase(Locale.ROOT)));
  }

  /** The same for a stream of other names than the usual ones. */
  AclBinding binding(String user, TopicNames topics, String application) {
    return new AclBinding(
        new ResourcePattern(on, named(topics, application), pattern),
        new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW));
  }

  /** What is usually called {@link #name}, in a stream of these names. */
  String named(TopicNames topics, String application) {
    if (on != ResourceType.TOPIC) {
      return name.replace(USER, application);
    }
    int index = TopicNames.DEFAULT.all().indexOf(name);
    return topics.all().get(index);
  }
}
