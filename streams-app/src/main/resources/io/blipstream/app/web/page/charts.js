/** Small charts of the last two minutes, each with its latest value and a sentence that says it. */

import { byId, h, s, setText } from "./dom.js";
import { bytes, count, percent, rate } from "./format.js";

const SECONDS = 120;
const WIDTH = 240;
const HEIGHT = 44;

/** Of an instance with very many partitions, the others are not drawn. */
const TASKS = 12;

/** How often the sentences change; a reader that is at one is not to lose its place. */
const SENTENCE_MS = 5000;

/** `most` is the top of the scale, or absent where the scale follows the values. */
const CHARTS = [
  { key: "images", title: "Throughput", unit: "images/s", value: rate },
  { key: "lag", title: "Lag", unit: "images waiting", value: count },
  { key: "fill", title: "Batch fill", unit: "of a batch", value: percent, most: 1 },
  { key: "busy", title: "Device busy", unit: "of time", value: percent, most: 1 },
  { key: "inFlight", title: "In flight", unit: "images", value: count },
];

export class Charts {
  #charts = [];
  #points = [];
  #tasks;
  #lastSentence = 0;

  constructor() {
    const figures = CHARTS.map((chart) => {
      const value = h("span", { class: "value" }, "\u2013");
      const line = s("path", { class: "line" });
      const area = s("path", { class: "area" });
      const drawing = s(
        "svg",
        {
          viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
          preserveAspectRatio: "none",
          role: "img",
          "aria-label": `${chart.title}: no values yet`,
        },
        area,
        line,
      );
      const note = h("span", { class: "range" });
      const figure = h(
        "figure",
        { class: "chart", id: `chart-${chart.key}` },
        h(
          "figcaption",
          {},
          h("span", { class: "title" }, chart.title),
          value,
          h("span", { class: "unit" }, chart.unit),
        ),
        drawing,
        note,
      );
      this.#charts.push({ ...chart, value: value, format: chart.value, line, area, drawing, note });
      return figure;
    });
    this.#tasks = h("ul", { class: "tasks", id: "tasks", "aria-label": "In flight by task" });
    figures.at(-1).append(this.#tasks);
    byId("charts").replaceChildren(...figures);
  }

  /** @param series what the service remembers, so that a page opens with charts */
  begin(series) {
    this.#points = series.map(([at, images, lag, fill, busy, inFlight]) => ({
      at,
      images,
      lag,
      fill,
      busy,
      inFlight,
    }));
  }

  tick(tick) {
    if (!tick.rates) {
      return;
    }
    this.#points.push({
      at: tick.at,
      images: tick.rates.images,
      lag: tick.lag ?? null,
      fill: tick.fill,
      busy: tick.busy,
      inFlight: tick.inFlight,
    });
    this.#points = this.#points.filter((point) => point.at > tick.at - SECONDS * 1000);
    const speak = Date.now() - this.#lastSentence > SENTENCE_MS;
    this.#charts.forEach((chart) => this.#draw(chart, tick.at, speak));
    if (speak) {
      this.#lastSentence = Date.now();
    }
    this.#drawTasks(tick);
  }

  #draw(chart, now, speak) {
    const known = this.#points.filter((point) => point[chart.key] !== null);
    const latest = known.at(-1);
    if (!latest) {
      setText(chart.value, "\u2013");
      return;
    }
    const values = known.map((point) => point[chart.key]);
    const highest = Math.max(...values);
    const lowest = Math.min(...values);
    const top = chart.most ?? Math.max(highest * 1.1, 1);
    setText(chart.value, chart.format(latest[chart.key]));
    setText(
      chart.note,
      lowest === highest ? "" : `${chart.format(lowest)} to ${chart.format(highest)}`,
    );
    const x = (point) => WIDTH - ((now - point.at) / 1000 / SECONDS) * WIDTH;
    const y = (point) => HEIGHT - 1 - (point[chart.key] / top) * (HEIGHT - 3);
    const path = known.map((p, i) => `${i ? "L" : "M"}${x(p).toFixed(1)} ${y(p).toFixed(1)}`).join("");
    chart.line.setAttribute("d", path);
    chart.area.setAttribute(
      "d",
      `${path}L${x(latest).toFixed(1)} ${HEIGHT}L${x(known[0]).toFixed(1)} ${HEIGHT}Z`,
    );
    if (speak) {
      chart.drawing.setAttribute(
        "aria-label",
        `${chart.title}: ${chart.format(latest[chart.key])} ${chart.unit}; in the last two minutes` +
          ` from ${chart.format(lowest)} to ${chart.format(highest)}`,
      );
    }
  }

  #drawTasks(tick) {
    const tasks = (tick.tasks ?? []).slice(0, TASKS);
    while (this.#tasks.childElementCount > tasks.length) {
      this.#tasks.lastElementChild.remove();
    }
    tasks.forEach((task, i) => {
      if (!this.#tasks.children[i]) {
        this.#tasks.append(
          h("li", {}, h("span", { class: "task" }), h("span", { class: "meter" }), h("span", { class: "vh" })),
        );
      }
      const [name, meter, words] = this.#tasks.children[i].children;
      setText(name, task.task);
      meter.style.setProperty("--share", Math.min(1, task.records / task.most));
      this.#tasks.children[i].title = `Task ${task.task}: ${task.records} of ${task.most} images, ${bytes(task.bytes ?? 0)}`;
      setText(words, ` ${task.records} of ${task.most}`);
    });
  }
}
