// Pictures and files in messages, and files that a person chooses.

import { h, icon } from "./dom.js";
import { spoiler } from "./inline.js";

/** Write a size in bytes as people read it. */
export function size(bytes) {
  if (bytes === undefined || bytes === null) return "";
  if (bytes < 1024) return `${bytes} bytes`;
  const kilobytes = bytes / 1024;
  return kilobytes < 1024 ? `${kilobytes.toFixed(kilobytes < 10 ? 1 : 0)} KB` : `${(kilobytes / 1024).toFixed(1)} MB`;
}

const PICTURE = /\.(png|jpe?g|gif|webp|svg)(\?|$)/i;
const isPicture = (file) => (file.content_type ?? "").startsWith("image/") || PICTURE.test(file.filename ?? file.url ?? "");

const HERE = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Make an address of the sandbox's own relative: the page may have been opened under another of its names. */
function near(address) {
  const parsed = URL.canParse(address) ? new URL(address) : null;
  return parsed && HERE.has(parsed.hostname) && parsed.pathname.startsWith("/cdn/") ? parsed.pathname + parsed.search : address;
}

/** Find the attachment that `attachment://name` names; other addresses stay. */
export function resolve(media, message) {
  const given = media?.url ?? "";
  if (!given.startsWith("attachment://")) return { ...media };
  const name = given.slice("attachment://".length);
  const found = (message.attachments ?? []).find((each) => each.filename === name);
  return { ...media, ...(found ?? {}), url: found?.url ?? "" };
}

/** Show a picture that opens in full when pressed. */
export function picture(media, description, { hidden = false, shape = "picture" } = {}) {
  const alt = description ?? "";
  const address = near(media.url);
  const image = h("img", { src: address, alt, loading: "lazy", width: media.width ?? null, height: media.height ?? null });
  image.addEventListener("error", () => frame.classList.add("broken"));
  const frame = h("a", { class: shape, href: address, target: "_blank", rel: "noopener noreferrer", title: alt || null }, image);
  if (!alt) frame.setAttribute("aria-label", "Picture without a description");
  return hidden ? spoiler([frame]) : frame;
}

/** Show a file as a card that downloads it. */
export function fileCard({ url, filename, size: bytes, hidden = false }) {
  const about = h("small", {}, [size(bytes), "download"].filter(Boolean).join(" · "));
  const words = h("span", { class: "file-words" }, h("span", { class: "file-name" }, filename ?? "file"), about);
  const card = h("a", { class: "file-card", href: near(url), download: filename ?? "" }, icon("file"), words);
  return hidden ? spoiler([card]) : card;
}

/** Show a message's attachments, apart from those that its components or embeds already show. */
export function attachments(message, shown = new Set()) {
  const rest = (message.attachments ?? []).filter((each) => !shown.has(each.filename));
  if (!rest.length) return null;
  const nodes = rest.map((each) => {
    const hidden = each.filename.startsWith("SPOILER_");
    return isPicture(each) ? picture(each, each.description, { hidden }) : fileCard({ ...each, hidden });
  });
  return h("div", { class: "attachments" }, nodes);
}

/** Read a chosen file as the sandbox takes it. */
export function readFile(file) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => {
      const content = reader.result.split(",")[1] ?? "";
      done({ filename: file.name, content_type: file.type || "application/octet-stream", content_base64: content });
    };
    reader.onerror = () => failed(new Error(`${file.name} could not be read.`));
    reader.readAsDataURL(file);
  });
}
