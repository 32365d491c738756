// The server's scheduled events: what is coming, when, and what it says.

import { h } from "./dom.js";
import { guild } from "./state.js";
import { sandboxNow, timestamp } from "./timestamps.js";

const instant = (text) => new Date(text).getTime();

function eventRow(one) {
  const begun = instant(one.scheduled_start_time) <= sandboxNow();
  const where = one.entity_metadata?.location ?? guild()?.channels.find((each) => each.id === one.channel_id)?.name ?? "a voice channel";
  return h(
    "li",
    {},
    h(
      "details",
      { class: "event" },
      h(
        "summary",
        {},
        h("span", { class: "event-name" }, one.name),
        h("span", { class: "event-when" }, begun ? "now" : timestamp(instant(one.scheduled_start_time) / 1000, "f")),
      ),
      h("p", { class: "event-where" }, where),
      one.description ? h("p", { class: "event-text" }, one.description) : null,
    ),
  );
}

/** Draw the events that have not ended; nothing stands there while there are none. */
export function renderEvents() {
  const coming = (guild()?.events ?? []).filter((each) => !each.scheduled_end_time || instant(each.scheduled_end_time) > sandboxNow());
  document.getElementById("events").hidden = !coming.length;
  document.getElementById("event-list").replaceChildren(...coming.map(eventRow));
}
