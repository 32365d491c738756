// The list above the composer: commands, choices and autocomplete. One list, used by whichever field has the focus.

import { announce, h } from "./dom.js";

const panel = document.getElementById("suggestions");
const head = document.getElementById("suggestions-head");
const box = document.getElementById("suggestions-list");

let current = null; // {items, onPick, field, active}

/** Show items {label, detail?, mark?} for a field. `first` makes the first one active at once. */
export function suggest(field, items, { title, note = null, first = true, onPick }) {
  current = { items, onPick, field, active: -1 };
  head.textContent = title;
  const rows = items.map((item, index) =>
    h(
      "li",
      {
        id: `suggestion-${index}`,
        role: "option",
        class: "suggestion",
        "aria-selected": "false",
        onclick: () => pick(index),
        onpointerdown: (event) => event.preventDefault(),
      },
      h("span", { class: "suggestion-label" }, item.label),
      item.detail ? h("span", { class: "suggestion-detail" }, item.detail) : null,
    ),
  );
  if (!rows.length && note) rows.push(h("li", { class: "suggestion-note", role: "presentation" }, note));
  box.replaceChildren(...rows);
  box.setAttribute("aria-label", title);
  panel.hidden = !rows.length;
  field.setAttribute("aria-expanded", String(!panel.hidden));
  field.setAttribute("aria-controls", "suggestions-list");
  field.removeAttribute("aria-activedescendant");
  if (first && items.length) activate(0);
  if (items.length) announce(`${items.length} ${items.length === 1 ? "suggestion" : "suggestions"}`);
}

/** Hide the list. */
export function hideSuggestions() {
  if (current) {
    current.field.setAttribute("aria-expanded", "false");
    current.field.removeAttribute("aria-activedescendant");
  }
  current = null;
  panel.hidden = true;
  box.replaceChildren();
}

export const isSuggesting = (field) => !panel.hidden && current?.field === field;

/** Whether Enter or Tab would pick something. */
export const hasActive = (field) => isSuggesting(field) && current.active >= 0;

function activate(index) {
  const rows = box.querySelectorAll('[role="option"]');
  if (!rows.length) return;
  current.active = (index + rows.length) % rows.length;
  rows.forEach((row, at) => row.setAttribute("aria-selected", String(at === current.active)));
  current.field.setAttribute("aria-activedescendant", rows[current.active].id);
  rows[current.active].scrollIntoView({ block: "nearest" });
}

function pick(index) {
  const { items, onPick } = current;
  const item = items[index];
  hideSuggestions();
  onPick(item);
}

const takes = (event) => !event.isComposing && (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey));

/** Handle the list's keys; returns true when the key was used up. */
export function suggestionKey(event, field) {
  if (!isSuggesting(field)) return false;
  if (event.key === "ArrowDown") activate(current.active + 1);
  else if (event.key === "ArrowUp") activate(current.active < 0 ? -1 : current.active - 1);
  else if (event.key === "Escape") hideSuggestions();
  else if (takes(event) && current.active >= 0) pick(current.active);
  else return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}
