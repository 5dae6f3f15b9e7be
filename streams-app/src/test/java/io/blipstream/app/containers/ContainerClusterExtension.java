package io.blipstream.app.containers;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;

/**
 * Gives tests the one {@link ContainerCluster}, which starts with the first that asks and stops
 * with the last test of all; skips the tests, and says so, where no Docker engine answers.
 */
final class ContainerClusterExtension implements ExecutionCondition, ParameterResolver {

  private static final Namespace HERE = Namespace.create(ContainerClusterExtension.class);

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    boolean answers =
        context
            .getRoot()
            .getStore(HERE)
            .computeIfAbsent("docker", any -> dockerAnswers(), Boolean.class);
    return answers
        ? ConditionEvaluationResult.enabled("a Docker engine answers")
        : ConditionEvaluationResult.disabled("no Docker engine answers");
  }

  private static boolean dockerAnswers() {
    // Testcontainers tells of every way in which it looked for an engine; one sentence is enough.
    Logger search = (Logger) LoggerFactory.getLogger("org.testcontainers.dockerclient");
    search.setLevel(Level.OFF);
    boolean answers = DockerClientFactory.instance().isDockerAvailable();
    if (!answers) {
      System.err.println(
          "Skipping the tests with containers: no Docker engine answers. Start one, or set"
              + " DOCKER_HOST to one that runs.");
    }
    return answers;
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == ContainerCluster.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(HERE)
        .computeIfAbsent("cluster", any -> start(), ContainerCluster.class);
  }

  private static ContainerCluster start() {
    try {
      return ContainerCluster.start();
    } catch (Exception e) {
      throw new IllegalStateException("Kafka or the registry did not start in its container", e);
    }
  }
}
