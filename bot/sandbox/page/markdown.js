// Discord's markdown: blocks. Everything becomes elements and text, so nothing a bot sends is ever read as HTML.

import { h } from "./dom.js";
import { inline } from "./inline.js";

const FENCE = /```(?:([\w+\-.#]*)\n)?([\s\S]*?)```/g;
const HEADING = /^(#{1,3})\s+(.+)$/;
const SUBTEXT = /^-#\s+(.+)$/;
const BULLET = /^(\s*)[-*]\s+(.*)$/;
const NUMBERED = /^(\s*)(\d{1,9})\.\s+(.*)$/;
const QUOTE = /^>\s(.*)$|^>$/;
const REST_QUOTE = /^>>>\s([\s\S]*)$/;

/** Turn a text into a list of nodes. */
export function markdown(text) {
  const nodes = [];
  let at = 0;
  for (const match of String(text ?? "").matchAll(FENCE)) {
    nodes.push(...blocks(text.slice(at, match.index)));
    const code = match[2].replace(/\n$/, "");
    nodes.push(h("pre", { class: "md-code", tabindex: "0" }, h("code", {}, code)));
    at = match.index + match[0].length;
  }
  nodes.push(...blocks(String(text ?? "").slice(at)));
  return nodes;
}

function blocks(text) {
  const nodes = [];
  const lines = text.split("\n");
  let plain = [];
  const flush = () => {
    const joined = plain.join("\n").replace(/^\n+|\n+$/g, "");
    if (joined) nodes.push(h("div", { class: "md-p" }, inline(joined)));
    plain = [];
  };
  let index = 0;
  while (index < lines.length) {
    const taken = special(lines, index);
    if (taken) {
      flush();
      nodes.push(taken.node);
      index = taken.next;
    } else {
      plain.push(lines[index]);
      index += 1;
    }
  }
  flush();
  return nodes;
}

/** Read the block that starts at a line, if it is anything but plain text. */
function special(lines, index) {
  const line = lines[index];
  const heading = HEADING.exec(line);
  // The page's own headings are h1 and h2, so a message begins at h3.
  if (heading) return { node: h(`h${heading[1].length + 2}`, { class: `md-h${heading[1].length}` }, inline(heading[2])), next: index + 1 };
  const subtext = SUBTEXT.exec(line);
  if (subtext) return { node: h("div", { class: "md-sub" }, inline(subtext[1])), next: index + 1 };
  const rest = REST_QUOTE.exec(lines.slice(index).join("\n"));
  if (rest && line.startsWith(">>> ")) return { node: h("blockquote", {}, markdown(rest[1])), next: lines.length };
  if (QUOTE.test(line)) return quote(lines, index);
  if (BULLET.test(line) || NUMBERED.test(line)) return list(lines, index);
  return null;
}

function quote(lines, start) {
  let index = start;
  const inside = [];
  while (index < lines.length && QUOTE.test(lines[index])) {
    inside.push(lines[index].replace(/^>\s?/, ""));
    index += 1;
  }
  return { node: h("blockquote", {}, markdown(inside.join("\n"))), next: index };
}

function item(line) {
  const bullet = BULLET.exec(line);
  if (bullet) return { depth: bullet[1].length, text: bullet[2], number: null };
  const numbered = NUMBERED.exec(line);
  return numbered ? { depth: numbered[1].length, text: numbered[3], number: Number(numbered[2]) } : null;
}

/** Read a list with its deeper lists; an indented line without a mark goes on with its item. */
function list(lines, start) {
  const first = item(lines[start]);
  const node = first.number === null ? h("ul") : h("ol", { start: first.number });
  let index = start;
  let last = null;
  while (index < lines.length) {
    const here = item(lines[index]);
    if (here && here.depth > first.depth + 1 && last) {
      const deeper = list(lines, index);
      last.append(deeper.node);
      index = deeper.next;
    } else if (here && here.depth >= first.depth && (here.number === null) === (first.number === null)) {
      last = h("li", {}, inline(here.text));
      node.append(last);
      index += 1;
    } else if (!here && last && /^\s{2,}\S/.test(lines[index])) {
      last.append(h("div", {}, inline(lines[index].trim())));
      index += 1;
    } else {
      break;
    }
  }
  return { node, next: index };
}
