// What the page knows, and how its parts hear of changes.

import { announce } from "./dom.js";

const bell = new EventTarget();

export const state = {
  people: [],
  me: null,
  view: null,
  channelId: null,
  messages: new Map(), // channel id -> messages, oldest first
  whole: new Set(), // channels whose first message is loaded
  clock: { now: null, offset: 0, next_due: null },
  typing: new Map(), // channel id -> when it ends, in page milliseconds
  waiting: new Map(), // person id -> direct messages that came while another person was played
};

/** Listen for one kind of change; return what stops it. */
export function on(name, action) {
  const heard = (event) => action(event.detail);
  bell.addEventListener(name, heard);
  return () => bell.removeEventListener(name, heard);
}

/** Tell every listener of a change. */
export function tell(name, detail = null) {
  bell.dispatchEvent(new CustomEvent(name, { detail }));
}

/** Read a value kept in the browser. */
export function kept(key, otherwise = null) {
  try {
    return JSON.parse(localStorage.getItem(`sandbox:${key}`) ?? "null") ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** Keep a value in the browser; a full or closed storage is no reason to fail. */
export function keep(key, value) {
  try {
    localStorage.setItem(`sandbox:${key}`, JSON.stringify(value));
  } catch {
    // The page works without it.
  }
}

/** Whether snowflake `a` is newer than `b`. */
export const newer = (a, b) => BigInt(a ?? 0) > BigInt(b ?? 0);

export const guild = () => state.view?.guilds?.[0] ?? null;

/** Every channel that the acting person sees, direct messages last. */
export const channels = () => [...(state.view?.guilds ?? []).flatMap((each) => each.channels), ...(state.view?.dms ?? [])];

export const channel = (id = state.channelId) => channels().find((each) => each.id === id) ?? null;

export const isDirect = (one) => one?.type === 1 || one?.type === 3;

export const botName = () => state.view?.app?.name ?? "Matchday";

/** The server in which a channel is; null for a direct message. */
export const guildOf = (channelId) => state.view?.guilds?.find((each) => each.channels.some((one) => one.id === channelId)) ?? null;

/** Everyone whom the person can name in a channel, as {id, name, user}. */
export function namesIn(channelId) {
  const members = guildOf(channelId)?.members ?? [];
  if (members.length) return members.map((each) => ({ id: each.user.id, name: nameOf(each.user, each), user: each.user }));
  const dm = channel(channelId);
  const both = new Map([...(dm?.recipients ?? []), state.me].filter(Boolean).map((user) => [user.id, user]));
  return [...both.values()].map((user) => ({ id: user.id, name: nameOf(user), user }));
}

/** What a person is called. */
export function nameOf(user, member = null) {
  if (user?.bot && user.id === state.view?.app?.id) return member?.nick ?? botName();
  return member?.nick ?? user?.display_name ?? user?.global_name ?? user?.username ?? "Unknown";
}

/** Find a person by id, wherever the page has met them. */
export function findUser(id) {
  for (const each of state.view?.guilds ?? []) {
    const member = each.members?.find((one) => one.user.id === id);
    if (member) return member.user;
  }
  const known = state.people.find((each) => each.id === id);
  return known ?? state.view?.dms?.flatMap((each) => each.recipients ?? []).find((each) => each.id === id) ?? null;
}

/** Find a role by id. */
export const findRole = (id) => state.view?.guilds?.flatMap((each) => each.roles).find((each) => each.id === id) ?? null;

// Unread marks ---------------------------------------------------------------------------------------------------

const readKey = () => `read:${state.me.id}`;

/** Whether a channel holds something that the acting person has not seen. */
export function isUnread(one) {
  if (!one.last_message_id) return false;
  const read = kept(readKey(), {});
  return newer(one.last_message_id, read[one.id] ?? 0);
}

/** Remember a channel as read up to its last message. */
export function markRead(channelId) {
  const one = channel(channelId);
  const last = state.messages.get(channelId)?.at(-1)?.id;
  const upTo = newer(last, one?.last_message_id) ? last : one?.last_message_id;
  if (!upTo) return;
  const read = kept(readKey(), {});
  if (!newer(upTo, read[channelId] ?? 0)) return;
  keep(readKey(), { ...read, [channelId]: upTo });
  tell("unread");
}

/** On a person's first visit, what is already in the server is not new. */
export function forgiveOldMessages() {
  if (kept(readKey())) return;
  const old = (state.view?.guilds ?? []).flatMap((each) => each.channels).filter((each) => each.last_message_id);
  keep(readKey(), Object.fromEntries(old.map((each) => [each.id, each.last_message_id])));
}

// Messages -------------------------------------------------------------------------------------------------------

const hiddenKey = () => `dismissed:${state.me.id}`;

export const isDismissed = (id) => kept(hiddenKey(), []).includes(id);

/** Hide an ephemeral message for good. */
export function dismiss(message) {
  keep(hiddenKey(), [...kept(hiddenKey(), []), message.id].slice(-300));
  removeMessage(message.channel_id, message.id);
}

/** Put a new or edited message in its place. */
export function putMessage(message, { isNew = false } = {}) {
  const list = state.messages.get(message.channel_id);
  const at = list?.findIndex((each) => each.id === message.id) ?? -1;
  if (list && at >= 0) list[at] = { ...list[at], ...message };
  else if (list && isNew) list.push(message);
  const one = channel(message.channel_id);
  if (isNew && one && newer(message.id, one.last_message_id)) one.last_message_id = message.id;
  tell(at >= 0 || !isNew ? "message-changed" : "message-added", message);
}

/** Take a message away. */
export function removeMessage(channelId, id) {
  const list = state.messages.get(channelId);
  const at = list?.findIndex((each) => each.id === id) ?? -1;
  if (at >= 0) list.splice(at, 1);
  tell("message-removed", { channel_id: channelId, id });
}

/** Show a short sentence that goes by itself. */
export function notice(text) {
  announce(text);
  tell("notice", text);
}
