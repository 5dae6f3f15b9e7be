package io.blipstream.app.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import java.util.Map;

/**
 * Reads manifests into the classes that clients of Kubernetes and Strimzi use, and refuses what
 * those do not know: a misspelt or misplaced key, a text where a number belongs.
 */
final class StrictModels {

  private static final Map<String, Class<?>> MODELS =
      Map.ofEntries(
          Map.entry("v1 ConfigMap", ConfigMap.class),
          Map.entry("v1 PersistentVolumeClaim", PersistentVolumeClaim.class),
          Map.entry("v1 Secret", Secret.class),
          Map.entry("v1 Service", Service.class),
          Map.entry("v1 ServiceAccount", ServiceAccount.class),
          Map.entry("apps/v1 Deployment", Deployment.class),
          Map.entry("networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class),
          Map.entry("policy/v1 PodDisruptionBudget", PodDisruptionBudget.class),
          Map.entry("monitoring.coreos.com/v1 PodMonitor", PodMonitor.class),
          Map.entry("monitoring.coreos.com/v1 PrometheusRule", PrometheusRule.class),
          Map.entry("kafka.strimzi.io/v1 Kafka", strimzi("kafka.Kafka")),
          Map.entry("kafka.strimzi.io/v1 KafkaNodePool", strimzi("nodepool.KafkaNodePool")),
          Map.entry("kafka.strimzi.io/v1 KafkaTopic", strimzi("topic.KafkaTopic")),
          Map.entry("kafka.strimzi.io/v1 KafkaUser", strimzi("user.KafkaUser")));

  /** The classes take unknown keys into a map of their own; here they shall not. */
  private static final ObjectMapper STRICT =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .setAnnotationIntrospector(
              new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1;

                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                  return false;
                }
              });

  private StrictModels() {}

  static boolean knows(JsonNode manifest) {
    return MODELS.containsKey(name(manifest));
  }

  /**
   * The manifest as its class.
   *
   * @throws JsonProcessingException naming the key that has no place there
   */
  static Object read(JsonNode manifest) throws JsonProcessingException {
    Class<?> model = MODELS.get(name(manifest));
    if (model == null) {
      throw new IllegalArgumentException("No class is known for " + name(manifest));
    }
    return STRICT.treeToValue(manifest, model);
  }

  /** By name: the compiler would miss annotations of these classes, which are not published. */
  private static Class<?> strimzi(String model) {
    try {
      return Class.forName("io.strimzi.api.kafka.model." + model);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String name(JsonNode manifest) {
    return manifest.path("apiVersion").asText() + " " + manifest.path("kind").asText();
  }
}
