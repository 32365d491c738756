// The side: channels, direct messages and who is played.

import { api } from "./api.js";
import { avatar, h, icon } from "./dom.js";
import { renderEvents } from "./events.js";
import { botName, channel, guild, isDirect, isUnread, keep, nameOf, notice, on, state, tell } from "./state.js";
import { cityOf } from "./timestamps.js";

const TEXT_TYPES = new Set([0, 5]);
const SHOWN_PEOPLE = 4; // the seeded people; more can be made for tests and come in a list

const drawer = document.getElementById("side");
const shade = document.getElementById("shade");
const opener = document.getElementById("open-side");

const iconOf = (one) => (isDirect(one) ? "letter" : one.type === 5 ? "megaphone" : isPrivate(one) ? "lock" : "hash");

/** Whether @everyone may not see a channel. */
function isPrivate(one) {
  const everyone = (one.permission_overwrites ?? []).find((each) => each.id === guild()?.id);
  return Boolean(everyone && BigInt(everyone.deny ?? 0) & 1024n);
}

function channelRow(one, name) {
  const current = one.id === state.channelId;
  const unread = !current && isUnread(one);
  return h(
    "li",
    {},
    h(
      "button",
      {
        type: "button",
        class: unread ? "channel unread" : "channel",
        "aria-current": current ? "page" : null,
        onclick: () => tell("open-channel", one.id),
      },
      icon(iconOf(one)),
      h("span", { class: "channel-name" }, name),
      unread ? h("span", { class: "dot" }, h("span", { class: "sr" }, "unread")) : null,
    ),
  );
}

/** Draw the channels and direct messages with their unread marks. */
export function renderChannels() {
  document.getElementById("server-name").textContent = guild()?.name ?? "No server";
  const texts = (guild()?.channels ?? []).filter((each) => TEXT_TYPES.has(each.type)).sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
  document.getElementById("channel-list").replaceChildren(...texts.map((each) => channelRow(each, each.name)));
  const direct = (state.view?.dms ?? []).map((each) => channelRow(each, botName()));
  if (!direct.length) {
    const name = h("span", { class: "channel-name" }, botName());
    direct.push(h("li", {}, h("button", { type: "button", class: "channel", onclick: openDm }, icon("letter"), name)));
  }
  document.getElementById("dm-list").replaceChildren(...direct);
  const other = [...(guild()?.channels ?? []), ...(state.view?.dms ?? [])].some((each) => each.id !== state.channelId && isUnread(each));
  opener.classList.toggle("has-unread", other);
  opener.setAttribute("aria-label", other ? "Channels, people and clock (unread messages)" : "Channels, people and clock");
}

async function openDm() {
  try {
    const { channel_id: id } = await api.openDm();
    tell("reload-view", id);
  } catch (error) {
    notice(error.message);
  }
}

/** Draw the people who can be played. */
export function renderPeople() {
  const shown = state.people.slice(0, SHOWN_PEOPLE);
  document.getElementById("people").replaceChildren(...shown.map(personChoice));
  const more = document.getElementById("more-people");
  const rest = state.people.slice(SHOWN_PEOPLE);
  more.hidden = !rest.length;
  const names = rest.map((each) => h("option", { value: each.id, selected: each.id === state.me?.id }, nameOf(each)));
  more.replaceChildren(h("option", { value: "" }, `${rest.length} more people`), ...names);
  const { me } = state;
  const about = [me.kind, cityOf(me.zone)].filter(Boolean).join(" · ");
  document.getElementById("me").replaceChildren(h("strong", {}, nameOf(me)), h("span", {}, about));
}

