/** The sheet of cards: the newest images, held still while someone reads or has paused them. */

import { announce, byId, h, setText } from "./dom.js";
import { count, duration, probability, signed } from "./format.js";

/** Cards remembered, for filters to look through. */
const KEPT = 400;

/** Cards shown. */
const SHOWN = 36;

/** New cards come in together, so that the page is still in between. */
const EVERY_MS = 2000;

/** Rows that may come in at a time; more cannot be read anyhow. */
const ROWS = 2;

export class Sheet {
  #list = byId("sheet");
  #status = byId("feed-status");
  #pause = byId("pause");
  #cards = new Map();
  #waiting = 0;
  #fresh = new Set();
  #paused = false;
  #pointerInside = false;
  #filters;
  #perSecond = 0;
  #started = false;

  /** @param filters say which cards are shown */
  constructor(filters) {
    this.#filters = filters;
    this.#pause.addEventListener("click", () => this.#togglePause());
    this.#list.addEventListener("pointerenter", (event) => {
      this.#pointerInside = event.pointerType === "mouse";
      this.#say();
    });
    this.#list.addEventListener("pointerleave", () => {
      this.#pointerInside = false;
      this.#say();
    });
    window.setInterval(() => this.#turn(), EVERY_MS);
  }

  add(card) {
    const known = this.#cards.has(card.key);
    this.#cards.delete(card.key);
    this.#cards.set(card.key, card);
    if (this.#cards.size > KEPT) {
      this.#cards.delete(this.#cards.keys().next().value);
    }
    if (known) {
      return; // Its transaction was aborted; it is the same image again.
    }
    this.#fresh.add(card.key);
    this.#waiting++;
    if (!this.#started) {
      this.#started = true;
      window.setTimeout(() => this.#turn(), 150);
    }
  }

  /** @param perSecond images that pass by */
  rate(perSecond) {
    this.#perSecond = perSecond;
    this.#say();
  }

  /** Shows what the filters let through, whatever is held. */
  refill() {
    const matching = [...this.#cards.values()].reverse().filter((c) => this.#filters.matches(c));
    this.#list.replaceChildren(...matching.slice(0, SHOWN).map((card) => element(card)));
    this.#caughtUp();
    announce(`${matching.length} images match`);
  }

  get #held() {
    return this.#paused || this.#pointerInside || this.#list.contains(document.activeElement);
  }

  #togglePause() {
    this.#paused = !this.#paused;
    this.#pause.setAttribute("aria-pressed", String(this.#paused));
    setText(this.#pause, this.#paused ? "Resume" : "Pause");
    announce(this.#paused ? "Paused" : "New images come in again");
    if (!this.#paused) {
      this.#turn();
    }
    this.#say();
  }

  #turn() {
    if (!this.#held && this.#waiting > 0) {
      const columns = getComputedStyle(this.#list).gridTemplateColumns.split(" ").length;
      const most = this.#list.childElementCount === 0 ? SHOWN : ROWS * columns;
      const coming = [...this.#fresh]
        .map((key) => this.#cards.get(key))
        .filter((card) => card && this.#filters.matches(card))
        .slice(-most)
        .reverse();
      this.#list.prepend(...coming.map((card) => element(card)));
      while (this.#list.childElementCount > SHOWN) {
        this.#list.lastElementChild.remove();
      }
      this.#caughtUp();
    }
    this.#say();
  }

  #caughtUp() {
    this.#fresh.clear();
    this.#waiting = 0;
    byId("empty").hidden = this.#list.childElementCount > 0;
    setText(
      byId("empty"),
      this.#cards.size === 0
        ? "No image has come by yet. Send one, or start a feed."
        : "None of the images at hand match these filters.",
    );
  }

  #say() {
    const held = this.#waiting > 0 ? `${count(this.#waiting)} new waiting` : "nothing new";
    if (this.#paused) {
      setText(this.#status, `Paused, ${held}`);
    } else if (this.#held) {
      setText(this.#status, `Still while you read, ${held}`);
    } else if (this.#perSecond > 8) {
      setText(this.#status, "A sample of what passes by");
    } else {
      setText(this.#status, "");
    }
  }
}

/** A card as a list item. */
export function element(card) {
  const title = `card-${card.key}`;
  return h(
    "li",
    {},
    h(
      "article",
      { class: card.reject ? "card refused" : "card", "aria-labelledby": title },
      picture(card),
      h(
        "div",
        { class: "edge" },
        h("h3", { id: title, class: "name" }, card.imageId || "Image without an id"),
        h(
          "span",
          { class: "frame", title: `Topic ${card.topic}, partition ${card.partition}` },
          `${card.partition}\u00b7${card.offset}`,
        ),
        latency(card),
      ),
      card.reject ? refusal(card) : h("ul", { class: "texts" }, ...ordered(card).map(text)),
    ),
  );
}

function picture(card) {
  const frame = h("div", { class: "picture" });
  const none = () => frame.replaceChildren(h("span", { class: "none" }, "no picture"));
  if (card.pictured) {
    const image = h("img", { alt: altText(card), decoding: "async" });
    image.addEventListener("error", none);
    image.src = `page/pictures/${encodeURIComponent(card.key)}`;
    frame.append(image);
  } else {
    none();
  }
  return frame;
}

/** The best description at hand is the service's own. */
function altText(card) {
  const kept = (card.texts || []).find((one) => one.source === "SYNTHETIC" && one.accepted);
  return kept ? kept.text : "An image without an accepted caption";
}

function latency(card) {
  if (card.serviceMs === undefined) {
    return null;
  }
  const whole = `${duration(card.ageMs)} after it was sent to Kafka`;
  return h("span", { class: "latency", title: whole }, duration(card.serviceMs));
}

/** The caption first, as it is what most people look for. */
function ordered(card) {
  return [...card.texts].sort((a, b) => rank(a) - rank(b));
}

function rank(one) {
  return one.source === "SYNTHETIC" ? 0 : 1;
}

function text(one) {
  const source = one.source === "SYNTHETIC" ? "caption" : "web text";
  return h(
    "li",
    { class: one.accepted ? "text" : "text struck" },
    h(
      "p",
      { class: "words" },
      h("span", { class: "source" }, source),
      one.accepted ? one.text : h("del", {}, one.text),
      h("span", { class: "vh" }, one.accepted ? " (kept)" : ` (rejected: ${one.reason})`),
    ),
    h(
      "p",
      { class: "scores" },
      bar(one),
      h("span", { class: "itm" }, h("abbr", { title: "Image-text matching, probability" }, "ITM"), ` ${probability(one.itm)}`),
      h("span", { class: "itc" }, h("abbr", { title: "Image-text contrast, cosine" }, "ITC"), ` ${signed(one.itc)}`),
    ),
  );
}

/** The number beside it says the same. */
function bar(one) {
  const fill = h("span", { class: "fill" });
  fill.style.setProperty("--itm", one.itm);
  return h("span", { class: "itm-bar", "aria-hidden": "true" }, fill, h("span", { class: "mark" }), h("span", { class: "try" }));
}

function refusal(card) {
  return h(
    "div",
    { class: "refusal" },
    h("p", { class: "reason" }, card.reject.reason),
    h("p", { class: "why" }, card.reject.message),
    card.link ? h("p", { class: "link" }, card.link) : null,
  );
}
