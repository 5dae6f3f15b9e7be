package io.blipstream.app.cli.soak;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Compares what went in with what came out, and knows for every input what must come of it.
 *
 * <p>It is told all inputs first, then all outcomes, those of an output partition in the order in
 * which they lie there. Inputs and outcomes meet by coordinates, so that even two inputs with one
 * id are told apart.
 *
 * <p>Under at least once, outcomes may come again, but the first of each must stand in the order of
 * the input. All outcomes of an image have its id as their key and so lie in one partition of a
 * topic; that makes "first" a matter of one partition.
 */
public final class Oracle {

  private static final int EXAMPLES = 10;

  private final Guarantee guarantee;
  private final Function<String, Expectation> expectations;
  private final Map<Place, Input> inputs = new HashMap<>();
  private final Map<Way, Long> reached = new HashMap<>();
  private final Map<InputPartition, Long> unread = new HashMap<>();
  private final Map<Breach, Long> breaches = new EnumMap<>(Breach.class);
  private final Map<Breach, List<String>> examples = new EnumMap<>(Breach.class);
  private long outcomes;
  private long repeated;

  /**
   * @param expectations what must come of the input with an id
   */
  public Oracle(Guarantee guarantee, Function<String, Expectation> expectations) {
    this.guarantee = guarantee;
    this.expectations = expectations;
  }

  private record InputPartition(String topic, int partition) {
    static InputPartition of(Place place) {
      return new InputPartition(place.topic(), place.partition());
    }
  }

  /** From an input partition to an output partition. */
  private record Way(String to, InputPartition from) {}

  private static final class Input {
    private final String id;
    private int imageOutcomes;

    /** By the index of the text in what is expected. */
    private final byte[] texts;

    Input(String id, int texts) {
      this.id = id;
      this.texts = new byte[texts];
    }

    /** Counts a text and says how often it has come before. */
    int addText(int index) {
      int before = texts[index];
      texts[index] = (byte) Math.min(Byte.MAX_VALUE, before + 1);
      return before;
    }
  }

  /** A record of the input topic. */
  public void input(Place place, String id) {
    int texts = expectations.apply(id) instanceof Expectation.Judged j ? j.texts().size() : 0;
    inputs.put(place, new Input(id, texts));
  }

  /** The next record of an output partition. */
  public void outcome(Outcome outcome) {
    if (!(outcome instanceof Outcome.OfText)) {
      outcomes++;
    }
    Outcome.Origin origin = outcome.origin();
    Input input = inputs.get(origin.from());
    if (input == null) {
      breach(Breach.WITHOUT_INPUT, origin + " answers no input");
    } else if (!input.id.equals(origin.imageId())) {
      breach(Breach.WRONG_PLACE, origin + ", but there lies " + input.id);
    } else {
      int before = count(outcome, input, expectations.apply(input.id));
      if (before > 0) {
        again(origin, before);
      }
      if (before == 0 || guarantee == Guarantee.EXACTLY_ONCE) {
        order(origin);
      }
    }
  }

  /** Enters an outcome with its input, and says how often the same has come before. */
  private int count(Outcome outcome, Input input, Expectation expected) {
    if (outcome instanceof Outcome.OfText one) {
      int index =
          expected instanceof Expectation.Judged judged ? judged.texts().indexOf(one.text()) : -1;
      if (index < 0) {
        breach(Breach.WRONG_OUTCOME, outcome + " where " + expected + " is due");
        return 0;
      }
      return input.addText(index);
    }
    boolean asExpected =
        outcome instanceof Outcome.Confidence confidence
            ? expected.equals(new Expectation.Judged(confidence.texts()))
            : outcome instanceof Outcome.ImageReject reject
                && expected.equals(new Expectation.Rejected(reject.stage(), reject.reason()));
    if (!asExpected) {
      breach(Breach.WRONG_OUTCOME, outcome + " where " + expected + " is due");
    }
    return input.imageOutcomes++;
  }

  private void again(Outcome.Origin origin, int before) {
    if (guarantee == Guarantee.EXACTLY_ONCE) {
      breach(Breach.DUPLICATED, origin + " has come " + before + " times before");
    } else {
      repeated++;
    }
  }

  private void order(Outcome.Origin origin) {
    Place from = origin.from();
    Way way = new Way(origin.liesIn(), InputPartition.of(from));
    long furthest = reached.merge(way, from.offset(), Math::max);
    if (furthest > from.offset()) {
      breach(Breach.OUT_OF_ORDER, origin + " comes after offset " + furthest);
    }
  }

  /**
   * Where the input's group has come to once all is quiet. What lies beyond is not lost but still
   * to be read; that it is there at all is a breach of its own.
   */
  public void committed(String topic, int partition, long committed, long logEnd) {
    unread.put(new InputPartition(topic, partition), committed);
    if (committed != logEnd) {
      breach(
          Breach.NOT_COMMITTED,
          topic + "-" + partition + " is committed to " + committed + " of " + logEnd);
    }
  }

  /** Where an output partition ends once the service has stopped. */
  public void stable(String partition, long lastStableOffset, long logEnd) {
    if (lastStableOffset != logEnd) {
      breach(
          Breach.OPEN_TRANSACTION,
          partition + " is stable to " + lastStableOffset + " of " + logEnd);
    }
  }

  /** How many inputs Kafka took: an oracle that sees fewer has not looked. */
  public void acknowledged(long sent) {
    if (inputs.size() < sent || sent == 0) {
      breach(Breach.INPUT_MISSING, sent + " inputs were acknowledged, " + inputs.size() + " found");
    }
  }

  /** What was found; to be asked once all is told. */
  public Findings findings() {
    Map<Breach, Long> all = new EnumMap<>(breaches);
    Map<Breach, List<String>> sentences = new EnumMap<>(Breach.class);
    examples.forEach((breach, some) -> sentences.put(breach, new ArrayList<>(some)));
    inputs.forEach(
        (place, input) -> {
          if (place.offset() >= unread.getOrDefault(InputPartition.of(place), Long.MAX_VALUE)) {
            return;
          }
          if (input.imageOutcomes == 0) {
            add(all, sentences, Breach.LOST, input.id + " at " + place + " has no outcome");
          } else {
            for (byte count : input.texts) {
              if (count == 0) {
                add(
                    all,
                    sentences,
                    Breach.TEXT_LOST,
                    input.id + " at " + place + " lacks the caption or reject of a text");
              }
            }
          }
        });
    return new Findings(
        inputs.size(),
        outcomes,
        repeated,
        all,
        sentences.entrySet().stream()
            .flatMap(entry -> entry.getValue().stream().map(text -> entry.getKey() + ": " + text))
            .toList());
  }

  private void breach(Breach breach, String sentence) {
    add(breaches, examples, breach, sentence);
  }

  private static void add(
      Map<Breach, Long> counts,
      Map<Breach, List<String>> sentences,
      Breach breach,
      String sentence) {
    counts.merge(breach, 1L, Long::sum);
    List<String> some = sentences.computeIfAbsent(breach, any -> new ArrayList<>());
    if (some.size() < EXAMPLES) {
      some.add(sentence);
    }
  }
}
