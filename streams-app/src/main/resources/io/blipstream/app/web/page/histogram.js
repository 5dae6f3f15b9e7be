/**
 * The match probabilities of the latest texts, and what another threshold would keep of them.
 *
 * The service counts in hundredths such that the texts a threshold of k/100 keeps are exactly those
 * in the steps from k on; what is said here is therefore exact for the texts counted.
 */

import { byId, h, s, setText } from "./dom.js";
import { count, exactPercent, probability, signedCount } from "./format.js";

const STEPS = 101;
const BARS = 50;
const WIDTH = 300;
const HALF = 46;
const MIDDLE = HALF + 1;

const ROWS = [
  { key: "WEB", title: "Web texts" },
  { key: "SYNTHETIC", title: "Captions" },
  { key: "ALL", title: "Both" },
];

export class Histogram {
  #slider = byId("threshold");
  #bars = { WEB: [], SYNTHETIC: [] };
  #now = s("line", { class: "now", y1: 0, y2: 2 * MIDDLE });
  #then = s("line", { class: "then", y1: 0, y2: 2 * MIDDLE });
  #drawing;
  #cells = {};
  #scores = { WEB: new Array(STEPS).fill(0), SYNTHETIC: new Array(STEPS).fill(0) };
  #threshold = 0.5;
  #moved = false;

  constructor() {
    this.#drawing = s("svg", {
      viewBox: `0 0 ${WIDTH} ${2 * MIDDLE}`,
      preserveAspectRatio: "none",
      role: "img",
      "aria-label": "Histogram of match probabilities: no texts yet",
    });
    const step = WIDTH / BARS;
    for (const source of ["WEB", "SYNTHETIC"]) {
      for (let i = 0; i < BARS; i++) {
        const bar = s("rect", { x: i * step + 0.5, width: step - 1, y: MIDDLE, height: 0 });
        this.#bars[source].push(bar);
        this.#drawing.append(bar);
      }
    }
    this.#drawing.append(
      s("line", { class: "axis", x1: 0, x2: WIDTH, y1: MIDDLE, y2: MIDDLE }),
      this.#now,
      this.#then,
    );
    byId("histogram").replaceChildren(
      h("span", { class: "lane" }, "web texts"),
      this.#drawing,
      h("span", { class: "lane" }, "captions"),
      h("div", { class: "scale", "aria-hidden": "true" }, ...["0", "0.25", "0.5", "0.75", "1"].map((x) => h("span", {}, x))),
    );
    byId("kept-rows").replaceChildren(...ROWS.map((row) => this.#row(row)));
    this.#slider.addEventListener("input", () => {
      this.#moved = true;
      this.#draw();
    });
    byId("threshold-reset").addEventListener("click", () => {
      this.#moved = false;
      this.#slider.value = this.#threshold;
      this.#draw();
    });
  }

  #row(row) {
    const cells = [h("td"), h("td"), h("td")];
    this.#cells[row.key] = cells;
    return h("tr", { id: `kept-${row.key}` }, h("th", { scope: "row" }, row.title), ...cells);
  }

  /** @param threshold the service's */
  begin(threshold) {
    this.#threshold = threshold;
    if (!this.#moved) {
      this.#slider.value = threshold;
    }
    this.#draw();
  }

  /** @param scores by source, how many texts are in each hundredth */
  update(scores) {
    this.#scores = scores;
    this.#draw();
  }

  #draw() {
    const then = Number(this.#slider.value);
    const from = Math.round(then * 100);
    const differs = Math.abs(then - this.#threshold) > 0.001;
    this.#drawBars(from);
    for (const [line, at] of [[this.#now, this.#threshold], [this.#then, then]]) {
      line.setAttribute("x1", at * WIDTH);
      line.setAttribute("x2", at * WIDTH);
    }
    document.documentElement.style.setProperty("--now", this.#threshold);
    document.documentElement.style.setProperty("--then", then);
    document.documentElement.classList.toggle("trying", differs);
    byId("threshold-reset").disabled = !differs;
    setText(byId("threshold-value"), probability(then));
    setText(byId("kept-now"), `At ${probability(this.#threshold)} (now)`);
    setText(byId("kept-then"), `At ${probability(then)}`);
    this.#fillTable(from);
  }

  #drawBars(from) {
    const height = { WEB: [], SYNTHETIC: [] };
    for (const source of ["WEB", "SYNTHETIC"]) {
      for (let i = 0; i < BARS; i++) {
        const last = i === BARS - 1 ? this.#scores[source][STEPS - 1] : 0;
        height[source].push(this.#scores[source][2 * i] + this.#scores[source][2 * i + 1] + last);
      }
    }
    const highest = Math.max(1, ...height.WEB, ...height.SYNTHETIC);
    for (const source of ["WEB", "SYNTHETIC"]) {
      this.#bars[source].forEach((bar, i) => {
        // Most texts are near 0 or 1; a square root lets the others be seen, too.
        const tall = Math.sqrt(height[source][i] / highest) * HALF;
        const shown = height[source][i] === 0 ? 0 : Math.max(1, tall);
        bar.setAttribute("height", shown.toFixed(1));
        bar.setAttribute("y", (source === "WEB" ? MIDDLE - shown : MIDDLE).toFixed(1));
        bar.setAttribute("class", 2 * i >= from || (i === BARS - 1 && from === 100) ? "kept" : "rejected");
      });
    }
  }

  #fillTable(from) {
    // The service's threshold may lie between two hundredths; the texts between are few.
    const nowFrom = Math.min(STEPS - 1, Math.ceil(this.#threshold * 100 - 1e-6));
    const kept = {};
    for (const { key } of ROWS) {
      const steps = key === "ALL" ? this.#scores.WEB.map((n, i) => n + this.#scores.SYNTHETIC[i]) : this.#scores[key];
      const total = sum(steps, 0);
      const now = sum(steps, nowFrom);
      const then = sum(steps, from);
      kept[key] = { total, now, then };
      const [cellNow, cellThen, cellChange] = this.#cells[key];
      setText(cellNow, share(now, total));
      setText(cellThen, share(then, total));
      setText(cellChange, signedCount(then - now));
    }
    const { total, then } = kept.ALL;
    const summary =
      total === 0
        ? "No texts yet."
        : `Keeps ${count(then)} of the last ${count(total)} texts (${exactPercent(then / total)}).`;
    setText(byId("threshold-summary"), summary);
    this.#slider.setAttribute("aria-valuetext", `${probability(from / 100)}. ${summary}`);
    this.#drawing.setAttribute(
      "aria-label",
      `Histogram of the match probabilities of ${count(total)} texts, bar heights on a square-root scale. ${summary}`,
    );
  }
}

function sum(steps, from) {
  let all = 0;
  for (let i = from; i < steps.length; i++) {
    all += steps[i];
  }
  return all;
}

function share(kept, total) {
  return total === 0 ? "\u2013" : `${count(kept)} (${exactPercent(kept / total)})`;
}
