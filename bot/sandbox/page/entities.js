// What a user, role, mentionable or channel select offers in a channel.

import { guildOf, namesIn } from "./state.js";

const KINDS = { 5: ["user"], 6: ["role"], 7: ["user", "role"], 8: ["channel"] };

const userEntry = ({ id, name, user }) => ({ value: id, label: name, description: `@${user.username}` });
const roleEntry = (role) => ({ value: role.id, label: role.name, description: "Role" });
const channelEntry = (each) => ({ value: each.id, label: `#${each.name}`, description: each.topic ?? null });

/** The choices of an entity select (component types 5 to 8) in a channel. */
export function entityEntries(type, channelId, channelTypes = null) {
  const guild = guildOf(channelId);
  const found = [];
  for (const kind of KINDS[type] ?? []) {
    if (kind === "user") found.push(...namesIn(channelId).map(userEntry));
    if (kind === "role") found.push(...(guild?.roles ?? []).map(roleEntry));
    if (kind === "channel") {
      const fitting = (guild?.channels ?? []).filter((each) => !channelTypes?.length || channelTypes.includes(each.type));
      found.push(...fitting.map(channelEntry));
    }
  }
  return found;
}

/** The choices of any select component (types 3 and 5 to 8), and what is chosen at first. */
export function selectEntries(component, channelId) {
  if (component.type === 3) {
    const options = component.options ?? [];
    return { entries: options, chosen: options.filter((each) => each.default).map((each) => each.value) };
  }
  const entries = entityEntries(component.type, channelId, component.channel_types);
  return { entries, chosen: (component.default_values ?? []).map((each) => String(each.id)) };
}
