"""The list that a server's managers publish, from which members copy into their own."""

from typing import Any

import discord

from bot.domain.program_fields import SERVICES
from bot.domain.programs import Program, is_same
from bot.services.program_lists import STALE
from bot.services.programs import ProgramService
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, card, plain, shortened
from cogs._ui.servers import server_name
from cogs._ui.ways import number_in
from cogs.programs import _words as words
from cogs.programs._ways import Said, Screen, View, draws, go, services_of, show, split_key, undo_row, unpack

PER_PAGE = 8
NOTES_SHOWN = 80
MOST = 3_200
"""Characters of the lines; where addresses make them longer, they are left out."""
NO_LINKS = " Their pages are left out here for want of room; the card of what you copy has its page."


class CopyEntries(Choice, prefix="programs:copy"):
    """Copy the entries chosen into the member's own list; the key holds view and page."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Copy them, and show the page."""
        await _copy(interaction, self.key, values)


class CopyPage(Action, prefix="programs:copypage"):
    """Copy all entries of the page in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Copy them, and show the page."""
        _, page = split_key(self.key, 2)
        found = await services_of(interaction).programs.lists.of(interaction.guild_id)
        if found is None:
            raise STALE
        begin = number_in(page) * PER_PAGE
        await _copy(interaction, self.key, [each.id for each in found.entries[begin : begin + PER_PAGE]])


async def _copy(interaction: Interaction, key: str, entry_ids: list[str]) -> None:
    packed, page = split_key(key, 2)
    guild = interaction.guild
    if guild is None:
        raise STALE
    called = shortened(" ".join(guild.name.split()), 60)
    done = await services_of(interaction).programs.lists.copy(interaction.user.id, guild.id, entry_ids, called)
    left = f" {done.left} stood there already, or found no room." if done.left else ""
    said = Said(f"**Copied:** {len(done.programs)} to your list.{left}", done.token)
    await show(interaction, Screen.SERVER, unpack(packed), page, said)


@draws(Screen.SERVER)
async def server_card(interaction: Interaction, view: View, rest: str, said: Said) -> Card:
    """Return one page of the list of the server in which it is asked for."""
    services, member_id = services_of(interaction), interaction.user.id
    programs = services.programs
    found = await programs.lists.of(interaction.guild_id)
    if found is None:
        raise STALE
    stored = [each for each in await programs.of(member_id, await programs.season_of(member_id)) if each.is_readable]
    hers = {each.id for each in found.entries if any(is_same(each, other) for other in stored if other.key == each.key)}
    pages = max(1, -(-len(found.entries) // PER_PAGE))
    page = min(number_in(rest), pages - 1)
    shown = found.entries[page * PER_PAGE : (page + 1) * PER_PAGE]
    place = f", page {page + 1} of {pages}" if pages > 1 else ""
    numbered = list(enumerate(shown, page * PER_PAGE + 1))
    lines = [_line(programs, each, number, is_hers=each.id in hers) for number, each in numbered]
    is_long = sum(map(len, lines)) > MOST
    if is_long:
        lines = [_line(programs, each, number, is_hers=each.id in hers, is_long=True) for number, each in numbered]
    return card(
        f"Programs that {server_name(interaction.client, found.guild_id)} lists ({len(found.entries)}{place})",
        said.text,
        "\n".join(lines),
        meaning=Meaning.FACT,
        rows=_rows(view, [each for each in shown if each.id not in hers], page, pages, said),
        quiet=f"Kept by this server's moderators, as of {words.day_text(found.published_at.date())}; not checked by Matchday. "
        f"What you copy says so. Nobody sees what you copy.{NO_LINKS if is_long else ''}",
    )


def _line(programs: ProgramService, entry: Program, number: int, *, is_hers: bool, is_long: bool = False) -> str:
    link = f" · [its page](<{entry.link}>)" if entry.link and not is_long else ""
    head = f"**{number}. {words.name_of(entry)}** · {words.what_line(programs, entry)} · {SERVICES[entry.service]}{link}"
    notes = plain(shortened(" ".join(entry.notes.split()), NOTES_SHOWN))
    quiet = " · ".join(part for part in ("on your list" if is_hers else "", notes) if part)
    return f"{head}\n-# {quiet}" if quiet else head


def _rows(view: View, new: list[Program], page: int, pages: int, said: Said) -> list[list[discord.ui.Item[Any]]]:
    key = f"{view.pack()}.{page}"
    rows: list[list[discord.ui.Item[Any]]] = [undo_row(view, said)]
    buttons: list[discord.ui.Item[Any]] = []
    if new:
        options = [discord.SelectOption(label=shortened(each.name, 100), value=each.id) for each in new]
        rows.append([CopyEntries(key, options=options, placeholder="Copy to your list", most=len(options))])
        buttons.append(CopyPage(key, label=f"Copy all {len(new)} of this page", style=discord.ButtonStyle.primary))
    if pages > 1:
        buttons += [
            go("Back", Screen.SERVER, view, str(max(page - 1, 0)), disabled=page == 0),
            go("Next", Screen.SERVER, view, str(page + 1), disabled=page >= pages - 1),
        ]
    return [*rows, [*buttons, go("Your list", Screen.LIST, view)]]


ITEMS = (CopyEntries, CopyPage)
