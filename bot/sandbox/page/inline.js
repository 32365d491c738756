// Discord's markdown inside a line: emphasis, code, links, mentions, timestamps.

import { h, icon } from "./dom.js";
import { channel, findRole, findUser, nameOf, tell } from "./state.js";
import { timestamp } from "./timestamps.js";

const DEEPEST = 12;

const wrap = (tag) => (match, depth) => h(tag, {}, inline(match[1], depth + 1));

const RULES = [
  [/\\([^\w\s])/sy, (match) => match[1]],
  [/(`+)([\s\S]*?[^`])\1(?!`)/sy, (match) => h("code", { class: "md-inline" }, match[1].length > 1 ? match[2].trim() : match[2])],
  [/\|\|([\s\S]+?)\|\|/sy, (match, depth) => spoiler(inline(match[1], depth + 1))],
  [/\*\*\*((?:\\[\s\S]|[^\\])+?)\*\*\*(?!\*)/sy, (match, depth) => h("strong", {}, h("em", {}, inline(match[1], depth + 1)))],
  [/\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/sy, wrap("strong")],
  [/__((?:\\[\s\S]|[^\\])+?)__(?!_)/sy, wrap("u")],
  [/~~((?:\\[\s\S]|[^\\])+?)~~(?!~)/sy, wrap("s")],
  [/\*(?=\S)((?:\*\*|\\[\s\S]|[^*\\])+?)(?<=\S)\*(?!\*)/sy, wrap("em")],
  [/(?<!\w)_((?:__|\\[\s\S]|[^_\\])+?)_(?!\w)/sy, wrap("em")],
  [
    /\[((?:\\.|\[[^[\]]*\]|[^[\]\\])+)\]\(\s*<?(https?:\/\/[^\s<>()]+(?:\([^\s()]*\)[^\s<>()]*)*)>?(?:\s+"([^"]*)")?\s*\)/sy,
    (match, depth) => link(match[2], inline(match[1], depth + 1), match[3]),
  ],
  [/<(https?:\/\/[^\s<>]+)>/sy, (match) => link(match[1], match[1])],
  [/https?:\/\/[^\s<]*[^\s<.,:;"')\]*_~|]/sy, (match) => link(match[0], match[0])],
  [/<@!?(\d{1,20})>/sy, (match) => mention(`@${nameOf(findUser(match[1]))}`)],
  [/<@&(\d{1,20})>/sy, (match) => mention(`@${findRole(match[1])?.name ?? "unknown role"}`)],
  [/<#(\d{1,20})>/sy, (match) => channelMention(match[1])],
  [/<t:(-?\d{1,13})(?::([tTdDfFRsS]))?>/sy, (match) => timestamp(match[1], match[2])],
  [/<\/([^:<>]{1,100}):(\d{1,20})>/sy, (match) => commandMention(match[1])],
  [/<a?:(\w{2,32}):\d{1,20}>/sy, (match) => `:${match[1]}:`],
  [/@(everyone|here)\b/sy, (match) => mention(match[0])],
];
const STARTS = /[\\`|*_~[<h@]/;

/** Turn one run of text into a list of nodes and strings. */
export function inline(text, depth = 0) {
  if (depth > DEEPEST) return [text];
  const nodes = [];
  let plain = "";
  let at = 0;
  while (at < text.length) {
    const found = STARTS.test(text[at]) ? firstRule(text, at) : null;
    if (!found) {
      plain += text[at];
      at += 1;
      continue;
    }
    if (plain) nodes.push(plain);
    plain = "";
    nodes.push(found.build(found.match, depth));
    at += found.match[0].length;
  }
  if (plain) nodes.push(plain);
  return nodes;
}

function firstRule(text, at) {
  for (const [pattern, build] of RULES) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) return { match, build };
  }
  return null;
}

/** Build a link that leaves the page without telling where it came from. */
export function link(address, content, title = null) {
  let host = "";
  try {
    host = new URL(address).host;
  } catch {
    return h("span", {}, content);
  }
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer", title: title ?? host }, content);
}

const mention = (text) => h("span", { class: "mention" }, text);

function channelMention(id) {
  const one = channel(id);
  if (!one) return mention("#unknown");
  return h("button", { type: "button", class: "mention", onclick: () => tell("open-channel", id) }, `#${one.name}`);
}

function commandMention(name) {
  return h("button", { type: "button", class: "mention", onclick: () => tell("start-command", name) }, `/${name}`);
}

/** Hide content until it is asked for, by pointer or keyboard. */
export function spoiler(content, tag = "span") {
  const inner = h(tag, { class: "spoiler-inside", inert: true }, content);
  const outer = h(tag, { class: "spoiler", role: "button", tabindex: "0", "aria-label": "Hidden, press to show" }, inner);
  const reveal = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    if (!inner.inert) return;
    event.preventDefault();
    event.stopPropagation();
    inner.inert = false;
    outer.classList.add("shown");
    for (const name of ["role", "tabindex", "aria-label"]) outer.removeAttribute(name);
  };
  outer.addEventListener("click", reveal, true);
  outer.addEventListener("keydown", reveal);
  return outer;
}

/** Show a button's or option's emoji, when it is one that fonts can draw. */
export const emoji = (given) => (given?.name && !given.id ? h("span", { class: "emoji", "aria-hidden": "true" }, given.name) : null);

/** Make a small link icon. */
export const outIcon = () => icon("out");
