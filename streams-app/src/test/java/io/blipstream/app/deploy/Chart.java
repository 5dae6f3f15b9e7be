package io.blipstream.app.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** The Helm chart, rendered by Helm itself, in this process. */
final class Chart {

  static final Path FOLDER = Repository.file("deploy/helm/blipstream");

  /** What nobody can do without. */
  private static final Map<String, String> MUST =
      Map.of("kafka.bootstrapServers", "kafka:9093", "schemaRegistry.url", "http://registry:8080");

  private Chart() {}

  /** Skips the test where Helm's library is not to be had; it is brought for Linux on x86-64. */
  static void assumeHelm() {
    boolean linux = System.getProperty("os.name").equals("Linux");
    boolean amd64 = System.getProperty("os.arch").equals("amd64");
    Assumptions.assumeTrue(linux && amd64, "Helm's library is here for Linux on x86-64 only");
  }

  /** What a release of these values consists of, with what must be set. */
  static List<JsonNode> render(Map<String, String> values) {
    return Yaml.documents(template(MUST, values));
  }

  /** Helm's answer to exactly these values. */
  static String template(Map<String, String> must, Map<String, String> values) {
    TemplateCommand command = new Helm(FOLDER).template().withName("blipstream");
    must.forEach(command::set);
    values.forEach(command::set);
    return command.call();
  }

  static JsonNode only(List<JsonNode> documents, String kind) {
    List<JsonNode> found = all(documents, kind);
    if (found.size() != 1) {
      throw new AssertionError("There are %d of kind %s".formatted(found.size(), kind));
    }
    return found.get(0);
  }

  static List<JsonNode> all(List<JsonNode> documents, String kind) {
    return documents.stream().filter(one -> one.path("kind").asText().equals(kind)).toList();
  }
}
