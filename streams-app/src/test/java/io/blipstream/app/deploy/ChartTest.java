package io.blipstream.app.deploy;

import static io.blipstream.app.deploy.Chart.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import io.blipstream.app.config.ServiceConfig;
import io.blipstream.app.config.TopicNames;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChartTest {

  /** Everything that can be switched on. */
  private static final Map<String, String> ALL =
      Map.ofEntries(
          Map.entry("kafka.config.security\\.protocol", "SASL_SSL"),
          Map.entry("kafka.caSecret.name", "ca"),
          Map.entry("kafka.saslSecret.name", "user"),
          Map.entry("schemaRegistry.basicAuthSecret.name", "registry"),
          Map.entry("web.tokenSecret.name", "web"),
          Map.entry("settings.batch\\.size", "32"),
          Map.entry("model.captioner", "c"),
          Map.entry("model.filter", "f"),
          Map.entry("model.volume.persistentVolumeClaim.claimName", "blip"),
          Map.entry("gpu.enabled", "true"),
          Map.entry("gpu.runtimeClassName", "nvidia"),
          Map.entry("podMonitor.enabled", "true"),
          Map.entry("prometheusRule.enabled", "true"),
          Map.entry("dashboard.enabled", "true"),
          Map.entry("autoscaling.enabled", "true"),
          Map.entry("autoscaling.authenticationRef", "scaler"),
          Map.entry("jvmOptions", "-Xmx2g"),
          Map.entry("imagePullSecrets[0].name", "pull"));

  @BeforeEach
  void needHelm() {
    Chart.assumeHelm();
  }

  @Test
  void shouldPassLint() {
    LintResult result = new Helm(Chart.FOLDER).lint().strict().call();
    assertThat(result.isFailed()).as(String.join("\n", result.getMessages())).isFalse();
  }

  @Test
  void shouldConsistOfWhatKubernetesKnows() throws JsonProcessingException {
    for (Map<String, String> values : List.of(Map.<String, String>of(), ALL)) {
      for (JsonNode manifest : Chart.render(values)) {
        if (!manifest.path("kind").asText().equals("ScaledObject")) {
          StrictModels.read(manifest);
        }
      }
    }
  }

  @Test
  void shouldSeeAKeyThatKubernetesDoesNotKnow() {
    JsonNode deployment = only(Chart.render(Map.of()), "Deployment");
    ((ObjectNode) container(deployment).path("livenessProbe")).put("timeoutSecond", 5);
    assertThatThrownBy(() -> StrictModels.read(deployment)).hasMessageContaining("timeoutSecond");
  }

  @Test
  void shouldBringWhatWasSwitchedOnAndNothingElse() {
    assertThat(Chart.render(Map.of()).stream().map(one -> one.path("kind").asText()))
        .containsExactlyInAnyOrder(
            "ServiceAccount",
            "ConfigMap",
            "Service",
            "Deployment",
            "NetworkPolicy",
            "PodDisruptionBudget");
    assertThat(Chart.render(ALL).stream().map(one -> one.path("kind").asText()))
        .contains("PodMonitor", "PrometheusRule", "ScaledObject")
        .filteredOn("ConfigMap"::equals)
        .hasSize(2);
  }

  @Test
  void shouldRunWithoutRightsAndWithoutWritableFiles() {
    JsonNode deployment = only(Chart.render(Map.of()), "Deployment");
    JsonNode container = container(deployment);
    assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean()).isTrue();
    assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true)).isFalse();
    assertThat(container.at("/securityContext/capabilities/drop/0").asText()).isEqualTo("ALL");
    assertThat(pod(deployment).at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
    assertThat(pod(deployment).path("automountServiceAccountToken").asBoolean(true)).isFalse();
    String user = pod(deployment).at("/securityContext/runAsUser").asText();
    assertThat(Repository.text("deploy/image/Dockerfile")).contains("USER " + user + ":");
  }

  @Test
  void shouldLeaveTimeToStop() {
    Matcher stop =
        Pattern.compile("STOP_WITHIN = Duration.ofSeconds\\((\\d+)\\)")
            .matcher(
                Repository.text("streams-app/src/main/java/io/blipstream/app/cli/RunCommand.java"));
    assertThat(stop.find()).isTrue();
    int seconds = Integer.parseInt(stop.group(1));
    JsonNode pod = pod(only(Chart.render(Map.of()), "Deployment"));
    assertThat(pod.path("terminationGracePeriodSeconds").asInt()).isGreaterThan(seconds + 10);
    assertRefused("terminationGracePeriodSeconds", Map.of("terminationGracePeriodSeconds", "20"));
  }

  @Test
  void shouldAskTheServiceItself() {
    JsonNode container = container(only(Chart.render(Map.of()), "Deployment"));
    assertThat(container.at("/startupProbe/httpGet/path").asText()).isEqualTo("/health/live");
    assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/health/live");
    assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/health/ready");
    assertThat(
            container.at("/startupProbe/periodSeconds").asInt()
                * container.at("/startupProbe/failureThreshold").asInt())
        .isEqualTo(900);
  }

  @Test
  void shouldUseTheServicesOwnDefaults() {
    Map<String, String> environment =
        environment(container(only(Chart.render(Map.of()), "Deployment")));
    TopicNames names = TopicNames.DEFAULT;
    assertThat(environment)
        .containsEntry("BLIPSTREAM_TOPIC_IMAGES", names.images())
        .containsEntry("BLIPSTREAM_TOPIC_CAPTIONS", names.captions())
        .containsEntry("BLIPSTREAM_TOPIC_ITM_CONFIDENCE", names.itmConfidence())
        .containsEntry("BLIPSTREAM_TOPIC_REJECTS", names.rejects())
        .containsEntry(
            "BLIPSTREAM_APPLICATION_ID",
            ServiceConfig.definition()
                .defaultValues()
                .get(ServiceConfig.APPLICATION_ID)
                .toString());
  }

  @Test
  void shouldPassSettingsAndNameSecrets() {
    List<JsonNode> release = Chart.render(ALL);
    JsonNode container = container(only(release, "Deployment"));
    assertThat(environment(container))
        .containsEntry("BLIPSTREAM_BATCH_SIZE", "32")
        .containsEntry("BLIPSTREAM_CAPTIONER", "/models/c")
        .containsEntry("BLIPSTREAM_FILTER", "/models/f")
        .containsEntry("BLIPSTREAM_DEVICE", "gpu")
        .containsEntry("BLIPSTREAM_CACHE", "/var/cache/blipstream")
        .containsEntry("JDK_JAVA_OPTIONS", "-Xmx2g")
        .containsEntry("KAFKA_SASL_JAAS_CONFIG", "secret user/sasl.jaas.config")
        .containsEntry("KAFKA_BASIC_AUTH_USER_INFO", "secret registry/user-info")
        .containsEntry("BLIPSTREAM_WEB_TOKEN", "secret web/token")
        .doesNotContainKey("BLIPSTREAM_WEB_OPEN");
    assertThat(Chart.all(release, "Secret")).isEmpty();
    assertThat(only(release, "PodMonitor").at("/spec/podMetricsEndpoints/0/authorization"))
        .hasToString("{\"credentials\":{\"name\":\"web\",\"key\":\"token\"}}");
    assertThat(config(release).lines().filter(line -> line.matches("[^#].*")))
        .containsExactly(
            "basic.auth.credentials.source=USER_INFO",
            "security.protocol=SASL_SSL",
            "ssl.truststore.location=/etc/blipstream/ca/ca.crt",
            "ssl.truststore.type=PEM");
  }

  @Test
  void shouldAskForOneGpuAnInstanceAndTolerateItsTaint() {
    JsonNode deployment = only(Chart.render(ALL), "Deployment");
    assertThat(container(deployment).at("/resources/limits/nvidia.com~1gpu").asInt()).isOne();
    assertThat(pod(deployment).at("/tolerations/0/key").asText()).isEqualTo("nvidia.com/gpu");
    assertThat(pod(deployment).path("runtimeClassName").asText()).isEqualTo("nvidia");
    assertThat(deployment.at("/spec/strategy/rollingUpdate/maxSurge").asInt(-1)).isZero();
    JsonNode without = only(Chart.render(Map.of()), "Deployment");
    assertThat(container(without).at("/resources/limits").has("nvidia.com/gpu")).isFalse();
    assertThat(without.at("/spec/strategy/rollingUpdate/maxUnavailable").asInt(-1)).isZero();
  }

  @Test
  void shouldScaleByLagWithinThePartitions() {
    List<JsonNode> release =
        Chart.render(with(ALL, "autoscaling.maxReplicas", "12", "topics.partitions", "12"));
    JsonNode spec = only(release, "ScaledObject").path("spec");
    assertThat(spec.path("maxReplicaCount").asInt()).isEqualTo(12);
    assertThat(spec.at("/scaleTargetRef/name").asText())
        .isEqualTo(only(release, "Deployment").at("/metadata/name").asText());
    JsonNode trigger = spec.at("/triggers/0");
    assertThat(trigger.path("type").asText()).isEqualTo("kafka");
    assertThat(trigger.at("/authenticationRef/name").asText()).isEqualTo("scaler");
    assertThat(trigger.at("/metadata/allowIdleConsumers").asText()).isEqualTo("false");
    // KEDA takes its metadata as texts only.
    trigger.path("metadata").forEach(value -> assertThat(value.isTextual()).isTrue());
    // Two that set the number of instances would undo each other's work.
    assertThat(only(release, "Deployment").at("/spec").has("replicas")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "exceeds topics.partitions=12 | replicas | 13",
        "replica | replica | 2",
        "kafka.config: ssl.keystore.password is a secret"
            + " | kafka.config.ssl\\.keystore\\.password | hush",
        "schemaRegistry.config: basic.auth.user.info is a secret"
            + " | schemaRegistry.config.basic\\.auth\\.user\\.info | me:hush",
        "url | schemaRegistry.url | http://me:hush@registry",
        "both model.captioner and model.filter | model.captioner | c",
      })
  void shouldRefuseWhatCannotBeMeant(String message, String key, String value) {
    assertRefused(message, Map.of(key, value));
  }

  @Test
  void shouldRefuseMoreInstancesThanPartitionsWhenScaling() {
    assertRefused(
        "autoscaling.maxReplicas=13 exceeds topics.partitions=12",
        Map.of("autoscaling.enabled", "true", "autoscaling.maxReplicas", "13"));
  }

  @Test
  void shouldSayWhatIsMissing() {
    assertThatThrownBy(() -> Chart.template(Map.of(), Map.of()))
        .hasMessageContaining("kafka.bootstrapServers is missing");
  }

  @Test
  void shouldLetInOnlyWhoMayAskAndOutOnlyWhereItMust() {
    JsonNode policy = only(Chart.render(Map.of()), "NetworkPolicy").path("spec");
    assertThat(policy.path("policyTypes")).hasToString("[\"Ingress\",\"Egress\"]");
    assertThat(policy.at("/ingress/0/from")).hasSize(2);
    for (JsonNode rule : policy.path("egress")) {
      // No rule without ports: that would be everything.
      assertThat(rule.path("ports")).isNotEmpty();
    }
    JsonNode withoutLinks =
        only(Chart.render(Map.of("networkPolicy.imageLinks.enabled", "false")), "NetworkPolicy");
    assertThat(withoutLinks.toString()).doesNotContain("0.0.0.0/0");
  }

  private static void assertRefused(String message, Map<String, String> values) {
    assertThatThrownBy(() -> Chart.render(values)).hasMessageContaining(message);
  }

  private static JsonNode pod(JsonNode deployment) {
    return deployment.at("/spec/template/spec");
  }

  private static JsonNode container(JsonNode deployment) {
    return pod(deployment).at("/containers/0");
  }

  private static String config(List<JsonNode> release) {
    return Chart.all(release, "ConfigMap").stream()
        .map(one -> one.path("data").path("kafka.properties"))
        .filter(JsonNode::isTextual)
        .findFirst()
        .orElseThrow()
        .asText();
  }

  private static Map<String, String> environment(JsonNode container) {
    Map<String, String> environment = new HashMap<>();
    for (JsonNode variable : container.path("env")) {
      JsonNode secret = variable.at("/valueFrom/secretKeyRef");
      environment.put(
          variable.path("name").asText(),
          secret.isMissingNode()
              ? variable.path("value").asText()
              : "secret " + secret.path("name").asText() + "/" + secret.path("key").asText());
    }
    return environment;
  }

  private static Map<String, String> with(Map<String, String> values, String... more) {
    Map<String, String> all = new HashMap<>(values);
    for (int i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    return all;
  }
}
