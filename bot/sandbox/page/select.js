// A select like Discord's: options with descriptions, one or several, in messages and in forms.
// Focus stays on the button; the list is named to screen readers by aria-activedescendant.

import { freshId, h, icon } from "./dom.js";
import { emoji } from "./inline.js";

/**
 * Build a select. `entries` are {value, label, description?, emoji?}; `chosen` the values at first;
 * `onCommit(values)` is called when a choice is made. Returns {node, values()}.
 */
export function select(options) {
  return new Select({ chosen: [], min: 1, max: 1, placeholder: "Choose", label: null, disabled: false, onCommit: () => {}, ...options });
}

class Select {
  constructor(options) {
    Object.assign(this, options);
    this.several = this.max > 1;
    this.picked = new Set(this.chosen);
    this.active = -1;
    this.typed = "";
    this.button = h(
      "button",
      {
        type: "button",
        class: "select-button",
        role: "combobox",
        "aria-haspopup": "listbox",
        "aria-expanded": "false",
        "aria-label": this.label ?? this.placeholder,
        disabled: this.disabled,
        onclick: () => (this.isOpen ? this.close(true) : this.open()),
        onkeydown: (event) => this.onKey(event),
        onblur: () => this.close(true),
      },
      h("span", { class: "select-text" }),
      icon("down"),
    );
    this.node = h("div", { class: "select" }, this.button);
    this.describe();
  }

  get isOpen() {
    return Boolean(this.popup);
  }

  values() {
    return this.entries.filter((each) => this.picked.has(each.value)).map((each) => each.value);
  }

  describe() {
    const labels = this.entries.filter((each) => this.picked.has(each.value)).map((each) => each.label);
    const text = this.button.firstChild;
    text.textContent = labels.length ? labels.join(", ") : this.placeholder;
    text.classList.toggle("empty", !labels.length);
    this.button.setAttribute("aria-description", labels.length ? `Chosen: ${labels.join(", ")}` : "Nothing chosen");
  }

  open() {
    this.before = [...this.picked];
    const rows = this.entries.map((entry, index) => this.row(entry, index));
    const about = { "aria-multiselectable": String(this.several), "aria-label": this.placeholder };
    this.list = h("div", { id: freshId("options"), role: "listbox", ...about }, rows);
    if (!rows.length) this.list.append(h("p", { class: "select-none" }, "Nothing to choose here."));
    const hint = this.several ? this.footer() : null;
    // A pointer in the list must not take the focus from the button.
    this.popup = h("div", { class: "select-popup", popover: "manual", onpointerdown: (event) => event.preventDefault() }, this.list, hint);
    this.node.append(this.popup);
    this.popup.showPopover();
    this.place();
    this.button.setAttribute("aria-controls", this.list.id);
    this.button.setAttribute("aria-expanded", "true");
    this.move(Math.max(0, this.entries.findIndex((each) => this.picked.has(each.value))));
    this.onScroll = (event) => {
      if (!this.popup?.contains(event.target)) this.place();
    };
    addEventListener("scroll", this.onScroll, true);
    addEventListener("resize", this.onScroll);
  }

  footer() {
    const range = this.min === this.max ? `Choose ${this.max}` : `Choose ${Math.max(this.min, 0)} to ${this.max}`;
    const done = h("button", { type: "button", class: "button primary small", tabindex: "-1", onclick: () => this.close(true) }, "Done");
    return h("div", { class: "select-foot" }, h("span", {}, range), done);
  }

  row(entry, index) {
    return h(
      "div",
      {
        id: freshId("option"),
        class: "select-row",
        role: "option",
        "aria-selected": String(this.picked.has(entry.value)),
        dataset: { value: entry.value },
        onclick: () => this.toggle(index),
        onpointermove: () => this.move(index, false),
      },
      emoji(entry.emoji),
      h("span", { class: "select-words" }, h("span", {}, entry.label), entry.description ? h("small", {}, entry.description) : null),
      icon("check"),
    );
  }

  place() {
    if (!this.popup) return;
    const box = this.button.getBoundingClientRect();
    const below = innerHeight - box.bottom - 12;
    const above = box.top - 12;
    const up = below < 220 && above > below;
    this.popup.style.left = `${Math.max(8, Math.min(box.left, innerWidth - box.width - 8))}px`;
    this.popup.style.width = `${box.width}px`;
    this.popup.style.maxHeight = `${Math.min(320, up ? above : below)}px`;
    this.popup.style.top = up ? "auto" : `${box.bottom + 4}px`;
    this.popup.style.bottom = up ? `${innerHeight - box.top + 4}px` : "auto";
  }

  move(index, scroll = true) {
    if (!this.entries.length) return;
    this.active = Math.max(0, Math.min(index, this.entries.length - 1));
    [...this.list.children].forEach((row, at) => row.classList.toggle("active", at === this.active));
    const row = this.list.children[this.active];
    this.button.setAttribute("aria-activedescendant", row.id);
    if (scroll) row.scrollIntoView({ block: "nearest" });
  }

  toggle(index) {
    const entry = this.entries[index];
    if (!entry) return;
    if (!this.several) {
      const again = this.picked.has(entry.value);
      this.picked = new Set(again && this.min === 0 ? [] : [entry.value]);
      this.close(true);
      return;
    }
    if (this.picked.has(entry.value)) this.picked.delete(entry.value);
    else if (this.picked.size < this.max) this.picked.add(entry.value);
    [...this.list.children].forEach((row, at) => row.setAttribute("aria-selected", String(this.picked.has(this.entries[at].value))));
    this.describe();
  }

  close(commit) {
    if (!this.popup) return;
    removeEventListener("scroll", this.onScroll, true);
    removeEventListener("resize", this.onScroll);
    const popup = this.popup;
    this.popup = null;
    popup.remove();
    this.button.setAttribute("aria-expanded", "false");
    this.button.removeAttribute("aria-activedescendant");
    this.button.removeAttribute("aria-controls");
    const changed = this.picked.size !== this.before.length || this.before.some((value) => !this.picked.has(value));
    const fits = this.picked.size >= this.min || this.picked.size === 0;
    if (!commit || !fits) this.picked = new Set(this.before);
    this.describe();
    // A single choice counts even when it is the same again, as in Discord the same option can be asked for twice.
    if (commit && fits && changed) this.onCommit(this.values());
  }

  onKey(event) {
    const keys = { ArrowDown: 1, ArrowUp: -1 };
    if (!this.isOpen) {
      if (event.key in keys) {
        event.preventDefault();
        this.open();
      }
      return;
    }
    if (event.key in keys) this.move(this.active + keys[event.key]);
    else if (event.key === "Home") this.move(0);
    else if (event.key === "End") this.move(this.entries.length - 1);
    else if (event.key === "Enter" || (event.key === " " && !this.continues(" "))) this.toggle(this.active);
    else if (event.key === "Escape") this.close(false);
    else if (event.key.length === 1) this.jump(event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Whether a typed space goes on with the name of an option that was begun. */
  continues(key) {
    return this.typed !== "" && this.entries.some((each) => each.label.toLowerCase().startsWith(this.typed + key));
  }

  /** Go to the next option that begins with what is typed quickly. */
  jump(key) {
    clearTimeout(this.typedTimer);
    this.typed += key.toLowerCase();
    this.typedTimer = setTimeout(() => (this.typed = ""), 700);
    const at = this.entries.findIndex((each) => each.label.toLowerCase().startsWith(this.typed));
    if (at >= 0) this.move(at);
  }
}
