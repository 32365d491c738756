"""``/programs cost``: what applying costs, part by part, each amount with its source; what is not held stays open; what more would cost."""

from collections.abc import Iterable, Sequence
from typing import Any

import discord

from bot.domain.fees import FeePart
from bot.domain.letters import ApplicationService
from bot.domain.program_costs import MOST_MORE, Costs, Group, GroupCost, ItemCost, Standing
from bot.pictures import draw, program_costs
from bot.services.applying import Reckoning
from bot.services.bundle import Services
from cogs._ui.actions import Choice, Interaction
from cogs._ui.cards import Card, Meaning, card
from cogs._ui.sources import citation_text, link
from cogs._ui.ways import number_in
from cogs.programs import _cost_words as cost_words
from cogs.programs import _words as words
from cogs.programs._ways import Said, Screen, View, draws, go, services_of, show, split_key, unpack

GROUPS_SHOWN = 12
SERVICES = tuple(ApplicationService)
STEPS = (0, 10, 40, 100)


class OpenPart(Choice, prefix="programs:costpart"):
    """Open one part of the reckoning."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it, in place."""
        packed, rest = split_key(self.key, 2)
        more, where, _ = _parts(rest)
        part = values[0] if values[0] in set(FeePart) else ""
        await show(interaction, Screen.COST, unpack(packed), rest_of(more, where, part))


class AddTo(Choice, prefix="programs:costmore"):
    """Choose where a "what if" adds programs."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Reckon anew, in place; without a number yet, with the first step."""
        packed, rest = split_key(self.key, 2)
        more, _, _ = _parts(rest)
        _, where, _ = _parts(f"0-{values[0]}-")
        await show(interaction, Screen.COST, unpack(packed), rest_of(more or STEPS[1], where))


def rest_of(more: int, where: Group | None, part: str = "") -> str:
    """Return what a key holds of a reckoning."""
    return f"{more}-{_packed(where)}-{part}"


def _packed(where: Group | None) -> str:
    return f"{SERVICES.index(where.service)}~{(where.specialty or '').replace('-', '_')}" if where else ""


def _parts(rest: str) -> tuple[int, Group | None, FeePart | None]:
    """Return how many programs more, where, and the open part; what can't be read is left out."""
    more, packed, part = (*rest.split("-"), "", "", "")[:3]
    service, _, specialty = packed.partition("~")
    index = number_in(service)
    where = Group(SERVICES[index], specialty.replace("_", "-") or None) if service and index < len(SERVICES) else None
    return min(number_in(more), MOST_MORE), where, FeePart(part) if part in set(FeePart) else None


@draws(Screen.COST)
async def cost_card(interaction: Interaction, view: View, rest: str, said: Said) -> Card:
    """Return the reckoning, or one part of it."""
    services = services_of(interaction)
    more, where, part = _parts(rest)
    member = await services.members.get(interaction.user.id)
    year = view.year or await services.programs.season_of(member.id)
    reckoned = await services.applying.reckoning(member, year, interaction.guild_id, more, where)
    if part is not None:
        return _part_card(services, view, reckoned, more, part)
    return await _whole_card(services, view, reckoned, more, said)


async def _whole_card(services: Services, view: View, reckoned: Reckoning, more: int, said: Said) -> Card:
    costs = reckoned.costs
    lines = [_part_line(costs, part) for part in FeePart if _has(costs, part)]
    bars = cost_words.bars(costs, services.programs)
    picture = await draw(program_costs, costs.season_year, bars, cost_words.picture_source(costs)) if bars else None
    return card(
        f"What applying costs, {costs.season_year} Match",
        said.text,
        f"**{cost_words.dollars(costs.total())}, as far as fees are held**{cost_words.open_text(costs)}",
        "\n".join(lines),
        cost_words.more_line(services.programs, reckoned, more),
        cost_words.figures_line(services),
        meaning=Meaning.YOURS,
        picture=picture,
        rows=_rows(services, view, reckoned, more),
        quiet=f"{cost_words.NO_BUDGET}{'' if reckoned.is_told else ' ' + cost_words.NOT_TOLD}\n{words.PRIVATE}",
    )


def _has(costs: Costs, part: FeePart) -> bool:
    return bool(costs.of(part)) or (part is FeePart.APPLICATIONS and bool(costs.groups))


