// Components of a message by Discord's numbers: rows, buttons, selects and Components V2.

import { h, icon } from "./dom.js";
import { colour } from "./embeds.js";
import { selectEntries } from "./entities.js";
import { fileCard, picture, resolve } from "./files.js";
import { emoji, spoiler } from "./inline.js";
import { isWaiting, press } from "./interactions.js";
import { markdown } from "./markdown.js";
import { select } from "./select.js";

const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link", 6: "primary" };

const BUILD = {
  1: row,
  2: button,
  3: chooser,
  5: chooser,
  6: chooser,
  7: chooser,
  8: chooser,
  9: section,
  10: (one) => h("div", { class: "md text-display" }, markdown(one.content)),
  11: (one, message) => picture(resolve(one.media, message), one.description, { hidden: one.spoiler, shape: "thumbnail" }),
  12: gallery,
  13: file,
  14: separator,
  17: container,
};

/** Build the components of a message. */
export function components(list, message) {
  return (list ?? []).map((one) => BUILD[one.type]?.(one, message) ?? unknown(one));
}

const unknown = (one) => h("p", { class: "quiet" }, `A component of type ${one.type}, which this page does not know.`);

const lastPart = (address) => decodeURIComponent(address.split("?")[0].split("/").at(-1));

/** The names of the attachments that components show themselves. */
export function shownFiles(list) {
  const names = new Set();
  const look = (value) => {
    if (Array.isArray(value)) value.forEach(look);
    else if (value && typeof value === "object") {
      // A resolved medium has a full address whose last part is the file's name.
      if (typeof value.url === "string" && value.type === undefined) names.add(lastPart(value.url));
      Object.values(value).forEach(look);
    }
  };
  look(list);
  return names;
}

function row(one, message) {
  return h("div", { class: "action-row" }, components(one.components, message));
}

function button(one, message) {
  const words = [emoji(one.emoji), one.label ? h("span", {}, one.label) : null];
  const kind = `button ${STYLES[one.style] ?? "secondary"}`;
  if (one.url && !one.disabled) {
    return h("a", { class: kind, href: one.url, target: "_blank", rel: "noopener noreferrer" }, words, icon("out"));
  }
  const node = h(
    "button",
    {
      type: "button",
      class: kind,
      disabled: one.disabled,
      "aria-label": one.label ? null : (one.emoji?.name ?? "Button"),
      dataset: { customId: one.custom_id ?? "" },
      onclick: () => press(message, one.custom_id, [], node),
    },
    words,
    one.url ? icon("out") : null,
  );
  if (isWaiting(message.id, one.custom_id)) node.setAttribute("aria-busy", "true");
  return node;
}

function chooser(one, message) {
  const { entries, chosen } = selectEntries(one, message.channel_id);
  const built = select({
    entries,
    chosen,
    min: one.min_values ?? 1,
    max: one.max_values ?? 1,
    placeholder: one.placeholder || "Choose",
    disabled: one.disabled,
    onCommit: (values) => press(message, one.custom_id, values, built.button),
  });
  built.button.dataset.customId = one.custom_id;
  return built.node;
}

function section(one, message) {
  const [accessory] = components([one.accessory].filter(Boolean), message);
  const text = h("div", { class: "section-text" }, components(one.components, message));
  return h("div", { class: "section" }, text, accessory ? h("div", { class: "section-side" }, accessory) : null);
}

function gallery(one, message) {
  const tile = (item) => picture(resolve(item.media, message), item.description, { hidden: item.spoiler, shape: "tile" });
  const pictures = one.items.map(tile);
  return h("div", { class: "gallery", dataset: { count: Math.min(pictures.length, 4) } }, pictures);
}

function file(one, message) {
  const media = resolve(one.file, message);
  const filename = one.name ?? media.filename ?? (lastPart(media.url ?? "") || "file");
  const known = (message.attachments ?? []).find((each) => each.filename === filename);
  return fileCard({ url: media.url, filename, size: one.size ?? known?.size, hidden: one.spoiler });
}

function separator(one) {
  const wide = one.spacing === 2 ? "wide" : "";
  return one.divider === false ? h("div", { class: `space ${wide}` }) : h("hr", { class: `separator ${wide}` });
}

function container(one, message) {
  const accent = colour(one.accent_color);
  const inside = components(one.components, message);
  const node = h("div", { class: accent ? "container accented" : "container", style: accent ? `--accent-bar:${accent}` : null }, inside);
  return one.spoiler ? spoiler([node], "div") : node;
}
