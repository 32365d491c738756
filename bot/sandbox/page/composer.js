// The box at the bottom: plain messages, and slash commands with their options.

import { api } from "./api.js";
import { h } from "./dom.js";
import { matching, usable } from "./commands.js";
import { useCommand } from "./interactions.js";
import { OptionField } from "./options.js";
import { botName, channel, isDirect, on, state } from "./state.js";
import { hideSuggestions, isSuggesting, suggest, suggestionKey } from "./suggestions.js";

const box = document.getElementById("composer");
const text = document.getElementById("composer-text");
const commandBar = document.getElementById("command-bar");
const send = document.getElementById("send");
const hint = document.getElementById("composer-hint");
const error = document.getElementById("composer-error");

let command = null;
let fields = [];
let busy = false;

const listed = () => usable(state.view?.commands, isDirect(channel()));

// Plain text ---------------------------------------------------------------------------------------------------------

function onInput() {
  complain("");
  fit();
  const typed = text.value;
  if (typed.startsWith("/") && !typed.includes("\n")) offerCommands(typed.slice(1));
  else if (isSuggesting(text)) hideSuggestions();
}

function fit() {
  text.style.height = "";
  // A placeholder that does not fit must not make the empty box taller.
  if (text.value) text.style.height = `${Math.min(text.scrollHeight, 180)}px`;
}

function offerCommands(typed) {
  const all = listed();
  const found = matching(all, typed);
  const none = `${botName()} has no commands here. Start the bot, then try again.`;
  const note = all.length ? "No command fits. Press Escape to write a message." : none;
  const items = found.map((each) => ({ label: `/${each.name}`, detail: each.description, command: each }));
  suggest(text, items, { title: `Commands of ${botName()}`, note, onPick: (item) => startCommand(item.command) });
}

function onKey(event) {
  if (event.isComposing || suggestionKey(event, text)) return;
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    submit();
  }
}

async function say() {
  const content = text.value.trim();
  if (!content) return;
  if (content.startsWith("/") && listed().some((each) => content.slice(1) === each.name)) {
    startCommand(listed().find((each) => content.slice(1) === each.name));
    return;
  }
  await attempt(async () => {
    await api.say(state.channelId, content);
    text.value = "";
    fit();
  });
}

// Commands -----------------------------------------------------------------------------------------------------------

const form = {
  get command() {
    return command;
  },
  values,
  next: (field) => focusAfter(field),
  submit: () => submit(),
  cancel: () => endCommand(),
  drop: (field) => dropField(field),
  describe: (field) => (hint.textContent = field.hint()),
  complain: (sentence) => complain(sentence),
};

/** Put a command into the box, ready for its options. */
export function startCommand(given) {
  command = given;
  hideSuggestions();
  complain("");
  fields = command.options.filter((each) => each.required).map((each) => new OptionField(each, form));
  text.hidden = true;
  text.value = "";
  commandBar.hidden = false;
  box.classList.add("in-command");
  draw();
  hint.textContent = command.description;
  (fields[0]?.input ?? commandBar.querySelector(".more-option") ?? send).focus();
  if (!fields.length) send.focus();
}

/** Start a command by its name, as a pressed command mention does. */
function startNamed(name) {
  const found = listed().find((each) => each.name === name);
  if (found) startCommand(found);
  else complain(`/${name} cannot be used here.`);
}

function draw() {
  const used = new Set(fields.map((each) => each.option.name));
  const rest = command.options.filter((each) => !used.has(each.name));
  const shown = `/${command.name}`;
  const away = { title: "Take the command away", "aria-label": `${shown}, take the command away`, onclick: () => endCommand() };
  const name = h("button", { type: "button", class: "command-name", ...away }, shown);
  const more = rest.map((option) => {
    const about = { title: option.description, "aria-description": option.description, onclick: () => addField(option) };
    return h("button", { type: "button", class: "more-option", ...about }, `+ ${option.name}`);
  });
  commandBar.replaceChildren(name, ...fields.map((each) => each.node), ...more);
}

