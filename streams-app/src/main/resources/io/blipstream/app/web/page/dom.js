/**
 * Elements without markup: whatever comes from a user or the network gets in as text.
 */

const SVG = "http://www.w3.org/2000/svg";

/** An HTML element; `properties` may hold a class, attributes, and listeners as `onclick`. */
export function h(tag, properties = {}, ...children) {
  return filled(document.createElement(tag), properties, children);
}

/** An SVG element. */
export function s(tag, properties = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), properties, children);
}

export function byId(id) {
  return document.getElementById(id);
}

/** Sets a text only if it differs, so that nothing is announced or laid out anew for nothing. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** Says something to who cannot see it; for what matters, not for every card. */
export function announce(text) {
  const announcer = byId("announcer");
  announcer.textContent = "";
  window.setTimeout(() => (announcer.textContent = text), 50);
}

function filled(element, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) {
      continue;
    }
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}
