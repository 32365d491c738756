// The fields of a slash command's options.

import { api } from "./api.js";
import { debounce, freshId, h } from "./dom.js";
import { entityEntries } from "./entities.js";
import { readFile } from "./files.js";
import { state } from "./state.js";
import { hasActive, hideSuggestions, isSuggesting, suggest, suggestionKey } from "./suggestions.js";

const STRING = 3;
const INTEGER = 4;
const BOOLEAN = 5;
const NUMBER = 10;
const ATTACHMENT = 11;
const ENTITY = { 6: 5, 7: 8, 8: 6, 9: 7 }; // option type -> the select component that offers the same
const AUTOCOMPLETE_WAIT = 200;

const HINTS = {
  [INTEGER]: "a whole number",
  [NUMBER]: "a number",
  [BOOLEAN]: "true or false",
  6: "a person",
  7: "a channel",
  8: "a role",
  9: "a person or role",
  [ATTACHMENT]: "a file",
};

/** One option's field. `form` is the composer: {command, values(), next(field), cancel(), submit(), drop(field)}. */
export class OptionField {
  constructor(option, form) {
    this.option = option;
    this.form = form;
    this.picked = null; // the chosen entry, while its label stands in the box
    const id = freshId("option-field");
    this.input = option.type === ATTACHMENT ? this.fileInput(id) : this.textInput(id);
    this.node = h("div", { class: "option", dataset: { option: option.name } }, h("label", { for: id }, option.name), this.input);
    this.lookUp = debounce(() => this.complete(), AUTOCOMPLETE_WAIT);
    this.asked = 0;
  }

  textInput(id) {
    const numeric = this.option.type === INTEGER ? "numeric" : this.option.type === NUMBER ? "decimal" : null;
    return h("input", {
      id,
      type: "text",
      class: "option-input",
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-description": this.hint(),
      autocomplete: "off",
      spellcheck: "false",
      inputmode: numeric,
      placeholder: HINTS[this.option.type] ?? "",
      onfocus: () => this.onFocus(),
      onblur: () => this.onBlur(),
      oninput: () => this.onInput(),
      onkeydown: (event) => this.onKey(event),
    });
  }

  fileInput(id) {
    const onfocus = () => this.form.describe(this);
    const onkeydown = (event) => this.onKey(event);
    return h("input", { id, type: "file", class: "option-file", "aria-description": this.hint(), onfocus, onkeydown });
  }

  hint() {
    return `${this.option.description}${this.option.required ? "" : " (optional)"}`;
  }

  get text() {
    return this.input.value.trim();
  }

  get isEmpty() {
    return this.option.type === ATTACHMENT ? !this.input.files.length : this.input.value.trim() === "";
  }

  onFocus() {
    this.form.describe(this);
    this.offer();
  }

  onBlur() {
    this.lookUp.cancel();
    this.asked += 1;
    if (isSuggesting(this.input)) hideSuggestions();
  }

  onInput() {
    this.picked = null;
    this.clearError();
    this.grow();
    this.offer();
  }

  grow() {
    this.input.style.width = `${Math.min(Math.max(this.input.value.length + 2, 14), 60)}ch`;
  }

  /** Offer what fits what is typed so far. */
  offer() {
    if (this.option.autocomplete) {
      // What was found for an earlier text must not be picked by a quick Enter.
      hideSuggestions();
      this.asked += 1;
      this.lookUp();
      return;
    }
    const entries = this.entries();
    if (!entries) return;
    const wanted = this.picked ? "" : this.text.toLowerCase().replace(/^[@#]/, "");
    this.show(entries.filter((each) => each.label.toLowerCase().replace(/^[@#]/, "").includes(wanted)));
  }

  show(entries, note = "Nothing fits.") {
    const items = entries.map((each) => ({ label: each.label, detail: each.description, entry: each }));
    const first = this.option.required || !this.isEmpty;
    suggest(this.input, items, { title: this.hint(), note, first, onPick: (item) => this.take(item.entry) });
  }

  /** The fixed choices of this option, or null when any text will do. */
  entries() {
    if (this.option.choices?.length) return this.option.choices.map((each) => ({ label: each.name, value: each.value }));
    if (this.option.type === BOOLEAN) return [{ label: "True", value: true }, { label: "False", value: false }];
    if (ENTITY[this.option.type]) return entityEntries(ENTITY[this.option.type], state.channelId, this.option.channel_types);
    return null;
  }

  async complete() {
    const turn = (this.asked += 1);
    try {
      const typed = { ...this.form.values(), [this.option.name]: this.input.value };
      const { choices } = await api.autocomplete(state.channelId, this.form.command.name, typed, this.option.name);
      if (turn !== this.asked || document.activeElement !== this.input) return;
      this.show((choices ?? []).map((each) => ({ label: each.name, value: each.value })), "Nothing to suggest.");
    } catch {
      if (turn === this.asked && document.activeElement === this.input) this.show([], "The suggestions did not load.");
    }
  }

  take(entry) {
    this.picked = entry;
    this.input.value = entry.label;
    this.clearError();
    this.grow();
    this.form.next(this);
  }

  onKey(event) {
    if (event.isComposing || suggestionKey(event, this.input)) return;
    if (event.key === "Enter") {
      event.preventDefault();
      hideSuggestions();
      this.form.submit();
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.form.cancel();
    } else if (event.key === "Backspace" && this.isEmpty && this.option.type !== ATTACHMENT) {
      event.preventDefault();
      this.form.drop(this);
    } else if (event.key === "ArrowDown" && !hasActive(this.input)) {
      this.offer();
    }
  }

  /** The value to send, as the option's type wants it; throws a sentence for the person. */
  value() {
    const { type, name } = this.option;
    if (this.picked) return this.picked.value;
    const entries = this.option.autocomplete ? null : this.entries();
    if (entries) {
      const wanted = this.text.toLowerCase().replace(/^[@#]/, "");
      const found = entries.find((each) => each.label.toLowerCase().replace(/^[@#]/, "") === wanted);
      if (!found) throw new Error(`Choose ${name} from the list.`);
      return found.value;
    }
    if (type === STRING) return this.input.value.trim();
    const number = Number(this.text.replace(",", "."));
    const fits = type === INTEGER ? Number.isInteger(number) : Number.isFinite(number);
    if (!fits) throw new Error(`${name} must be ${HINTS[type] ?? "a number"}.`);
    return number;
  }

  /** The value as it goes out; a file is read first. */
  async sent() {
    return this.option.type === ATTACHMENT ? readFile(this.input.files[0]) : this.value();
  }

  fail(sentence) {
    this.node.classList.add("wrong");
    this.input.setAttribute("aria-invalid", "true");
    this.form.complain(sentence);
    this.input.focus();
  }

  clearError() {
    this.node.classList.remove("wrong");
    this.input.removeAttribute("aria-invalid");
    this.form.complain("");
  }
}