function addField(option) {
  const field = new OptionField(option, form);
  fields.push(field);
  draw();
  field.input.focus();
}

function dropField(field) {
  if (field.option.required) {
    if (fields[0] === field) endCommand();
    else fields[fields.indexOf(field) - 1]?.input.focus();
    return;
  }
  fields = fields.filter((each) => each !== field);
  hideSuggestions();
  draw();
  (fields.at(-1)?.input ?? send).focus();
}

/** After a choice go to the next empty field; when all are filled, stay, and Enter sends. */
function focusAfter(field) {
  const rest = fields.slice(fields.indexOf(field) + 1).find((each) => each.isEmpty);
  if (rest) rest.input.focus();
  else hint.textContent = "Press Enter to send";
}

/** What is filled in so far, for autocomplete; what does not fit yet is left out. */
function values() {
  const found = {};
  for (const field of fields) {
    if (field.isEmpty || field.option.type === 11) continue;
    try {
      found[field.option.name] = field.value();
    } catch {
      continue;
    }
  }
  return found;
}

/** Leave the command; what was typed is gone, as in Discord. */
function endCommand({ focus = true } = {}) {
  command = null;
  fields = [];
  commandBar.hidden = true;
  commandBar.replaceChildren();
  text.hidden = false;
  box.classList.remove("in-command");
  hint.textContent = "";
  hideSuggestions();
  complain("");
  if (focus) text.focus();
}

async function runCommand() {
  const missing = fields.find((each) => each.option.required && each.isEmpty);
  if (missing) {
    missing.fail(`${missing.option.name} is needed: ${missing.option.description}`);
    return;
  }
  const options = {};
  for (const field of fields.filter((each) => !each.isEmpty)) {
    try {
      options[field.option.name] = await field.sent();
    } catch (problem) {
      field.fail(problem.message);
      return;
    }
  }
  await attempt(async () => {
    await useCommand(state.channelId, command.name, options);
    endCommand();
  });
}

// Both ---------------------------------------------------------------------------------------------------------------

async function attempt(action) {
  if (busy) return;
  busy = true;
  send.disabled = true;
  try {
    await action();
    complain("");
  } catch (problem) {
    complain(problem.message);
  } finally {
    busy = false;
    send.disabled = false;
  }
}

const submit = () => (command ? runCommand() : say());

function complain(sentence) {
  error.textContent = sentence;
  error.hidden = !sentence;
}

/** Empty the box for another channel or person. */
export function resetComposer() {
  endCommand({ focus: false });
  const one = channel();
  const where = isDirect(one) ? botName() : `#${one?.name ?? ""}`;
  text.value = "";
  fit();
  const may = one?.can_send !== false;
  const narrow = matchMedia("(max-width: 800px)").matches;
  text.placeholder = !may ? `You cannot write in ${where}` : narrow ? `Message ${where}` : `Message ${where}, or / for commands`;
  text.setAttribute("aria-label", `Message ${where}. Type / for commands`);
}

/** Start the box. */
export function startComposer() {
  text.addEventListener("input", onInput);
  text.addEventListener("keydown", onKey);
  text.addEventListener("focus", () => text.value.startsWith("/") && onInput());
  text.addEventListener("blur", () => isSuggesting(text) && hideSuggestions());
  send.addEventListener("click", submit);
  on("start-command", startNamed);
  on("typing", drawTyping);
  document.getElementById("slash").addEventListener("click", () => {
    endCommand();
    text.value = "/";
    onInput();
  });
  commandBar.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) endCommand();
  });
  send.addEventListener("keydown", (event) => {
    if (event.key === "Escape" || (event.key === "Backspace" && command)) endCommand();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, dialog, [role=combobox]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    endCommand();
    text.value = "/";
    onInput();
  });
}

function drawTyping() {
  const until = state.typing.get(state.channelId) ?? 0;
  if (!command) hint.textContent = until > Date.now() ? `${botName()} is typing` : "";
}
