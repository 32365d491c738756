// Slash commands as the composer lists them: each subcommand a line of its own.

const SLASH = 1;
const SUBCOMMAND = 1;
const GROUP = 2;
const IN_SERVER = 0;
const IN_BOT_DM = 1;

/** Flatten the registered commands into {name: "remind me", description, options} for a channel. */
export function usable(commands, inDirect) {
  const fitting = (commands ?? []).filter((each) => (each.type ?? SLASH) === SLASH && fits(each, inDirect));
  return fitting.flatMap((each) => leaves(each, each.name)).sort((a, b) => a.name.localeCompare(b.name));
}

function fits(command, inDirect) {
  if (command.contexts?.length) return command.contexts.includes(inDirect ? IN_BOT_DM : IN_SERVER);
  return !(inDirect && (command.dm_permission === false || command.guild_id));
}

function leaves(node, name) {
  const parts = (node.options ?? []).filter((each) => each.type === SUBCOMMAND || each.type === GROUP);
  if (parts.length) return parts.flatMap((each) => leaves(each, `${name} ${each.name}`));
  return [{ name, description: node.description ?? "", options: node.options ?? [] }];
}

/** The commands that fit what is typed after the slash, best first. */
export function matching(commands, typed) {
  const wanted = typed.toLowerCase().trim();
  if (!wanted) return commands;
  const rank = (each) => {
    if (each.name.startsWith(wanted)) return 0;
    if (each.name.split(" ").some((word) => word.startsWith(wanted))) return 1;
    if (each.name.includes(wanted)) return 2;
    return each.description.toLowerCase().includes(wanted) ? 3 : 9;
  };
  const ranked = commands.map((each) => [rank(each), each]).filter(([score]) => score < 9);
  return ranked.sort((a, b) => a[0] - b[0]).map(([, each]) => each);
}
