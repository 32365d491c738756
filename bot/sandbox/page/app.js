// The page's start: who is played, which channel is open, and what the stream brings.

import { api, follow } from "./api.js";
import { renderChannels, renderSide, setDrawer, startChannels } from "./channels.js";
import { setClock, startClock } from "./clock.js";
import { resetComposer, startComposer } from "./composer.js";
import { h, icon } from "./dom.js";
import { forgetAll, heard as heardInteraction } from "./interactions.js";
import { openMessages, renderAll, startMessages } from "./messages.js";
import { startModals } from "./modals.js";
import { botName, channel, channels, forgiveOldMessages, guild, keep, kept, notice, on } from "./state.js";
import { putMessage, removeMessage, state, tell } from "./state.js";

const TYPING_LASTS = 10_000;
const NOTICE_LASTS = 6000;
const OTHERS_FOLLOWED = 6; // people whose direct messages are counted while another one is played

let stopMine = () => {};
const stopOthers = new Map();
let wasLost = false;

// The stream ---------------------------------------------------------------------------------------------------------

const HEARD = {
  message_create: (d) => putMessage(d, { isNew: true }),
  message_update: (d) => putMessage(d),
  message_delete: (d) => removeMessage(d.channel_id, d.id),
  interaction: heardInteraction,
  modal: (d) => tell("modal", d),
  clock: (d) => {
    setClock(d);
    tell("clock-moved");
  },
  commands: () => refreshView(),
  channel_update: () => refreshView(),
  channel_delete: () => refreshView(),
  dm_open: () => refreshView(),
  typing: (d) => showTyping(d),
};

function heard(type, data) {
  if (type === "message_create" && !channel(data.channel_id)) {
    refreshView().then(() => HEARD.message_create(data));
    return;
  }
  HEARD[type]?.(data);
}

function showTyping({ channel_id: channelId, user_id: userId }) {
  if (userId === state.me.id) return;
  state.typing.set(channelId, Date.now() + TYPING_LASTS);
  tell("typing");
  setTimeout(() => tell("typing"), TYPING_LASTS + 50);
}

function lost() {
  wasLost = true;
  document.getElementById("gone").hidden = false;
}

async function found() {
  document.getElementById("gone").hidden = true;
  if (!wasLost) return;
  wasLost = false;
  await begin();
}

/** Count direct messages of the people who are not played now. */
function followOthers() {
  const wanted = new Set(state.people.slice(0, OTHERS_FOLLOWED).map((each) => each.id).filter((id) => id !== state.me.id));
  for (const [id, stop] of stopOthers) {
    if (wanted.has(id)) continue;
    stop();
    stopOthers.delete(id);
  }
  for (const id of wanted) {
    if (!stopOthers.has(id)) stopOthers.set(id, follow(id, { heard: (type, data) => type === "message_create" && countFor(id, data) }));
  }
}

function countFor(id, message) {
  if (message.guild_id || message.author.id === id || (message.flags ?? 0) & 64) return;
  if (guild()?.channels.some((each) => each.id === message.channel_id)) return;
  state.waiting.set(id, (state.waiting.get(id) ?? 0) + 1);
  tell("waiting");
}

// Views --------------------------------------------------------------------------------------------------------------

/** Read anew what the person sees: channels, people, commands. */
async function refreshView() {
  const before = state.me.id;
  const view = await api.view().catch(() => null);
  if (!view || state.me.id !== before) return;
  state.view = view;
  if (!channel()) await openChannel(channels()[0]?.id);
  renderSide();
  drawBotState();
}

/** Say how to start the bot while it has no commands. */
function drawBotState() {
  const none = !state.view?.commands?.length;
  document.getElementById("no-bot").hidden = !none;
  document.getElementById("no-bot-name").textContent = botName();
}

async function openChannel(id) {
  if (!id) return;
  state.channelId = id;
  keep(`channel:${state.me.id}`, id);
  setDrawer(false);
  resetComposer();
  renderSide();
  try {
    await openMessages(id);
  } catch (error) {
    notice(error.message);
  }
  renderChannels();
}

/** Play a person: her view, her channel, her stream. */
async function actAs(id) {
  const person = state.people.find((each) => each.id === id) ?? state.people[0];
  stopMine();
  forgetAll();
  Object.assign(state, { me: person, view: null, channelId: null, messages: new Map(), whole: new Set() });
  state.waiting.delete(person.id);
  keep("person", person.id);
  state.view = await api.view();
  forgiveOldMessages();
  const last = kept(`channel:${person.id}`);
  tell("person");
  stopMine = follow(person.id, { heard, opened: found, lost });
  followOthers();
  await openChannel(channel(last) ? last : channels()[0]?.id);
  renderSide();
  drawBotState();
}

/** Read everything, at the start and after the sandbox was gone. */
async function begin() {
  try {
    state.people = await api.people();
    setClock(await api.clock());
    await actAs(state.me?.id ?? kept("person"));
    document.getElementById("gone").hidden = true;
    document.body.dataset.ready = "true";
  } catch {
    lost();
    setTimeout(begin, 2000);
  }
}

function showNotice(text) {
  const line = h("p", {}, text);
  document.getElementById("notices").append(line);
  setTimeout(() => line.remove(), NOTICE_LASTS);
}

function start() {
  for (const node of document.querySelectorAll("[data-icon]")) node.prepend(icon(node.dataset.icon));
  startChannels();
  startMessages();
  startComposer();
  startModals();
  startClock();
  on("notice", showNotice);
  on("open-channel", openChannel);
  on("act-as", (id) => actAs(id).catch((error) => notice(error.message)));
  on("reload-view", async (id) => {
    await refreshView();
    await openChannel(id);
  });
  on("person", () => renderAll());
  document.getElementById("open-clock").addEventListener("click", () => {
    setDrawer(true);
    document.getElementById("clock").scrollIntoView({ block: "nearest" });
    document.getElementById("clock-hour").focus();
  });
  begin();
}

start();
