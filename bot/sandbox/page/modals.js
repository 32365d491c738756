// Forms that the bot opens (modals), as native dialogs: the browser keeps the focus inside and gives it back.

import { h, icon } from "./dom.js";
import { formBody } from "./fields.js";
import { failureText, sendForm } from "./interactions.js";
import { botName, on, state } from "./state.js";

const opened = new Set(); // a form can be told twice, by the answer and by the stream

/** Open a form {interaction_id, title, components}. */
export function openModal(form) {
  if (opened.has(form.interaction_id)) return;
  opened.add(form.interaction_id);
  const { nodes, fields } = formBody(form.components, state.channelId);
  const error = h("p", { class: "form-error", role: "alert", hidden: true });
  const send = h("button", { type: "submit", class: "button primary" }, "Submit");
  const close = () => dialog.close();
  const cross = h("button", { type: "button", class: "icon-button", "aria-label": "Close", onclick: close }, icon("close"));
  const cancel = h("button", { type: "button", class: "button secondary", onclick: close }, "Cancel");
  const body = h(
    "form",
    { novalidate: true, onsubmit: (event) => submit(event, { form, fields, error, send, close }) },
    h("header", {}, h("h2", { id: "form-title" }, form.title), cross),
    h("div", { class: "form-body" }, nodes, error),
    h("footer", {}, h("span", { class: "quiet" }, `Goes to ${botName()}`), cancel, send),
  );
  const dialog = h("dialog", { class: "form", "aria-labelledby": "form-title" }, body);
  const before = document.activeElement;
  dialog.addEventListener("close", () => {
    dialog.remove();
    // Whoever has gone on to another field keeps it.
    if (document.activeElement !== document.body && document.activeElement !== before) return;
    if (before?.isConnected && before !== document.body && !before.disabled) before.focus();
    else document.getElementById("composer-text").focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  fields[0]?.focus();
}

async function submit(event, { form, fields, error, send, close }) {
  event.preventDefault();
  const wrong = check(fields);
  if (wrong) {
    wrong.focus();
    return;
  }
  const say = (sentence) => {
    error.textContent = sentence;
    error.hidden = !sentence;
  };
  say("");
  send.disabled = true;
  send.setAttribute("aria-busy", "true");
  try {
    const values = {};
    for (const field of fields) values[field.customId] = await field.value();
    const ended = await sendForm(form.interaction_id, values);
    if (ended.state === "failed") say(`This interaction failed. ${failureText(ended)}`);
    else close();
  } catch (problem) {
    say(problem.message);
  } finally {
    send.disabled = false;
    send.removeAttribute("aria-busy");
  }
}

/** Show what is wrong in each field; returns the first wrong one. */
function check(fields) {
  let first = null;
  for (const field of fields) {
    const problem = field.problem();
    field.complain(problem);
    if (problem) first ??= field;
  }
  return first;
}

/** Listen for forms. */
export function startModals() {
  on("modal", openModal);
}
