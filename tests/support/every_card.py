"""A walk over every command of the tree and every button and select that it brings, as one person; all that comes back is kept."""

import heapq
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import discord
import simcord
from discord import app_commands

from tests.cogs.conftest import World, components
from tests.support.reply_limits import assert_within_limits

WENT_WRONG = "Something went wrong on my side."
BUTTON, SELECT, LINK = 2, 3, 5
LAST = (
    "anew",
    "back",
    "cancel",
    "drop",
    "remove",
    "roles",
    "feature",
    "erase",
    "delete",
    "withdraw",
    "discard",
    "stop",
    "recall",
    "off",
    "take_back",
    "again",
    "close",
    "pause",
    "plan",
    "cancelone",
)
"""What takes away what others would show is pressed last."""
FACTS = ("specialty:", "calendar:", "faq:", "help:", "countdown:", "start:")
"""What shows facts, the same to everybody, is pressed once; some of it is drawn, which takes its time."""
STAFFS = ("advisor:", "broadcast:", "pack:", "server:")
PER_ITEM = 2
"""How many keys of one item are pressed."""
DEEP = 3


@dataclass(frozen=True, slots=True, order=True)
class Press:
    """Hold one press to come: a custom id, and the values chosen where it is a select."""

    rank: int
    depth: int
    custom_id: str
    values: tuple[str, ...] = ()

    @property
    def prefix(self) -> str:
        return prefix_of(self.custom_id)

    @property
    def counted_as(self) -> str:
        """Return what is counted: the item, of a button that goes to many views the view."""
        return self.custom_id.partition("-")[0] if self.prefix == "letters:go" else self.prefix


def prefix_of(custom_id: str) -> str:
    """Return the prefix of an item."""
    return ":".join(custom_id.split(":")[:2])


def leaves(world: World) -> list[app_commands.Command[Any, ..., Any]]:
    """Return every slash command that exists."""
    return [each for each in world.env.bot.tree.walk_commands() if isinstance(each, app_commands.Command)]  # type: ignore[attr-defined]


def answers_of(result: simcord.InteractionResult) -> list[Any]:
    """Return the messages of a reply."""
    return [message for message in (result.response, *result.followups) if message is not None]


async def all_of(result: simcord.InteractionResult) -> str:
    """Return every byte of a reply that a person or her client gets: components with their ids, content, embeds, forms, files."""
    parts = [json.dumps(result.modal or {}, ensure_ascii=False)]
    for message in answers_of(result):
        parts += [message.content, json.dumps(components(message), ensure_ascii=False)]
        parts += [json.dumps(embed.to_dict(), ensure_ascii=False, default=str) for embed in message.embeds]
        parts += [
            f"{file.filename} {file.description or ''} {(await file.read()).decode('utf-8', 'replace')}" for file in message.attachments
        ]
    return "\n".join(parts)


def looked_at(result: simcord.InteractionResult) -> None:
    """Check that there was an answer, a readable one, within Discord's limits."""
    assert result.modal is not None or answers_of(result), "no reply"
    for message in answers_of(result):
        found = components(message)
        assert_within_limits(found)
        assert not any(WENT_WRONG in each.get("content", "") for each in found)


def presses_of(messages: Iterable[Any], depth: int) -> Iterator[Press]:
    """Return what can be pressed on messages: each button, each select with its first and its last value."""
    for message in messages:
        for each in components(message):
            custom_id = each.get("custom_id", "")
            if not custom_id or each.get("disabled"):
                continue
            rank = int(any(word in custom_id.split(":")[1] for word in LAST))
            if each["type"] == BUTTON:
                yield Press(rank, depth, custom_id)
            elif each["type"] == SELECT:
                values = [option["value"] for option in each["options"]]
                yield from {Press(rank, depth, custom_id, (value,)) for value in (values[0], values[-1])}


async def press(world: World, who: Any, channel: Any, custom_id: str, values: Sequence[str] = ()) -> simcord.InteractionResult:
    """Let somebody press an item of any custom id, on a message of the bot's that was made for it."""
    view = discord.ui.View(timeout=None)
    if values:
        options = [discord.SelectOption(label=str(number), value=value) for number, value in enumerate(values)]
        view.add_item(discord.ui.Select(custom_id=custom_id, options=options, min_values=0, max_values=len(options)))
    else:
        view.add_item(discord.ui.Button(label="-", custom_id=custom_id))
    view.stop()
    place: Any = world.env.bot.get_channel(channel.id)
    message = await place.send(view=view)
    if values:
        return await who.select(message, list(values), custom_id=custom_id)
    return await who.click(message, custom_id=custom_id)


@dataclass(slots=True)
class Walk:
    """Hold who walks where, and what came back."""

    world: World
    who: Any
    channel: Any
    seen: list[str] = field(default_factory=list)
    is_harmless: bool = False
    """Whether nothing is pressed that takes something away."""
    _waiting: list[Press] = field(default_factory=list)
    _known: set[tuple[str, tuple[str, ...]]] = field(default_factory=set)
    done: set[tuple[str, tuple[str, ...]]] = field(default_factory=set)
    """What somebody else of the server has pressed already: only what is staff's is pressed by each of them."""
    _counts: Counter[str] = field(default_factory=Counter)

    async def everything(
        self, arguments: Mapping[str, Sequence[Mapping[str, Any]]], probes: Sequence[str], standing: Iterable[Any] = ()
    ) -> None:
        """Use every command that she can see with each of its arguments, then what the answers and what stands in channels offer."""
        self._note(standing, 1)
        shown = set(self.who.available_commands(self.channel))
        for command in leaves(self.world):
            if command.qualified_name not in shown:
                continue
            for given in arguments[command.qualified_name]:
                await self._take(await self.who.slash(self.channel, command.qualified_name, **given), 0)
            for option in command.parameters:
                for typed in probes if option.autocomplete else ():
                    choices = await self.who.autocomplete(self.channel, command.qualified_name, option.name, typed)
                    self.seen.append(json.dumps(choices, ensure_ascii=False))
        while self._waiting:
            each = heapq.heappop(self._waiting)
            item = (each.custom_id, each.values)
            if self.is_harmless and each.rank:
                continue
            if self._counts[each.counted_as] >= (1 if each.custom_id.startswith(FACTS) else PER_ITEM) or (
                item in self.done and not each.custom_id.startswith(STAFFS)
            ):
                continue
            self.done.add(item)
            self._counts[each.counted_as] += 1
            await self._take(await press(self.world, self.who, self.channel, each.custom_id, each.values), each.depth + 1)

    async def _take(self, result: simcord.InteractionResult, depth: int) -> None:
        looked_at(result)
        self.seen.append(await all_of(result))
        if depth < DEEP:
            self._note(answers_of(result), depth)

    def _note(self, messages: Iterable[Any], depth: int) -> None:
        for each in presses_of(messages, depth):
            if (each.custom_id, each.values) not in self._known:
                self._known.add((each.custom_id, each.values))
                heapq.heappush(self._waiting, each)

    @property
    def offered(self) -> set[tuple[str, tuple[str, ...]]]:
        """Return every item that was offered, by custom id and values, pressed or not."""
        return self._known
