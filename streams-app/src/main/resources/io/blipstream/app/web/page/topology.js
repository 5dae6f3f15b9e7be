/** The topology as a drawing with live rates: across on wide screens, downwards on narrow ones. */

import { byId, h, s, setText } from "./dom.js";
import { bytes, count, percent, rate } from "./format.js";

const narrow = window.matchMedia("(max-width: 760px)");

/** Where things are, in the units of the drawing; edges run from one anchor to the next. */
const ACROSS = {
  width: 1180,
  height: 199,
  window: [222, 38, 596, 126],
  nodes: {
    images: [12, 70, 156, 64],
    decode: [244, 74, 140, 62],
    batch: [446, 74, 148, 62],
    model: [656, 74, 140, 62],
    captions: [1000, 4, 172, 56],
    confidences: [1000, 72, 172, 56],
    rejects: [1000, 140, 172, 56],
  },
  edges: {
    images: ["M168 105H244", 195, 92],
    decoded: ["M384 105H446"],
    batched: ["M594 105H656"],
    judged: ["M796 105H850"],
    captions: ["M850 105C900 105 888 32 938 32H1000", 964, 22],
    confidences: ["M850 105H1000", 964, 95],
    rejects: ["M850 105C900 105 888 168 938 168H1000", 964, 158],
  },
};

const DOWN = {
  width: 360,
  height: 556,
  window: [20, 100, 320, 278],
  nodes: {
    images: [90, 6, 180, 60],
    decode: [90, 134, 180, 56],
    batch: [90, 214, 180, 64],
    model: [90, 302, 180, 56],
    captions: [6, 460, 110, 64],
    confidences: [122, 460, 116, 64],
    rejects: [244, 460, 110, 64],
  },
  edges: {
    images: ["M180 66V134", 222, 88],
    decoded: ["M180 190V214"],
    batched: ["M180 278V302"],
    judged: ["M180 358V400"],
    captions: ["M180 400C180 430 61 410 61 440V460", 61, 546],
    confidences: ["M180 400V460", 180, 546],
    rejects: ["M180 400C180 430 299 410 299 440V460", 299, 546],
  },
};

/** Cells of the batch that are drawn, whatever its size. */
const CELLS = 16;

export class TopologyDrawing {
  #parts = {};
  #greeting = { topics: {} };
  #tick = null;

  constructor() {
    narrow.addEventListener("change", () => this.#build());
    this.#build();
  }

  begin(greeting) {
    this.#greeting = greeting;
    this.#build();
  }

  tick(tick) {
    this.#tick = tick;
    this.#update();
  }

  #build() {
    const plan = narrow.matches ? DOWN : ACROSS;
    const topics = this.#greeting.topics;
    this.#parts = { edges: {}, rates: {}, notes: {}, cells: [] };
    const drawing = s("svg", {
      viewBox: `0 0 ${plan.width} ${plan.height}`,
      "aria-hidden": "true",
      class: narrow.matches ? "down" : "across",
    });
    const [wx, wy, ww, wh] = plan.window;
    this.#parts.windowNote = s("text", { x: wx + 14, y: wy + 23, class: "note" });
    drawing.append(
      s("rect", { x: wx, y: wy, width: ww, height: wh, rx: 10, class: "window" }),
      this.#parts.windowNote,
    );
    for (const [name, [path, x, y]] of Object.entries(plan.edges)) {
      const flow = s("path", { d: path, class: `flow ${name}` });
      this.#parts.edges[name] = flow;
      drawing.append(s("path", { d: path, class: `edge ${name}` }), flow);
      if (x !== undefined) {
        this.#parts.rates[name] = s("text", { x, y, class: "rate" });
        drawing.append(this.#parts.rates[name]);
      }
    }
    for (const [name, title] of [
      ["images", topics.images ?? "images"],
      ["captions", topics.captions ?? "captions"],
      ["confidences", topics.confidences ?? "itm-confidence"],
      ["rejects", topics.rejects ?? "rejects"],
    ]) {
      drawing.append(this.#topic(name, title, plan.nodes[name]));
    }
    drawing.append(
      this.#step("decode", "fetch, decode", plan.nodes.decode),
      this.#batch(plan.nodes.batch),
      this.#step("model", "caption, filter", plan.nodes.model),
    );
    this.#parts.words = h("p", { class: "vh" });
    byId("topology").replaceChildren(drawing, this.#parts.words);
    this.#update();
  }

  /** A topic is a log: cells, the newest at the end. */
  #topic(name, title, [x, y, width, height]) {
    const cells = s("g", { class: "log" });
    const size = 7;
    const top = y + height - size - 13;
    const right = x + width - 10 - (width < 130 ? 40 : name === "images" ? 84 : 62);
    for (let left = x + 12; left + size < right; left += size + 3) {
      cells.append(s("rect", { x: left, y: top, width: size, height: size, rx: 1.5 }));
    }
    this.#parts.notes[name] = s("text", { x: x + width - 12, y: top + size + 1, class: "total" });
    return s(
      "g",
      { class: `topic ${name}` },
      s("rect", { x, y, width, height, rx: 8, class: "box" }),
      s("text", { x: x + 12, y: y + 23, class: "title" }, shortened(title, width < 130 ? 14 : 18)),
      this.#parts.notes[name],
      cells,
    );
  }

  #step(name, title, [x, y, width, height]) {
    this.#parts.notes[name] = s("text", { x: x + width / 2, y: y + height - 14, class: "note middle" });
    return s(
      "g",
      { class: `step ${name}` },
      s("rect", { x, y, width, height, rx: 8, class: "box" }),
      s("text", { x: x + width / 2, y: y + 24, class: "title middle" }, title),
      this.#parts.notes[name],
    );
  }

  #batch([x, y, width, height]) {
    const group = this.#step("batch", "micro-batch", [x, y, width, height]);
    const size = (width - 24) / CELLS;
    for (let i = 0; i < CELLS; i++) {
      const cell = s("rect", { x: x + 12 + i * size, y: y + height - 11, width: size - 1.5, height: 5, rx: 1 });
      this.#parts.cells.push(cell);
      group.append(cell);
    }
    this.#parts.notes.batch.setAttribute("y", y + height - 18);
    return group;
  }

