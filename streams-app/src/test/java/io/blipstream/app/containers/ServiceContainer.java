package io.blipstream.app.containers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerStatus;

/**
 * One instance of the service in its own image, confined as it is meant to be run: as the image's
 * user, without any capability, with nothing to write to but {@code /tmp}.
 */
final class ServiceContainer extends GenericContainer<ServiceContainer> {

  /** Where a container finds what it is given as files. */
  static final String FILES = "/etc/blipstream";

  /** What the documentation promises a container that stops. */
  private static final int STOPS_WITHIN_SECONDS = 30;

  private static final Duration STARTS_WITHIN = Duration.ofMinutes(3);
  private static final long MEMORY = 1L << 30;

  private final Consumer<String> logs;

  /**
   * @param files a folder of this machine that the container can read
   * @param logs told all that the container said, once it is removed
   */
  ServiceContainer(Network network, Path files, Consumer<String> logs) {
    super(ServiceImage.image());
    this.logs = logs;
    withNetwork(network);
    withCreateContainerCmdModifier(
        command -> confine(Objects.requireNonNull(command.getHostConfig()), files));
    withStartupTimeout(STARTS_WITHIN);
  }

  private static void confine(HostConfig host, Path files) {
    host.withReadonlyRootfs(true)
        .withTmpFs(Map.of("/tmp", "rw,exec,nosuid,size=256m"))
        .withCapDrop(Capability.ALL)
        .withSecurityOpts(List.of("no-new-privileges"))
        .withMemory(MEMORY)
        .withBinds(new Bind(files.toString(), new Volume(FILES), AccessMode.ro));
  }

  /** Starts, and returns when the service judges. */
  ServiceContainer untilItJudges() {
    waitingFor(Wait.forLogMessage(".*Judging .*", 1).withStartupTimeout(STARTS_WITHIN));
    start();
    return this;
  }

  /** Starts, and returns when the command has ended. */
  ServiceContainer untilItEnds() {
    withStartupCheckStrategy(new Ended());
    waitingFor(
        new AbstractWaitStrategy() {
          @Override
          protected void waitUntilReady() {}
        });
    start();
    return this;
  }

  /** As the kernel ends a process that takes too much memory, or a node that goes away. */
  void killHard() {
    dockerClient.killContainerCmd(getContainerId()).withSignal("KILL").exec();
  }

  /** As an orchestrator ends a container: SIGTERM, and SIGKILL if it takes too long. */
  void terminate() {
    dockerClient.stopContainerCmd(getContainerId()).withTimeout(STOPS_WITHIN_SECONDS).exec();
  }

  /** The exit code of a container that has ended. */
  long exitCode() {
    return Objects.requireNonNull(
        dockerClient.inspectContainerCmd(getContainerId()).exec().getState().getExitCodeLong());
  }

  @Override
  public void stop() {
    if (getContainerId() != null) {
      logs.accept(getLogs());
    }
    super.stop();
  }

  /** Takes a container that has ended, in whatever way, for started. */
  private static final class Ended extends StartupCheckStrategy {
    Ended() {
      withTimeout(STARTS_WITHIN);
    }

    @Override
    public StartupStatus checkStartupState(DockerClient client, String containerId) {
      return DockerStatus.isContainerStopped(getCurrentState(client, containerId))
          ? StartupStatus.SUCCESSFUL
          : StartupStatus.NOT_YET_KNOWN;
    }
  }
}
