/** Which cards are shown: by verdict, source and reason of at least one of their texts. */

import { byId, h } from "./dom.js";
import { count } from "./format.js";

/** What was decided about a card: its texts, or the image as a whole. */
function decisions(card) {
  return card.reject
    ? [{ source: "IMAGE", accepted: false, reason: card.reject.reason }]
    : card.texts;
}

export class Filters {
  #form = byId("filters");
  #reasons = new Map();

  /** @param changed called after every change */
  constructor(changed) {
    this.#form.addEventListener("change", changed);
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    // The fields are still as they were when the event comes.
    this.#form.addEventListener("reset", () => window.setTimeout(changed));
  }

  get active() {
    const { verdict, source, reason } = this.#values();
    return verdict !== "" || source !== "" || reason !== "";
  }

  matches(card) {
    const { verdict, source, reason } = this.#values();
    return decisions(card).some(
      (one) =>
        (verdict === "" || one.accepted === (verdict === "kept")) &&
        (source === "" || one.source === source) &&
        (reason === "" || one.reason === reason),
    );
  }

  /** @param reasons how many rejects there are of each reason */
  offer(reasons) {
    const select = this.#form.elements.reason;
    for (const [reason, number] of Object.entries(reasons)) {
      if (!this.#reasons.has(reason)) {
        const option = h("option", { value: reason });
        this.#reasons.set(reason, option);
        select.append(option);
      }
      const label = `${reason} (${count(number)})`;
      if (this.#reasons.get(reason).textContent !== label && document.activeElement !== select) {
        this.#reasons.get(reason).textContent = label;
      }
    }
  }

  #values() {
    const { verdict, source, reason } = this.#form.elements;
    return { verdict: verdict.value, source: source.value, reason: reason.value };
  }
}
