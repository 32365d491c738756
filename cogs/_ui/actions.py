"""Buttons and selects that outlive restarts: all that they know stands in their custom id, ``feature:verb:key``."""

import re
from collections.abc import Sequence
from typing import Any, ClassVar, Self

import discord

from bot.observing.interactions import Kind
from cogs._ui.failures import answering, reply_to_failure

Interaction = discord.Interaction[Any]

MAX_CUSTOM_ID = 100

ACTIONS: dict[str, "type[Action | Choice]"] = {}
"""Every action by its prefix; two of one prefix would answer each other's clicks."""


def _register(kind: "type[Action | Choice]", prefix: str) -> None:
    if prefix in ACTIONS and ACTIONS[prefix].__qualname__ != kind.__qualname__:
        msg = f"the prefix {prefix} is used by {ACTIONS[prefix].__qualname__} already"
        raise ValueError(msg)
    ACTIONS[prefix] = kind


def _custom_id(prefix: str, key: str) -> str:
    custom_id = f"{prefix}:{key}"
    if len(custom_id) > MAX_CUSTOM_ID:
        msg = f"the custom id {custom_id} has more than {MAX_CUSTOM_ID} characters"
        raise ValueError(msg)
    return custom_id


class Action(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"(?!)"):
    """Be a button that works for as long as its message stands.

    A subclass names its ``prefix`` (``remind:cancel``) and does its work in ``act``, reading all state anew; whatever it raises becomes a
    reply to the one who clicked.
    """

    prefix: ClassVar[str] = ""

    def __init_subclass__(cls, *, prefix: str) -> None:
        super().__init_subclass__(template=rf"\A{re.escape(prefix)}:(?P<key>.*)\Z")
        cls.prefix = prefix
        _register(cls, prefix)

    def __init__(
        self,
        key: str = "",
        *,
        label: str | None = None,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
        disabled: bool = False,
    ) -> None:
        self.key = key
        super().__init__(discord.ui.Button(label=label, style=style, disabled=disabled, custom_id=_custom_id(self.prefix, key)))

    @classmethod
    async def from_custom_id(cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /) -> Self:  # noqa: ARG003
        """Return the button that was clicked."""
        return cls(match["key"], label=getattr(item, "label", None))

    async def callback(self, interaction: Interaction) -> None:
        """Do the work; turn whatever goes wrong into a reply."""
        with answering(interaction, Kind.BUTTON, self.prefix.partition(":")[0]):
            try:
                await self.act(interaction)
            except Exception as error:  # noqa: BLE001 - discord.py would only log it, and the member would see nothing
                await reply_to_failure(interaction, error)

    async def act(self, interaction: Interaction) -> None:
        """Answer the click."""
        raise NotImplementedError


class Choice(discord.ui.DynamicItem[discord.ui.Select[Any]], template=r"(?!)"):
    """Be a select that works for as long as its message stands; as Action, with ``choose`` for the values chosen."""

    prefix: ClassVar[str] = ""

    def __init_subclass__(cls, *, prefix: str) -> None:
        super().__init_subclass__(template=rf"\A{re.escape(prefix)}:(?P<key>.*)\Z")
        cls.prefix = prefix
        _register(cls, prefix)

    def __init__(
        self,
        key: str = "",
        *,
        options: Sequence[discord.SelectOption] = (),
        placeholder: str | None = None,
        least: int = 1,
        most: int = 1,
    ) -> None:
        self.key = key
        custom_id = _custom_id(self.prefix, key)
        super().__init__(
            discord.ui.Select(custom_id=custom_id, options=list(options), placeholder=placeholder, min_values=least, max_values=most)
        )

    @classmethod
    async def from_custom_id(cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /) -> Self:  # noqa: ARG003
        """Return the select that was used."""
        return cls(match["key"], options=getattr(item, "options", ()))

    async def callback(self, interaction: Interaction) -> None:
        """Do the work; turn whatever goes wrong into a reply."""
        with answering(interaction, Kind.SELECT, self.prefix.partition(":")[0]):
            try:
                await self.choose(interaction, [str(value) for value in (interaction.data or {}).get("values", [])])
            except Exception as error:  # noqa: BLE001 - discord.py would only log it, and the member would see nothing
                await reply_to_failure(interaction, error)

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Answer the choice."""
        raise NotImplementedError
