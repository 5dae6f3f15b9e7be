/** Light or dark: as the system says, until the button says otherwise. */

import { byId, setText } from "./dom.js";

const KEY = "blipstream-theme";
const system = window.matchMedia("(prefers-color-scheme: dark)");

function chosen() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // Storage may be refused; the choice then lasts as long as the page.
  }
}

function remember(theme) {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // As above.
  }
}

export function startTheme() {
  const button = byId("theme");
  const root = document.documentElement;

  function isDark() {
    return root.dataset.theme ? root.dataset.theme === "dark" : system.matches;
  }

  function label() {
    setText(button, isDark() ? "Light" : "Dark");
    button.setAttribute("aria-label", isDark() ? "Light colours" : "Dark colours");
  }

  if (chosen() === "dark" || chosen() === "light") {
    root.dataset.theme = chosen();
  }
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    remember(root.dataset.theme);
    label();
  });
  system.addEventListener("change", label);
  label();
}
