// The sandbox's clock: shown in the acting person's zone, moved by buttons.

import { api } from "./api.js";
import { announce } from "./dom.js";
import { notice, on, state } from "./state.js";
import { cityOf, instantOf, refreshRelative, relative, sandboxNow, setSandboxTime, wallTime, write } from "./timestamps.js";

const HOUR = 3600;
const TICK = 1000;
const ASK_AGAIN = 5000; // the bot may tell the sandbox at any time when it is next due

const place = (id) => document.getElementById(id);

/** Take over what the sandbox says of its clock. */
export function setClock(clock) {
  state.clock = { ...state.clock, ...clock };
  setSandboxTime(clock.now);
  draw();
}

/** Read the clock; while the sandbox is gone it stays as it was. */
async function readClock() {
  if (document.hidden) return;
  const clock = await api.clock().catch(() => null);
  if (clock) setClock(clock);
}

function draw() {
  if (!state.me || !state.clock.now) return;
  const now = sandboxNow();
  const moved = Math.abs(state.clock.offset ?? 0) > 1;
  place("clock-date").textContent = write(now, "clockDate");
  place("clock-time").textContent = write(now, "t");
  place("clock-zone").textContent = cityOf(state.me.zone);
  place("clock-small").textContent = write(now, "t");
  place("clock").classList.toggle("moved", moved);
  place("clock-reset").disabled = !moved;
  drawDue(now);
  refreshRelative();
}

function drawDue(now) {
  const due = state.clock.next_due ? Date.parse(state.clock.next_due) : null;
  const button = place("clock-next");
  button.disabled = due === null || due <= now;
  button.title = due === null ? "Nothing is due: ask the bot for a reminder first" : write(due, "full");
  const words = due === null ? "Nothing is due yet" : due <= now ? "A reminder is due now" : `Next reminder ${relative(due)}`;
  place("clock-due").textContent = words;
}

async function move(change, said) {
  try {
    const answer = await api.moveClock(change);
    setClock(answer?.now ? answer : await api.clock());
    announce(`${said} It is now ${write(sandboxNow(), "full")}.`);
  } catch (error) {
    notice(error.message);
  }
}

function moveToDate(event) {
  event.preventDefault();
  const instant = instantOf(place("clock-wall").value, state.me.zone);
  if (Number.isNaN(instant)) {
    notice("That is not a complete date and time.");
    return;
  }
  move({ to: new Date(instant).toISOString() }, "The clock was moved to the date.");
  place("clock-form").hidden = true;
  place("clock-to").setAttribute("aria-expanded", "false");
  place("clock-to").focus();
}

function toggleForm() {
  const form = place("clock-form");
  form.hidden = !form.hidden;
  place("clock-to").setAttribute("aria-expanded", String(!form.hidden));
  if (form.hidden) return;
  place("clock-wall").value = wallTime(sandboxNow(), state.me.zone);
  place("clock-wall-label").textContent = `Date and time in ${cityOf(state.me.zone)}`;
  place("clock-wall").focus();
}

/** Start the clock and its buttons. */
export function startClock() {
  place("clock-hour").addEventListener("click", () => move({ advance: HOUR }, "One hour later."));
  place("clock-day").addEventListener("click", () => move({ advance: 24 * HOUR }, "One day later."));
  place("clock-next").addEventListener("click", () => move({ to: state.clock.next_due }, "The next reminder is due."));
  place("clock-reset").addEventListener("click", () => move({ reset: true }, "Back to the real time."));
  place("clock-to").addEventListener("click", toggleForm);
  place("clock-form").addEventListener("submit", moveToDate);
  on("person", draw);
  setInterval(draw, TICK);
  setInterval(readClock, ASK_AGAIN);
  on("clock-moved", readClock);
}
