/** Sends an image through Kafka and waits for its card. */

import { byId, h, setText } from "./dom.js";
import { bytes } from "./format.js";
import { element } from "./cards.js";

/** Images at a time, where a whole selection is dropped. */
const MOST_FILES = 10;

/** Sent images that stay listed. */
const LISTED = 3;

const PATIENCE_MS = 60_000;

export class Sender {
  #form = byId("send");
  #file = byId("send-file");
  #text = byId("send-text");
  #status = byId("send-status");
  #list = byId("sent");
  #chosen = [];
  #preview = "";
  #waiting = new Map();
  #early = new Map();
  #maxBytes = Infinity;
  #maxChars = Infinity;

  constructor() {
    this.#file.addEventListener("change", () => this.#choose(this.#file.files));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#sendAll();
    });
    this.#listenForDrops();
    document.addEventListener("paste", (event) => {
      if (event.clipboardData?.files.length > 0) {
        event.preventDefault();
        this.#choose(event.clipboardData.files);
      }
    });
  }

  begin(greeting) {
    this.#maxBytes = greeting.maxImageBytes;
    this.#maxChars = greeting.maxTextChars;
    setText(byId("send-limit"), `up to ${bytes(this.#maxBytes)}`);
  }

  /** A card came; it may be one that is waited for, and may be here before Kafka's answer is. */
  card(card) {
    const sent = this.#waiting.get(card.imageId);
    if (sent) {
      this.#waiting.delete(card.imageId);
      sent.item.replaceWith(withPreview(element(card), sent.preview));
      this.#say(card.reject ? `Rejected: ${card.reject.message}` : spoken(card), Boolean(card.reject));
    } else if (card.imageId?.startsWith("page-")) {
      this.#early.set(card.imageId, card);
      if (this.#early.size > 50) {
        this.#early.delete(this.#early.keys().next().value);
      }
    }
  }

  #listenForDrops() {
    const veil = byId("veil");
    let inside = 0;
    const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
    document.addEventListener("dragenter", (event) => {
      if (hasFiles(event)) {
        inside++;
        veil.hidden = false;
      }
    });
    document.addEventListener("dragleave", (event) => {
      if (hasFiles(event) && --inside <= 0) {
        inside = 0;
        veil.hidden = true;
      }
    });
    document.addEventListener("dragover", (event) => {
      if (hasFiles(event)) {
        event.preventDefault();
      }
    });
    document.addEventListener("drop", (event) => {
      if (hasFiles(event)) {
        event.preventDefault();
        inside = 0;
        veil.hidden = true;
        this.#choose(event.dataTransfer.files);
        // With nothing typed there is nothing left to do before it can go.
        if (this.#chosen.length > 0 && this.#text.value.trim() === "") {
          void this.#sendAll();
        }
      }
    });
  }

  #choose(files) {
    const all = [...files];
    const tooLarge = all.filter((file) => file.size > this.#maxBytes);
    this.#chosen = all.filter((file) => file.size <= this.#maxBytes).slice(0, MOST_FILES);
    const hint = byId("send-hint");
    const image = byId("send-preview");
    URL.revokeObjectURL(this.#preview);
    if (this.#chosen.length > 0) {
      this.#preview = URL.createObjectURL(this.#chosen[0]);
      image.src = this.#preview;
      image.hidden = false;
      setText(hint, this.#chosen.map((file) => `${file.name}, ${bytes(file.size)}`).join("; "));
      this.#say("", false);
    } else {
      this.#forget();
    }
    if (tooLarge.length > 0) {
      const [first] = tooLarge;
      this.#say(
        `${first.name} has ${bytes(first.size)}; at most ${bytes(this.#maxBytes)} can be sent. Send a smaller copy.`,
        true,
      );
    } else if (all.length > MOST_FILES) {
      this.#say(`Only the first ${MOST_FILES} of ${all.length} files are taken.`, true);
    }
  }

  #forget() {
    this.#chosen = [];
    this.#file.value = "";
    const image = byId("send-preview");
    image.hidden = true;
    image.removeAttribute("src");
    setText(byId("send-hint"), "Drop an image anywhere on this page, paste one, or");
  }

  async #sendAll() {
    if (this.#chosen.length === 0) {
      this.#say("Choose an image first.", true);
      this.#file.focus();
      return;
    }
    const text = this.#text.value.trim();
    if (text.length > this.#maxChars) {
      this.#say(`The text has ${text.length} characters; at most ${this.#maxChars} are taken.`, true);
      this.#text.focus();
      return;
    }
    const files = this.#chosen;
    this.#forget();
    for (const file of files) {
      await this.#send(file, text);
    }
  }

  async #send(file, text) {
    this.#say(`Sending ${file.name}`, false);
    const query = new URLSearchParams({ name: file.name });
    if (text) {
      query.set("text", text);
    }
    let answer;
    try {
      const response = await fetch(`page/images?${query}`, {
        method: "POST",
        headers: { "Content-Type": "application/octet-stream" },
        body: await file.arrayBuffer(),
      });
      answer = await answerOf(response);
    } catch {
      answer = { error: "The service does not answer; it may have ended." };
    }
    if (answer.imageId) {
      this.#text.value = "";
      this.#await(answer.imageId, file);
    } else {
      this.#say(`${file.name} was not sent. ${answer.error}`, true);
    }
  }

  #await(imageId, file) {
    const early = this.#early.get(imageId);
    const preview = URL.createObjectURL(file);
    const item = h(
      "li",
      {},
      h("article", { class: "card pending" }, h("div", { class: "picture" }, h("img", { src: preview, alt: "" })), h("p", {}, "In Kafka. Waiting for its outcome\u2026")),
    );
    this.#list.prepend(item);
    while (this.#list.childElementCount > LISTED) {
      this.#list.lastElementChild.remove();
    }
    this.#waiting.set(imageId, { item, preview });
    this.#say("In Kafka. Waiting for its outcome.", false);
    if (early) {
      this.#early.delete(imageId);
      this.card(early);
      return;
    }
    window.setTimeout(() => {
      if (this.#waiting.has(imageId)) {
        setText(item.querySelector("p"), "In Kafka, but not answered yet. It waits behind the others; or another instance has taken it, and shows it.");
      }
    }, PATIENCE_MS);
  }

  #say(text, isError) {
    this.#status.classList.toggle("error", isError);
    setText(this.#status, text);
  }
}

async function answerOf(response) {
  const body = await response.text();
  try {
    const answer = JSON.parse(body);
    if (answer.imageId || answer.error) {
      return answer;
    }
  } catch {
    // Not ours: a proxy's page, or the server's own refusal.
  }
  return response.status === 413
    ? { error: "It is larger than the server takes." }
    : { error: `The server said ${response.status} ${response.statusText}.`.trim() };
}

/** The image as it was sent, in place of one that is no longer kept or was never drawn. */
function withPreview(item, preview) {
  const image = h("img", { src: preview, alt: "" });
  image.addEventListener("error", () =>
    image.replaceWith(h("span", { class: "none" }, "no picture")),
  );
  item.querySelector(".picture").replaceChildren(image);
  return item;
}

function spoken(card) {
  return card.texts
    .map((one) => {
      const what = one.source === "SYNTHETIC" ? "Caption" : "Your text";
      return `${what} \u201c${one.text}\u201d ${one.accepted ? "kept" : "rejected"} at ${one.itm.toFixed(2)}.`;
    })
    .join(" ");
}