  #update() {
    const tick = this.#tick;
    if (!tick || !tick.rates) {
      setText(this.#parts.windowNote, "in-flight window");
      return;
    }
    const { rates, counts } = tick;
    const shown = {
      images: rates.images,
      captions: rates.captions,
      confidences: rates.confidences,
      rejects: rates.rejects,
    };
    for (const [name, value] of Object.entries(shown)) {
      setText(this.#parts.rates[name], `${rate(value)}/s`);
      flow(this.#parts.edges[name], value);
    }
    flow(this.#parts.edges.decoded, rates.images);
    flow(this.#parts.edges.batched, rates.images);
    flow(this.#parts.edges.judged, rates.images);
    const lag = tick.lag === undefined || tick.lag === null ? "" : narrow.matches || tick.lag > 9999 ? count(tick.lag) : `${count(tick.lag)} waiting`;
    setText(this.#parts.notes.images, lag);
    setText(this.#parts.notes.captions, count(counts.captions));
    setText(this.#parts.notes.confidences, count(counts.confidences));
    setText(this.#parts.notes.rejects, count(counts.imageRejects + counts.textRejects));
    setText(this.#parts.notes.decode, `${bytes(tick.inFlightBytes)} held`);
    setText(this.#parts.notes.batch, tick.fill === null ? "idle" : `${percent(tick.fill)} full`);
    setText(this.#parts.notes.model, tick.device === "working" ? `${percent(tick.busy)} busy` : tick.device);
    this.#parts.cells.forEach((cell, i) =>
      cell.setAttribute("class", i < Math.round((tick.fill ?? 0) * CELLS) ? "cell full" : "cell"),
    );
    setText(
      this.#parts.windowNote,
      `in-flight window: ${count(tick.inFlight)} images, offsets held until answered`,
    );
    if (narrow.matches) {
      setText(this.#parts.windowNote, `in flight: ${count(tick.inFlight)}`);
    }
    setText(
      this.#parts.words,
      `From ${this.#greeting.topics.images} ${rate(rates.images)} images a second go through the` +
        ` in-flight window (${count(tick.inFlight)} images), fetching and decoding, micro-batches` +
        ` (${tick.fill === null ? "none" : percent(tick.fill) + " full"}) and the model` +
        ` (${percent(tick.busy)} busy) to ${this.#greeting.topics.captions} (${rate(rates.captions)} a second),` +
        ` ${this.#greeting.topics.confidences} (${rate(rates.confidences)} a second) and` +
        ` ${this.#greeting.topics.rejects} (${rate(rates.rejects)} a second).`,
    );
  }
}

/** The more flows, the wider and the faster; classes, so that a speed changes seldom. */
function flow(path, perSecond) {
  const level = perSecond <= 0 ? 0 : Math.min(4, 1 + Math.floor(Math.log10(Math.max(1, perSecond)) * 1.5));
  path.dataset.level = level;
}

function shortened(text, most) {
  return text.length <= most ? text : `${text.slice(0, most - 1)}\u2026`;
}
