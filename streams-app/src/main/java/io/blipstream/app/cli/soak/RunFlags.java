package io.blipstream.app.cli.soak;

import io.blipstream.app.cli.soak.SoakPlan.StreamKind;
import io.blipstream.app.config.ServiceConfig;
import io.blipstream.app.config.TopicNames;
import io.blipstream.model.engine.simulated.SimulatedAnswers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of one instance of the service, as a user would write it. */
public final class RunFlags {

  private static final int BATCH = 16;

  private RunFlags() {}

  /**
   * The service's topics and group are named after the stream.
   *
   * @param state folder of this one process
   */
  public static List<String> of(
      SoakPlan plan,
      StreamKind kind,
      String bootstrapServers,
      String registryUrl,
      SimulatedAnswers answers,
      Path state) {
    TopicNames topics = topics(kind);
    List<String> flags = new ArrayList<>(List.of("run", "--verbose"));
    add(flags, ServiceConfig.BOOTSTRAP_SERVERS, bootstrapServers);
    add(flags, "schema.registry.url", registryUrl);
    add(flags, ServiceConfig.APPLICATION_ID, group(kind));
    add(flags, ServiceConfig.TOPIC_IMAGES, topics.images());
    add(flags, ServiceConfig.TOPIC_CAPTIONS, topics.captions());
    add(flags, ServiceConfig.TOPIC_ITM_CONFIDENCE, topics.itmConfidence());
    add(flags, ServiceConfig.TOPIC_REJECTS, topics.rejects());
    add(flags, ServiceConfig.PROCESSING_GUARANTEE, kind.guarantee().setting());
    add(flags, ServiceConfig.GROUP_PROTOCOL, kind.protocol());
    add(flags, ServiceConfig.TRANSACTION_TIMEOUT_MS, SoakPlan.TRANSACTION_TIMEOUT.toMillis());
    add(flags, ServiceConfig.STATE_DIR, state);
    if (kind.protocol() == Protocol.CLASSIC) {
      // Under the streams protocol the session is the broker's to set.
      long session = plan.sessionTimeout().toMillis();
      flags.addAll(List.of("-X", "consumer.session.timeout.ms=" + session));
      flags.addAll(List.of("-X", "consumer.heartbeat.interval.ms=" + session / 4));
    }
    engine(flags, answers);
    flags.addAll(plan.runFlags());
    return flags;
  }

  /**
   * A device slow enough that records are in flight whenever something happens, with failures of
   * every kind: images that fail, batches that memory does not suffice for, and now and then a hang
   * of longer than a transaction may be open.
   */
  private static void engine(List<String> flags, SimulatedAnswers answers) {
    add(flags, ServiceConfig.BATCH_SIZE, BATCH);
    add(flags, "engine", "simulated");
    add(flags, "engine.seed", answers.seed());
    add(flags, "fail.rate", answers.failRate());
    add(flags, "batch.millis", 60);
    add(flags, "item.millis", 1);
    add(flags, "oom.above", BATCH * 3 / 4);
    add(flags, "hang.rate", 0.003);
    add(flags, "hang.millis", SoakPlan.TRANSACTION_TIMEOUT.toMillis() * 5 / 4);
    // Decoding is not what is tried here, but bad images must be told from good ones.
    add(flags, "image.side", 32);
  }

  private static void add(List<String> flags, String key, Object value) {
    flags.add("--" + key.replace('.', '-') + "=" + value);
  }

  /** The consumer group of a stream. */
  public static String group(StreamKind kind) {
    return "soak-" + kind.name();
  }

  /** The topics of a stream. */
  public static TopicNames topics(StreamKind kind) {
    String name = group(kind);
    return new TopicNames(
        name + "-images", name + "-captions", name + "-itm-confidence", name + "-rejects");
  }
}
