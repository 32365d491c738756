// Embeds of a message.

import { h } from "./dom.js";
import { picture, resolve } from "./files.js";
import { inline, link } from "./inline.js";
import { markdown } from "./markdown.js";
import { write } from "./timestamps.js";

/** A colour number as CSS writes it. */
export const colour = (number) => (number === null || number === undefined ? null : `#${Number(number).toString(16).padStart(6, "0")}`);

/** Build one embed. */
export function embed(given, message) {
  const accent = colour(given.color);
  const text = h("div", { class: "embed-text" }, author(given), title(given), body(given), fields(given));
  const shown = (media, shape) => (media?.url ? picture(resolve(media, message), media.description, { shape }) : null);
  const top = h("div", { class: "embed-top" }, text, shown(given.thumbnail, "thumbnail"));
  const style = accent ? `--accent-bar:${accent}` : null;
  return h("article", { class: "embed", style }, top, shown(given.image, "picture"), footer(given));
}

function author({ author: given }) {
  if (!given?.name) return null;
  return h("div", { class: "embed-author" }, given.url ? link(given.url, given.name) : given.name);
}

function title(given) {
  if (!given.title) return null;
  return h("h3", { class: "embed-title" }, given.url ? link(given.url, inline(given.title)) : inline(given.title));
}

const body = (given) => (given.description ? h("div", { class: "md" }, markdown(given.description)) : null);

function fields(given) {
  if (!given.fields?.length) return null;
  const cells = given.fields.map((each) => {
    const value = h("dd", { class: "md" }, markdown(each.value));
    return h("div", { class: each.inline ? "embed-field inline" : "embed-field" }, h("dt", {}, inline(each.name)), value);
  });
  return h("dl", { class: "embed-fields" }, cells);
}

function footer(given) {
  const parts = [given.footer?.text, given.timestamp ? write(Date.parse(given.timestamp), "f") : null].filter(Boolean);
  return parts.length ? h("footer", { class: "embed-footer" }, parts.join(" · ")) : null;
}