function personChoice(person) {
  const waiting = state.waiting.get(person.id) ?? 0;
  const first = nameOf(person).replace(/^(Dr|Prof)\.?\s+/i, "").split(" ")[0];
  const checked = person.id === state.me?.id;
  const onchange = () => tell("act-as", person.id);
  const input = h("input", { type: "radio", name: "person", value: person.id, checked, class: "sr", onchange });
  const badge = waiting ? h("span", { class: "badge" }, String(waiting), h("span", { class: "sr" }, " unread")) : null;
  return h(
    "label",
    { class: "person", title: `${nameOf(person)}, ${person.kind}` },
    input,
    h("span", { class: "person-mark" }, avatar(person, nameOf(person)), badge),
    h("span", { class: "person-name" }, first),
    h("span", { class: "person-kind" }, person.kind),
  );
}

/** Draw the head of the open channel. */
export function renderTitle() {
  const one = channel();
  const title = document.getElementById("channel-title");
  const name = !one ? "" : isDirect(one) ? botName() : one.name;
  title.replaceChildren(...(one ? [icon(iconOf(one)), h("span", {}, name)] : []));
  const topic = one ? (isDirect(one) ? "Direct messages" : (one.topic ?? "")) : "";
  document.getElementById("channel-topic").textContent = topic;
  document.title = one ? `${isDirect(one) ? name : `#${name}`} · ${guild()?.name ?? ""} · sandbox` : "Sandbox";
}

// The drawer on a phone --------------------------------------------------------------------------------------------

/** Open or close the side on a narrow screen. */
export function setDrawer(open) {
  drawer.classList.toggle("open", open);
  shade.hidden = !open;
  opener.setAttribute("aria-expanded", String(open));
  document.getElementById("main").inert = open;
  if (open) (drawer.querySelector("[aria-current]") ?? drawer.querySelector("button")).focus();
  else if (drawer.contains(document.activeElement)) opener.focus();
}

// Direct messages open or closed -----------------------------------------------------------------------------------

function renderPrivacy() {
  const open = state.view?.me?.dms_open !== false;
  document.getElementById("privacy").setAttribute("aria-checked", String(open));
  document.getElementById("privacy-state").textContent = open ? "open" : "closed";
}

async function switchPrivacy() {
  const open = state.view.me.dms_open === false;
  try {
    await api.setDms(open);
    state.view.me = { ...state.view.me, dms_open: open };
    renderPrivacy();
    notice(open ? `${botName()} can send you direct messages again.` : `${botName()} can no longer send you direct messages.`);
  } catch (error) {
    notice(error.message);
  }
}

/** Draw everything at the side. */
export function renderSide() {
  renderPeople();
  renderChannels();
  renderEvents();
  renderTitle();
  renderPrivacy();
}

/** Listen for what the side shows. */
export function startChannels() {
  on("unread", renderChannels);
  on("waiting", renderPeople);
  on("clock-moved", renderEvents);
  opener.addEventListener("click", () => setDrawer(true));
  shade.addEventListener("click", () => setDrawer(false));
  document.getElementById("close-side").addEventListener("click", () => setDrawer(false));
  document.addEventListener("keydown", (event) => event.key === "Escape" && drawer.classList.contains("open") && setDrawer(false));
  document.getElementById("privacy").addEventListener("click", switchPrivacy);
  document.getElementById("more-people").addEventListener("change", (event) => event.target.value && tell("act-as", event.target.value));
  matchMedia("(min-width: 801px)").addEventListener("change", () => setDrawer(false));
  startTheme();
}

function startTheme() {
  const button = document.getElementById("theme");
  const order = ["auto", "light", "dark"];
  const names = { auto: ["half", "Colours: as the system"], light: ["sun", "Colours: light"], dark: ["moon", "Colours: dark"] };
  const draw = () => {
    const theme = document.documentElement.dataset.theme ?? "auto";
    button.replaceChildren(icon(names[theme][0]));
    button.setAttribute("aria-label", names[theme][1]);
    button.title = names[theme][1];
  };
  button.addEventListener("click", () => {
    const next = order[(order.indexOf(document.documentElement.dataset.theme ?? "auto") + 1) % order.length];
    if (next === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    keep("theme", next);
    draw();
  });
  draw();
}
