/**
 * The connection to the service: server-sent events, taken up again where they broke off.
 *
 * The browser reconnects by itself after a broken connection, not after a refusal (too many pages
 * open, a proxy's error); that is done here.
 */

const RETRY_MS = 5000;

/** Ticks come every second; without one for so long, something is wrong. */
const SILENCE_MS = 6000;

/**
 * @param handlers `hello`, `card`, `tick`, `lost` take an event's data; `link` takes `live` or
 *     `broken` whenever that changes
 */
export function connect(handlers) {
  let lastId = "";
  let link = "";
  let lastHeard = Date.now();

  function change(now) {
    if (link !== now) {
      link = now;
      handlers.link(now);
    }
  }

  function open() {
    const since = lastId ? `?since=${encodeURIComponent(lastId)}` : "";
    const source = new EventSource(`page/events${since}`);
    for (const name of ["hello", "card", "tick", "lost"]) {
      source.addEventListener(name, (event) => {
        lastHeard = Date.now();
        lastId = event.lastEventId || lastId;
        change("live");
        handlers[name](JSON.parse(event.data));
      });
    }
    source.addEventListener("error", () => {
      change("broken");
      if (source.readyState === EventSource.CLOSED) {
        window.setTimeout(open, RETRY_MS);
      }
    });
  }

  window.setInterval(() => {
    if (Date.now() - lastHeard > SILENCE_MS) {
      change("broken");
    }
  }, 1000);
  open();
}
