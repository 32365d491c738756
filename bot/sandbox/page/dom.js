// Small helpers to build elements. Text is always set as text, never as HTML.

/** Make an element: `h("p", {class: "note", onclick: f}, "text", child, …)`; null children are left out. */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "dataset") Object.assign(node.dataset, value);
    else if (name === "style") node.style.cssText = value;
    else if (name === "value") node.value = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const PATHS = {
  hash: "M9 4 7 20M17 4l-2 16M4.5 9h16M3.5 15h16",
  megaphone: "M4 10v4h3l8 4V6l-8 4H4zM18 9.5a4 4 0 0 1 0 5M8 14.5 9.5 20",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  letter: "M4 6h16v12H4zM4.5 7l7.5 6 7.5-6",
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6 6 18",
  send: "M5 12h13M13 6.5 18.5 12 13 17.5",
  clock: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4.5l3 2",
  sun: "M12 8.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M18.4 5.6 17 7M7 17l-1.4 1.4",
  moon: "M19 14.5A7.5 7.5 0 0 1 9.5 5a7.5 7.5 0 1 0 9.5 9.5z",
  half: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 4v16M12 8h6.9M12 12h8M12 16h6.9",
  file: "M7 3.5h7l4 4v13H7zM14 3.5v4h4",
  out: "M9 7h8v8M17 7 7 17",
  eye: "M3 12s3.3-6 9-6 9 6 9 6-3.3 6-9 6-9-6-9-6zM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
  down: "M6 9.5l6 6 6-6",
  check: "M5 12.5l4.5 4.5L19 7.5",
  warn: "M12 4 2.8 19.5h18.4zM12 10v4.5M12 17v.3",
};

/** Draw one of the page's own line icons, hidden from screen readers. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

let counter = 0;

/** Return an id that no other element of the page has. */
export const freshId = (stem) => `${stem}-${(counter += 1)}`;

/** Wait for calm: call `action` once, `milliseconds` after the last call. */
export function debounce(action, milliseconds) {
  let timer = 0;
  const later = (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...given), milliseconds);
  };
  later.cancel = () => clearTimeout(timer);
  return later;
}

/** Say something to screen readers without showing it. */
export function announce(text) {
  const place = document.getElementById("announcer");
  const line = h("p", {}, text);
  place.append(line);
  setTimeout(() => line.remove(), 8000);
}

const HUES = [172, 28, 262, 338, 212, 96, 48, 300];

/** Draw a person's round mark: picture when there is one, else initials in a colour of their own. */
export function avatar(user, name, size = "") {
  const initials = name.replace(/^(Dr|Prof)\.?\s+/i, "").split(/\s+/).map((word) => word[0]).slice(0, 2).join("").toUpperCase();
  const hue = user.bot ? 172 : HUES[[...String(user.username)].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % HUES.length];
  return h("span", { class: `avatar ${size} ${user.bot ? "bot" : ""}`, style: `--hue:${hue}`, "aria-hidden": "true" }, initials);
}
