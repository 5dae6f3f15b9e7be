/** Puts the page together: each part is told what concerns it, and knows nothing of the others. */

import { Charts } from "./charts.js";
import { Sheet } from "./cards.js";
import { announce, byId, setText } from "./dom.js";
import { connect } from "./events.js";
import { Filters } from "./filters.js";
import { count } from "./format.js";
import { Histogram } from "./histogram.js";
import { Sender } from "./send.js";
import { startTheme } from "./theme.js";
import { TopologyDrawing } from "./topology.js";

const PHASES = {
  CHECKING: "Checking Kafka",
  LOADING: "Loading the model",
  JOINING: "Waiting for partitions",
  RUNNING: "Running",
  STOPPING: "Stopping",
  FAILED: "Failed",
};

const LEVELS = { RUNNING: "good", FAILED: "bad" };

startTheme();
const filters = new Filters(() => sheet.refill());
const sheet = new Sheet(filters);
const histogram = new Histogram();
const charts = new Charts();
const topology = new TopologyDrawing();
const sender = new Sender();
let life = "";
let lost = 0;
let link = "";

function showState(level, text) {
  byId("state").dataset.level = level;
  setText(byId("state-text"), text);
}

connect({
  hello(greeting) {
    if (life !== "" && life !== greeting.life) {
      announce("The service was started anew");
    }
    life = greeting.life;
    document.title = `${greeting.applicationId} \u2013 Blipstream`;
    histogram.begin(greeting.threshold);
    charts.begin(greeting.series);
    topology.begin(greeting);
    sender.begin(greeting);
  },
  card(card) {
    sheet.add(card);
    sender.card(card);
  },
  tick(tick) {
    const broken = tick.device !== undefined && tick.device !== "working";
    if (broken) {
      showState("bad", tick.deviceDetail);
    } else {
      showState(LEVELS[tick.phase] ?? "wait", PHASES[tick.phase] ?? tick.phase);
    }
    histogram.update(tick.scores);
    charts.tick(tick);
    topology.tick(tick);
    if (tick.counts) {
      setText(byId("model"), describe(tick.model));
      filters.offer(tick.counts.reasons);
      sheet.rate(tick.rates.images);
      showLedger(tick.counts);
    }
    showCost(tick.page);
  },
  lost(number) {
    lost += number;
  },
  link(now) {
    if (now === "broken") {
      showState("bad", "Connection lost, trying again");
      announce("Connection to the service lost");
    } else if (link === "broken") {
      announce("Connection is back");
    }
    link = now;
  },
});

function describe(model) {
  const models = model.captioner === model.filter ? model.captioner : `${model.captioner} + ${model.filter}`;
  return `${models}, ${model.engine}`;
}

/** The conservation law, in words. */
function showLedger(counts) {
  const images = `${count(counts.images)} images = ${count(counts.confidences)} judged + ${count(counts.imageRejects)} rejected whole`;
  const texts = `${count(counts.texts)} texts = ${count(counts.captions)} kept + ${count(counts.textRejects)} rejected`;
  const gap = counts.gap === 0 ? "Nothing missing." : `${count(counts.gap)} records do not add up.`;
  setText(byId("ledger"), `Since the start: ${images}; ${texts}. ${gap}`);
}

function showCost(page) {
  const dropped = page.droppedCards + lost;
  setText(
    byId("page-cost"),
    `${count(page.cards)} of them as cards here` +
      (dropped > 0 ? `, ${count(dropped)} cards dropped so that nothing waits for this page` : ""),
  );
}
