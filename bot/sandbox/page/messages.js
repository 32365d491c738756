// The list of messages in the open channel.

import { api } from "./api.js";
import { announce, avatar, h, icon } from "./dom.js";
import { components, shownFiles } from "./components.js";
import { embed } from "./embeds.js";
import { attachments } from "./files.js";
import { failureOf, failureText, forget, isSlow, pendingIn } from "./interactions.js";
import { markdown } from "./markdown.js";
import { botName, channel, dismiss, findUser, guildOf, isDirect, isDismissed, markRead, nameOf, notice, on, state, tell } from "./state.js";
import { sandboxNow, write } from "./timestamps.js";

const EPHEMERAL = 64;
const LOADING = 128;
const TOGETHER = 7 * 60_000; // messages of one author within this time share one head
const PAGE = 50;

const scroller = document.getElementById("messages");
const list = document.getElementById("message-list");
const pendingList = document.getElementById("pending-list");
const jump = document.getElementById("jump");

export const isEphemeral = (message) => Boolean((message.flags ?? 0) & EPHEMERAL);
const isLoading = (message) => Boolean((message.flags ?? 0) & LOADING);
const atBottom = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 120;

function toBottom() {
  scroller.scrollTop = scroller.scrollHeight;
  jump.hidden = true;
}

/** Load and show a channel's messages. */
export async function openMessages(channelId) {
  list.replaceChildren();
  state.messages.set(channelId, []);
  const found = await api.messages(channelId);
  if (state.channelId !== channelId) return;
  if (found.length < PAGE) state.whole.add(channelId);
  const known = new Set(found.map((each) => each.id));
  // What the stream brought while the answer was on its way stays.
  const late = state.messages.get(channelId).filter((each) => !known.has(each.id));
  state.messages.set(channelId, [...found, ...late].filter((each) => !isDismissed(each.id)));
  renderAll();
  toBottom();
  markRead(channelId);
}

async function loadEarlier() {
  const channelId = state.channelId;
  const have = state.messages.get(channelId) ?? [];
  const found = await api.messages(channelId, have[0]?.id);
  if (found.length < PAGE) state.whole.add(channelId);
  const height = scroller.scrollHeight;
  state.messages.set(channelId, [...found.filter((each) => !isDismissed(each.id)), ...have]);
  renderAll();
  scroller.scrollTop += scroller.scrollHeight - height;
}

/** Draw the whole channel anew. */
export function renderAll() {
  const messages = state.messages.get(state.channelId) ?? [];
  const rows = messages.map((message, at) => [daySign(messages[at - 1], message), entry(message, messages[at - 1])]);
  const earlier = h("button", { type: "button", class: "button secondary small", onclick: loadEarlier }, "Earlier messages");
  const top = state.whole.has(state.channelId) ? h("li", { class: "welcome" }, welcome()) : h("li", { class: "earlier" }, earlier);
  list.replaceChildren(top, ...rows.flat().filter(Boolean));
  renderPending();
}

function welcome() {
  const one = channel();
  if (!one) return null;
  if (isDirect(one)) {
    const hint = "Only you and the bot see this. Type / to see what it can do here.";
    return [h("h3", {}, `Direct messages with ${botName()}`), h("p", {}, hint)];
  }
  return [h("h3", {}, `#${one.name}`), h("p", {}, one.topic || `This is the beginning of #${one.name}. Type / to see the commands.`)];
}

function daySign(before, message) {
  const day = write(Date.parse(message.timestamp), "day");
  if (before && write(Date.parse(before.timestamp), "day") === day) return null;
  return h("li", { class: "day" }, h("span", {}, day));
}

/** Build one message. */
function entry(message, before) {
  const together = before && !isEphemeral(message) && !isEphemeral(before) && !usedBy(message) && !message.message_reference
    && before.author.id === message.author.id && Date.parse(message.timestamp) - Date.parse(before.timestamp) < TOGETHER;
  const node = h("li", { class: together ? "message together" : "message", dataset: { id: message.id } });
  if (isEphemeral(message)) node.classList.add("ephemeral");
  node.append(...[together ? null : head(message), h("div", { class: "body" }, content(message))].filter(Boolean));
  return node;
}

function head(message) {
  const { author } = message;
  const sent = Date.parse(message.timestamp);
  const member = guildOf(message.channel_id)?.members?.find((each) => each.user.id === author.id);
  return h(
    "div",
    { class: "head" },
    origin(message),
    avatar(author, nameOf(author, member)),
    h(
      "p",
      { class: "by" },
      h("strong", { class: author.bot ? "name bot" : "name" }, nameOf(author, member)),
      author.bot ? h("span", { class: "tag" }, "App") : null,
      h("time", { class: "sent", datetime: message.timestamp, title: write(sent, "full") }, sentText(sent)),
    ),
  );
}

const sentText = (sent) => (write(sent, "d") === write(sandboxNow(), "d") ? write(sent, "t") : `${write(sent, "d")} ${write(sent, "t")}`);

const usedBy = (message) => message.interaction?.name ?? message.interaction_metadata?.name ?? null;

/** The quiet line above an answer: who used which command, or what it answers. */
function origin(message) {
  const command = usedBy(message);
  if (command) {
    const user = message.interaction?.user ?? message.interaction_metadata?.user;
    return h("p", { class: "origin" }, `${nameOf(findUser(user?.id) ?? user)} used `, h("span", { class: "mention" }, `/${command}`));
  }
  const earlier = message.referenced_message;
  if (!earlier) return null;
  return h("p", { class: "origin" }, `Answer to ${nameOf(earlier.author)}: ${(earlier.content || "a message").slice(0, 80)}`);
}

