// How the page talks to the sandbox: plain requests, and one stream for each person.

import { state } from "./state.js";

/** What the sandbox refused, in its own sentence. */
export class Refused extends Error {
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

const GONE = "The sandbox does not answer.";

async function ask(method, path, body) {
  const options = { method, headers: {} };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Refused(0, GONE);
  }
  const text = await answer.text();
  let data = null;
  try {
    data = text ? JSON.parse(text) : null;
  } catch {
    data = null;
  }
  if (!answer.ok) throw new Refused(answer.status, data?.message ?? `The sandbox answered ${answer.status}.`);
  return data;
}

const mine = (rest) => `/people/${encodeURIComponent(state.me.id)}/${rest}`;

export const api = {
  people: () => ask("GET", "/people"),
  view: () => ask("GET", mine("view")),
  messages: (channelId, before = null) => ask("GET", mine(`channels/${channelId}/messages?limit=50${before ? `&before=${before}` : ""}`)),
  openDm: () => ask("POST", mine("dm"), {}),
  setDms: (open) => ask("POST", mine("dms"), { open }),
  say: (channel_id, content) => ask("POST", mine("message"), { channel_id, content }),
  command: (channel_id, command, options) => ask("POST", mine("command"), { channel_id, command, options, wait: false }),
  autocomplete: (channel_id, command, options, focused) => ask("POST", mine("autocomplete"), { channel_id, command, options, focused }),
  component: (channel_id, message_id, custom_id, values) =>
    ask("POST", mine("component"), { channel_id, message_id, custom_id, values, wait: false }),
  modal: (interaction_id, fields) => ask("POST", mine("modal"), { interaction_id, fields, wait: false }),
  clock: () => ask("GET", "/clock"),
  moveClock: (move) => ask("POST", "/control/clock", move),
};

const FIRST_WAIT = 400;
const LONGEST_WAIT = 4000;

/** Follow a person's stream for as long as it is wanted, coming back by itself. Returns what ends it. */
export function follow(userId, { heard, opened = () => {}, lost = () => {} }) {
  let socket = null;
  let ended = false;
  let wait = FIRST_WAIT;
  let timer = 0;

  const open = () => {
    const address = new URL(`/people/${encodeURIComponent(userId)}/stream`, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    socket = new WebSocket(address);
    socket.onopen = () => {
      wait = FIRST_WAIT;
      opened();
    };
    socket.onmessage = (event) => {
      const { t, d } = JSON.parse(event.data);
      heard(t, d);
    };
    socket.onclose = () => {
      if (ended) return;
      lost();
      timer = setTimeout(open, wait);
      wait = Math.min(wait * 1.7, LONGEST_WAIT);
    };
  };

  open();
  return () => {
    ended = true;
    clearTimeout(timer);
    socket?.close();
  };
}
