// Interactions on their way: what was asked, and what became of it.

import { api } from "./api.js";
import { announce } from "./dom.js";
import { botName, state, tell } from "./state.js";

const FINISHED = new Set(["replied", "updated", "modal", "choices"]);
const SHOWN_AFTER = 500; // a quick answer needs no sign of waiting
const running = new Map(); // interaction id -> {id, channelId, name, state, error, messageId, customId, since}
const all = () => [...running.values()];

/** What runs or has failed in a channel and belongs to no message, oldest first. */
export const pendingIn = (channelId) => all().filter((each) => each.channelId === channelId && each.name && !each.messageId);

/** The failure to show under a message, if there is one. */
export const failureOf = (messageId) => all().find((each) => each.messageId === messageId && each.state === "failed") ?? null;

/** Whether a component waits for the bot. */
export const isWaiting = (messageId, customId) =>
  all().some((each) => each.messageId === messageId && each.customId === customId && each.state === "pending");

const heardEarly = new Map(); // the stream may be quicker than the answer to the request
let waiters = new Map(); // interaction id -> functions that want to know its end

/** Take up what the sandbox answered to a command, a press or a form. */
function begin(answer, about) {
  const id = answer.interaction_id;
  const early = heardEarly.get(id) ?? {};
  heardEarly.delete(id);
  running.set(id, { id, state: answer.state ?? "pending", since: Date.now(), error: null, ...about, ...early });
  settle(id);
  setTimeout(() => tell("interactions", about.channelId), SHOWN_AFTER + 20);
  if (answer.modal) tell("modal", { interaction_id: id, ...answer.modal });
  return id;
}

function settle(id) {
  const one = running.get(id);
  if (!one) return;
  if (FINISHED.has(one.state)) running.delete(id);
  if (one.state === "failed") announce("This interaction failed");
  if (one.state !== "pending") {
    waiters.get(id)?.(one);
    waiters.delete(id);
  }
  tell("interactions", one.channelId);
  if (one.messageId) tell("message-changed", { id: one.messageId, channel_id: one.channelId });
}

/** Take up what the stream says of an interaction. */
export function heard({ id, state: next, error = null }) {
  const one = running.get(id);
  if (!one) {
    heardEarly.set(id, { state: next, error });
    if (heardEarly.size > 100) heardEarly.delete(heardEarly.keys().next().value);
    return;
  }
  Object.assign(one, { state: next, error });
  settle(id);
}

/** Take a failure's line away. */
export function forget(id) {
  const one = running.get(id);
  running.delete(id);
  if (!one) return;
  tell("interactions", one.channelId);
  if (one.messageId) tell("message-changed", { id: one.messageId, channel_id: one.channelId });
}

/** Forget everything: another person is played now. */
export function forgetAll() {
  running.clear();
  waiters = new Map();
}

/** Use a slash command; throws what the sandbox refuses. */
export async function useCommand(channelId, name, options) {
  const answer = await api.command(channelId, name, options);
  for (const each of pendingIn(channelId)) if (each.state === "failed") running.delete(each.id);
  return begin(answer, { channelId, name });
}

/** Press a button or choose in a select of a message. */
export async function press(message, customId, values, node = null) {
  for (const [id, each] of running) if (each.messageId === message.id && each.state === "failed") running.delete(id);
  node?.setAttribute("aria-busy", "true");
  const about = { channelId: message.channel_id, messageId: message.id, customId };
  try {
    begin(await api.component(message.channel_id, message.id, customId, values), about);
  } catch (error) {
    const id = `refused-${Date.now()}`;
    running.set(id, { id, state: "failed", error: error.message, since: Date.now(), ...about });
    settle(id);
  }
}

/** Send a form; resolves when the bot has taken it, and with its failure when it has not. */
export async function sendForm(opener, fields) {
  const answer = await api.modal(opener, fields);
  const id = answer.interaction_id;
  const ended = new Promise((done) => waiters.set(id, done));
  begin(answer, { channelId: state.channelId, name: null });
  const one = await ended;
  if (one.state === "failed") running.delete(id);
  return one;
}

/** Whether a running interaction is slow enough to be shown. */
export const isSlow = (one) => one.state === "deferred" || one.state === "failed" || Date.now() - one.since > SHOWN_AFTER;

/** The sentence under a failed interaction. */
export const failureText = (one) => one.error || `${botName()} did not answer within 3 seconds.`;