def _part_line(costs: Costs, part: FeePart) -> str:
    maybe = costs.total(part, Standing.MAYBE)
    pieces = [
        f"**{cost_words.PARTS[part]}:** {cost_words.dollars(costs.total(part))}",
        f"and perhaps {cost_words.dollars(maybe)}" if maybe else "",
        f"{count} not held" if (count := costs.open_items(part)) else "",
    ]
    return "- " + "; ".join(each for each in pieces if each)


def _rows(services: Services, view: View, reckoned: Reckoning, more: int) -> list[Sequence[discord.ui.Item[Any]]]:
    costs, where = reckoned.costs, reckoned.where
    key = f"{view.pack()}.{rest_of(more, where)}"
    parts = [discord.SelectOption(label=cost_words.PARTS[part], value=part.value) for part in FeePart if _has(costs, part)]
    rows: list[Sequence[discord.ui.Item[Any]]] = [[OpenPart(key, options=parts, placeholder="One part, with its sources")]]
    if where is not None:
        options = [
            discord.SelectOption(
                label=cost_words.group_name(services.programs, each.group)[:100], value=_packed(each.group), default=each.group == where
            )
            for each in costs.groups[:GROUPS_SHOWN]
        ]
        if options:
            rows.append([AddTo(key, options=options, placeholder="Where programs are added")])
        rows.append(
            [
                go("As it is" if step == 0 else f"{step} more", Screen.COST, view, rest_of(step, where), disabled=step == more)
                for step in STEPS
            ]
        )
    return [*rows, [go("To your programs", Screen.LIST, view)]]


def _part_card(services: Services, view: View, reckoned: Reckoning, more: int, part: FeePart) -> Card:
    costs = reckoned.costs
    items = costs.of(part)
    settled = [each.name for each in costs.settled if each.part is part]
    groups = costs.groups if part is FeePart.APPLICATIONS else ()
    lines = [*(_group_line(services, each) for each in groups[:GROUPS_SHOWN]), *map(_item_line, items)]
    left = len(groups) - GROUPS_SHOWN
    if left > 0:
        lines.append(f"- and {left} more groups; the sum holds them")
    sources = _sources(groups, items)
    return card(
        f"{cost_words.PARTS[part]}: {cost_words.dollars(costs.total(part))}{cost_words.open_text(costs, part)}",
        "\n".join(lines) or "Nothing of this part is left for you, by what you told.",
        f"-# Behind you, by what you told, and not counted: {'; '.join(settled)}." if settled else "",
        cost_words.EARLIER.format(year=costs.season_year) if groups and costs.is_of_an_earlier_season else "",
        meaning=Meaning.YOURS,
        rows=[[go("Back to the whole", Screen.COST, view, rest_of(more, reckoned.where), primary=True)]],
        quiet="\n".join([*sources, words.PRIVATE]),
    )


def _group_line(services: Services, cost: GroupCost) -> str:
    name = cost_words.group_name(services.programs, cost.group)
    counted = f"{cost.count} program{'' if cost.count == 1 else 's'}, {cost.applied} of them applied to"
    if cost.scale is None or cost.amount is None:
        return f"- **{name}:** {counted}: not held; {cost_words.ask_service(cost.group.service)}"
    more = f"; {cost.more} more: {cost_words.dollars(cost.added or 0)} on top" if cost.more else ""
    return f"- **{name}:** {counted}: {cost_words.dollars(cost.amount)} by {cost_words.tiers_text(cost.scale)}{more}"


def _item_line(item: ItemCost) -> str:
    fee = item.fee
    when = "" if item.standing is Standing.DUE else " (perhaps)"
    if item.amount is None:
        where = f"ask at {link(fee.ask)}" if fee.ask else "ask its owner"
        return f"- {fee.name}{when}: not held; {where}"
    times = f" ({item.times} times {fee.amount})" if item.times > 1 else ""
    return f"- {fee.name}{when}: {'about ' if fee.is_about else ''}{cost_words.dollars(item.amount)}{times}"


def _sources(groups: Iterable[GroupCost], items: Iterable[ItemCost]) -> list[str]:
    """Return each source once, with how sure it is and what it is of."""
    cited = [each.scale.citation for each in groups if each.scale] + [each.fee.citation for each in items if each.fee.citation]
    return [citation_text(each) for each in dict.fromkeys(cited)]


ITEMS = (OpenPart, AddTo)
