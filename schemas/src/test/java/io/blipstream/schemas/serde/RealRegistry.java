package io.blipstream.schemas.serde;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Apicurio Registry in a process of its own, with its schemas in a folder, so that it can be
 * restarted. Its archive of 109 MB is no part of the build: it is taken from where Maven has it
 * once it was fetched, or from {@code BLIPSTREAM_REGISTRY_ARCHIVE}.
 */
final class RealRegistry implements AutoCloseable {

  /** How to have it, where there is none. */
  static final String MISSING =
      "These tests need Apicurio Registry: mvn"
          + " org.apache.maven.plugins:maven-dependency-plugin:2.8:get -Dtransitive=false"
          + " -Dartifact=io.apicurio:apicurio-registry-app:3.0.9:tar.gz:all";

  /** The newest that runs on Java 17, where Maven keeps it. */
  private static final Path FETCHED =
      Path.of(
          System.getProperty("user.home"),
          ".m2/repository/io/apicurio/apicurio-registry-app/3.0.9",
          "apicurio-registry-app-3.0.9-all.tar.gz");

  private static final Path HOME = Path.of("target", "apicurio");
  private static final Duration START = Duration.ofMinutes(2);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Path program;
  private final Path folder;
  private final int port;
  private final Map<String, String> settings;
  private Process process;

  private RealRegistry(Path program, Path folder, int port, Map<String, String> settings) {
    this.program = program;
    this.folder = folder;
    this.port = port;
    this.settings = settings;
  }

  /** The archive that the environment names, which must be there, or the one that Maven has. */
  static Optional<Path> archive() {
    String named = System.getenv("BLIPSTREAM_REGISTRY_ARCHIVE");
    if (named != null && !named.isBlank()) {
      return Optional.of(Path.of(named));
    }
    return Optional.of(FETCHED).filter(Files::exists);
  }

  /**
   * @param archive to unpack, if that was not done already
   * @param folder where it keeps its schemas and its log
   */
  static RealRegistry start(Path archive, Path folder) throws IOException, InterruptedException {
    return start(archive, folder, Map.of());
  }

  /**
   * The same with settings of its own.
   *
   * @param settings of Apicurio's or Quarkus's
   */
  static RealRegistry start(Path archive, Path folder, Map<String, String> settings)
      throws IOException, InterruptedException {
    unpack(archive);
    RealRegistry registry = new RealRegistry(program(), folder, freePort(), settings);
    registry.start();
    return registry;
  }

  /** The address of Confluent's interface, for {@code schema.registry.url}. */
  String url() {
    return "http://127.0.0.1:%d/apis/ccompat/v7".formatted(port);
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return HTTP.send(request(path).GET().build(), BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    return HTTP.send(
        request(path).POST(HttpRequest.BodyPublishers.ofString(body)).build(),
        BodyHandlers.ofString());
  }

  /** Starts it, at the address it had, and waits until it answers. */
  void start() throws IOException, InterruptedException {
    Path log = folder.resolve("registry.log");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + port,
                "-Dapicurio.datasource.url=jdbc:h2:file:" + folder.resolve("schemas"),
                "-Dapicurio.datasource.jdbc.initial-size=1",
                "-Dapicurio.datasource.jdbc.min-size=1"));
    settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.addAll(List.of("-jar", program.toString()));
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    long deadline = System.nanoTime() + START.toNanos();
    while (!answers()) {
      if (!process.isAlive() || System.nanoTime() - deadline > 0) {
        close();
        throw new IOException("The registry does not start:\n" + lastLines(log));
      }
      Thread.sleep(100);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private boolean answers() throws InterruptedException {
    try {
      int status = get("/subjects").statusCode();
      return status == 200 || status == 401;
    } catch (IOException e) {
      return false;
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url() + path))
        .timeout(Duration.ofSeconds(20))
        .header("Content-Type", "application/vnd.schemaregistry.v1+json");
  }

  private static void unpack(Path archive) throws IOException, InterruptedException {
    Path done = HOME.resolve("unpacked");
    if (Files.exists(done)) {
      return;
    }
    Files.createDirectories(HOME);
    Process tar =
        new ProcessBuilder("tar", "-xzf", archive.toString(), "-C", HOME.toString())
            .inheritIO()
            .start();
    if (tar.waitFor() != 0) {
      throw new IOException(archive + " could not be unpacked.");
    }
    Files.createFile(done);
  }

  private static Path program() throws IOException {
    try (Stream<Path> files = Files.list(HOME)) {
      return files
          .filter(file -> file.toString().endsWith("-runner.jar"))
          .findFirst()
          .orElseThrow(() -> new IOException("No registry was unpacked into " + HOME + "."));
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String lastLines(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
  }
}
