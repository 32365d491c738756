// The fields of a form (modal): labels with text inputs, selects, radios, checkboxes and files.

import { freshId, h } from "./dom.js";
import { selectEntries } from "./entities.js";
import { readFile, size } from "./files.js";
import { markdown } from "./markdown.js";
import { select } from "./select.js";

const PARAGRAPH = 2;

const CHOOSERS = { 3: chooser, 5: chooser, 6: chooser, 7: chooser, 8: chooser };
const BUILD = { ...CHOOSERS, 4: textInput, 19: upload, 21: radios, 22: checks, 23: checkbox };

/** Build a form's body: {nodes, fields}; a field is {customId, problem(), value(), focus(), complain(sentence)}. */
export function formBody(list, channelId) {
  const fields = [];
  const nodes = (list ?? []).map((one) => {
    if (one.type === 10) return h("div", { class: "md form-text" }, markdown(one.content));
    if (one.type === 1) {
      return h("div", {}, one.components.map((each) => labelled({ label: each.label, component: each }, channelId, fields)));
    }
    if (one.type === 18) return labelled(one, channelId, fields);
    return h("p", { class: "quiet" }, `A component of type ${one.type}, which this page does not know.`);
  });
  return { nodes, fields };
}

const isNeeded = (component) => component.type !== 23 && component.required !== false;

function labelled({ label, description, component }, channelId, fields) {
  const ids = { field: freshId("field"), about: freshId("about"), error: freshId("error") };
  const built = BUILD[component.type]?.(component, { ids, label, channelId });
  if (!built) return h("p", { class: "quiet" }, `A field of type ${component.type}, which this page does not know.`);
  const error = h("p", { id: ids.error, class: "field-error", role: "alert", hidden: true });
  fields.push({
    customId: component.custom_id,
    focus: () => built.focus(),
    value: () => built.value(),
    problem: () => built.problem?.() ?? null,
    complain: (sentence) => {
      error.textContent = sentence ?? "";
      error.hidden = !sentence;
    },
  });
  const star = h("span", { class: "needed", title: "Needed" }, " *", h("span", { class: "sr" }, "needed"));
  const title = [h("span", {}, label), isNeeded(component) ? star : null];
  const about = description ? h("p", { id: ids.about, class: "field-about" }, description) : null;
  const described = { "aria-describedby": `${ids.about} ${ids.error}` };
  if (built.grouped) return h("fieldset", { class: "field", ...described }, h("legend", {}, title), about, built.node, error);
  return h("div", { class: "field" }, h("label", { for: ids.field }, title), about, built.node, error);
}

function textInput(one, { ids }) {
  const attributes = {
    id: ids.field,
    class: "text-field",
    placeholder: one.placeholder ?? null,
    maxlength: one.max_length ?? 4000,
    required: isNeeded(one),
    "aria-describedby": `${ids.about} ${ids.error}`,
    rows: one.style === PARAGRAPH ? 4 : null,
    type: one.style === PARAGRAPH ? null : "text",
    autocomplete: "off",
    value: one.value ?? "",
  };
  const input = h(one.style === PARAGRAPH ? "textarea" : "input", attributes);
  const problem = () => {
    const length = input.value.trim().length;
    if (!length) return isNeeded(one) ? "Please fill this in." : null;
    return length < (one.min_length ?? 0) ? `At least ${one.min_length} characters, please.` : null;
  };
  return { node: input, focus: () => input.focus(), value: () => input.value, problem };
}

const amount = (count, min, max) => (count < min ? `Choose at least ${min}.` : count > max ? `Choose at most ${max}.` : null);

function countProblem(one, count, defaultMax) {
  if (!count) return isNeeded(one) ? "Please choose." : null;
  return amount(count, one.min_values ?? 1, one.max_values ?? defaultMax);
}

function chooser(one, { ids, label, channelId }) {
  const { entries, chosen } = selectEntries(one, channelId);
  const min = isNeeded(one) ? (one.min_values ?? 1) : 0;
  const built = select({ entries, chosen, min, max: one.max_values ?? 1, placeholder: one.placeholder || "Choose", label });
  built.button.id = ids.field;
  built.button.setAttribute("aria-describedby", `${ids.about} ${ids.error}`);
  const problem = () => countProblem(one, built.values().length, 1);
  return { node: built.node, focus: () => built.button.focus(), value: () => built.values(), problem };
}

function choices(one, kind, name) {
  return (one.options ?? []).map((option) => {
    const input = h("input", { type: kind, name, value: option.value, checked: option.default });
    const about = option.description ? h("small", {}, option.description) : null;
    return h("label", { class: "choice" }, input, h("span", {}, h("span", {}, option.label), about));
  });
}

const checkedIn = (node) => [...node.querySelectorAll("input:checked")].map((each) => each.value);

function radios(one, { ids }) {
  const node = h("div", { class: "choices" }, choices(one, "radio", ids.field));
  const problem = () => (isNeeded(one) && !checkedIn(node).length ? "Please choose one." : null);
  return { node, grouped: true, focus: () => node.querySelector("input")?.focus(), value: () => checkedIn(node)[0] ?? null, problem };
}

function checks(one, { ids }) {
  const node = h("div", { class: "choices" }, choices(one, "checkbox", ids.field));
  const problem = () => countProblem(one, checkedIn(node).length, one.options?.length ?? 10);
  return { node, grouped: true, focus: () => node.querySelector("input")?.focus(), value: () => checkedIn(node), problem };
}

function checkbox(one, { ids }) {
  const input = h("input", { id: ids.field, type: "checkbox", checked: one.default, "aria-describedby": ids.about });
  const node = h("div", { class: "choices" }, h("span", { class: "choice" }, input, h("span", { "aria-hidden": "true" }, "Yes")));
  return { node, focus: () => input.focus(), value: () => input.checked };
}

function upload(one, { ids }) {
  const max = one.max_values ?? 1;
  const types = (one.file_types ?? []).map((each) => (each.includes("/") || each.startsWith(".") ? each : `.${each}`));
  const chosen = h("ul", { class: "chosen-files" });
  const described = { accept: types.join(",") || null, "aria-describedby": `${ids.about} ${ids.error}` };
  const input = h("input", { id: ids.field, type: "file", class: "text-field", multiple: max > 1, ...described });
  const line = (each) => h("li", {}, `${each.name} · ${size(each.size)}`);
  input.addEventListener("change", () => chosen.replaceChildren(...[...input.files].map(line)));
  return {
    node: h("div", {}, input, chosen),
    focus: () => input.focus(),
    value: () => Promise.all([...input.files].map(readFile)),
    problem: () => countProblem(one, input.files.length, 1),
  };
}