function content(message) {
  if (isLoading(message)) return [thinking(), ephemeralFoot(message)];
  const shown = shownFiles([message.components, message.embeds]);
  const edited = message.edited_timestamp ? h("span", { class: "edited" }, " (edited)") : null;
  return [
    message.content ? h("div", { class: "md" }, markdown(message.content), edited) : null,
    attachments(message, shown),
    (message.embeds ?? []).map((each) => embed(each, message)),
    components(message.components, message),
    failureLine(failureOf(message.id)),
    ephemeralFoot(message),
  ];
}

function thinking(text = `${botName()} is thinking`) {
  return h("p", { class: "thinking" }, text, h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")));
}

function ephemeralFoot(message) {
  if (!isEphemeral(message)) return null;
  return h(
    "p",
    { class: "only-you" },
    icon("eye"),
    h("span", {}, "Only you can see this"),
    h("span", { "aria-hidden": "true" }, "·"),
    h("button", { type: "button", class: "link-button", onclick: () => dismissHere(message) }, "Dismiss"),
  );
}

function dismissHere(message) {
  dismiss(message);
  scroller.focus({ preventScroll: true });
  announce("Message dismissed");
}

function failureLine(one) {
  if (!one) return null;
  return h("p", { class: "failed" }, icon("warn"), h("strong", {}, "This interaction failed"), h("span", {}, failureText(one)));
}

function renderPending() {
  const stick = atBottom();
  const shown = state.messages.get(state.channelId) ?? [];
  // A deferred answer has a message of its own once the bot's loading message has come.
  const loading = new Set(shown.filter(isLoading).map(interactionOf));
  const rows = pendingIn(state.channelId).filter((one) => isSlow(one) && (one.state === "failed" || !loading.has(one.id)));
  pendingList.replaceChildren(...rows.map(pendingRow));
  if (stick) toBottom();
}

function pendingRow(one) {
  const used = h("p", { class: "origin" }, "You used ", h("span", { class: "mention" }, `/${one.name}`));
  const body = h("div", { class: "body" });
  if (one.state === "failed") {
    const away = h("button", { type: "button", class: "link-button", onclick: () => forget(one.id) }, "Dismiss");
    body.append(failureLine(one), h("p", { class: "only-you" }, away));
  } else {
    body.append(thinking(one.state === "pending" ? `Sending /${one.name}` : undefined));
  }
  return h("li", { class: "message pending" }, used, body);
}

const interactionOf = (message) => message.interaction?.id ?? message.interaction_metadata?.id;

/** What a screen reader says of a new message. */
function spoken(message, node) {
  const parts = [...node.querySelectorAll(".body > :not(.only-you)")].map((part) => part.textContent.trim());
  const text = parts.filter(Boolean).join(" ").slice(0, 240);
  return `${nameOf(message.author)}: ${text}${isEphemeral(message) ? " (only you can see this)" : ""}`;
}

/** What a phone would show of a direct message: its plain sentence. */
function pushed(message) {
  const text = h("div", {}, markdown(message.content)).textContent.trim();
  return `${nameOf(message.author)}: ${text.slice(0, 160) || "sent you a message"}`;
}

function added(message) {
  if (message.channel_id !== state.channelId) {
    tell("unread");
    if (isDirect(channel(message.channel_id)) && message.author.id !== state.me.id) notice(pushed(message));
    return;
  }
  const mine = message.author.id === state.me.id || interactionUser(message) === state.me.id;
  const stick = atBottom() || mine;
  const messages = state.messages.get(state.channelId) ?? [];
  const before = messages.at(-2);
  const sign = daySign(before, message);
  const node = entry(message, before);
  list.append(...[sign, node].filter(Boolean));
  renderPending();
  if (message.author.id !== state.me.id) announce(spoken(message, node));
  for (const image of node.querySelectorAll("img")) image.addEventListener("load", () => stick && toBottom(), { once: true });
  if (stick) toBottom();
  else jump.hidden = false;
  if (document.hasFocus() && !document.hidden) markRead(state.channelId);
}

const interactionUser = (message) => message.interaction_metadata?.user?.id ?? message.interaction?.user?.id;

/** Draw one message anew and give the focus back to what had it. */
function changed({ id, channel_id: channelId }) {
  if (channelId !== state.channelId) return;
  const messages = state.messages.get(channelId) ?? [];
  const at = messages.findIndex((each) => each.id === id);
  const old = list.querySelector(`[data-id="${id}"]`);
  if (at < 0 || !old) return;
  const stick = atBottom();
  const focused = old.contains(document.activeElement) ? (document.activeElement.dataset.customId ?? "") : null;
  const node = entry(messages[at], messages[at - 1]);
  old.replaceWith(node);
  if (focused !== null) {
    const same = focused ? node.querySelector(`[data-custom-id="${CSS.escape(focused)}"]:not(:disabled)`) : null;
    (same ?? node.querySelector("button:not(:disabled)") ?? scroller).focus({ preventScroll: true });
  }
  for (const image of node.querySelectorAll("img")) image.addEventListener("load", () => stick && toBottom(), { once: true });
  if (stick) toBottom();
  else node.querySelector(".failed")?.scrollIntoView({ block: "nearest" });
}

/** Listen for what happens to messages. */
export function startMessages() {
  on("message-added", added);
  on("message-changed", changed);
  on("message-removed", ({ channel_id: channelId }) => channelId === state.channelId && renderAll());
  on("interactions", (channelId) => (channelId === state.channelId || !channelId) && renderPending());
  jump.addEventListener("click", () => {
    toBottom();
    scroller.focus({ preventScroll: true });
  });
  scroller.addEventListener("scroll", () => atBottom() && (jump.hidden = true));
  addEventListener("focus", () => state.channelId && markRead(state.channelId));
}
