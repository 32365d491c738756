// Dates on the acting person's clock and in her language; relative ones move with the sandbox's time.

import { h } from "./dom.js";
import { state } from "./state.js";

let ahead = 0; // milliseconds between this machine's clock and the sandbox's

/** Take over the sandbox's time as it was just told. */
export function setSandboxTime(iso) {
  ahead = Date.parse(iso) - Date.now();
}

/** The sandbox's time, in milliseconds since 1970. */
export const sandboxNow = () => Date.now() + ahead;

const SHORT_DATE = { year: "numeric", month: "2-digit", day: "2-digit" };
const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: SHORT_DATE,
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
  s: { ...SHORT_DATE, hour: "numeric", minute: "2-digit" },
  S: { ...SHORT_DATE, hour: "numeric", minute: "2-digit", second: "2-digit" },
};
const EXTRA = {
  full: { weekday: "long", day: "numeric", month: "long", year: "numeric", hour: "numeric", minute: "2-digit", timeZoneName: "long" },
  day: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  clockDate: { weekday: "short", day: "numeric", month: "short", year: "numeric" },
};
const made = new Map();

function formatter(style) {
  const { zone = "UTC", locale = "en-US" } = state.me ?? {};
  const key = `${zone} ${locale} ${style}`;
  if (!made.has(key)) made.set(key, new Intl.DateTimeFormat(locale, { ...(STYLES[style] ?? EXTRA[style]), timeZone: zone }));
  return made.get(key);
}

/** Write an instant (milliseconds) in one of Discord's styles, or `full`, `day`, `clockDate`. */
export function write(milliseconds, style = "f") {
  if (style === "R") return relative(milliseconds);
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? "a date out of range" : formatter(style).format(date);
}

const UNITS = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

/** Write how far an instant is from the sandbox's now: "in 3 days", "2 hours ago". */
export function relative(milliseconds) {
  const seconds = (milliseconds - sandboxNow()) / 1000;
  const [unit, size] = UNITS.find(([, each]) => Math.abs(seconds) >= each) ?? ["second", 1];
  const words = new Intl.RelativeTimeFormat(state.me?.locale ?? "en-US", { numeric: "always" });
  return words.format(Math.round(seconds / size), unit);
}

/** Build the element for `<t:unix:style>`: the full date is in its tooltip. */
export function timestamp(unix, style = "f") {
  const milliseconds = Number(unix) * 1000;
  const date = new Date(milliseconds);
  if (Number.isNaN(date.getTime())) return h("span", { class: "timestamp" }, "a date out of range");
  const full = write(milliseconds, "full");
  // A relative one does not show its date, so the keyboard must reach it; the others say theirs in their text.
  return h(
    "time",
    { class: "timestamp", datetime: date.toISOString(), tabindex: style === "R" ? 0 : -1, dataset: { unix, style, full }, title: full },
    write(milliseconds, style),
  );
}

/** Bring every relative time on the page up to date. */
export function refreshRelative(root = document) {
  for (const node of root.querySelectorAll('time[data-style="R"]')) {
    const text = relative(Number(node.dataset.unix) * 1000);
    if (node.textContent !== text) node.textContent = text;
  }
}

const EVERY_PART = {
  hourCycle: "h23",
  year: "numeric",
  month: "numeric",
  day: "numeric",
  hour: "numeric",
  minute: "numeric",
  second: "numeric",
};

/** How far a zone's clock is ahead of UTC at an instant, in milliseconds. */
function zoneOffset(milliseconds, zone) {
  const parts = new Intl.DateTimeFormat("en-US", { ...EVERY_PART, timeZone: zone }).formatToParts(milliseconds);
  const value = Object.fromEntries(parts.map((part) => [part.type, Number(part.value)]));
  const wall = Date.UTC(value.year, value.month - 1, value.day, value.hour, value.minute, value.second);
  return wall - Math.floor(milliseconds / 1000) * 1000;
}

/** The wall time of an instant in a zone, as `datetime-local` wants it. */
export function wallTime(milliseconds, zone) {
  return new Date(milliseconds + zoneOffset(milliseconds, zone)).toISOString().slice(0, 16);
}

/** The instant of a wall time ("2027-03-19T12:00") in a zone; NaN when it is no time. */
export function instantOf(wall, zone) {
  const asUtc = Date.parse(`${wall}Z`);
  if (Number.isNaN(asUtc)) return Number.NaN;
  const guess = asUtc - zoneOffset(asUtc, zone);
  return asUtc - zoneOffset(guess, zone);
}

/** A zone's city as people say it: "Africa/Cairo" becomes "Cairo". */
export const cityOf = (zone) => (zone ?? "UTC").split("/").at(-1).replaceAll("_", " ");
