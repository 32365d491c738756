"""``/specialty compare``: up to four specialties beside each other."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import discord

from bot.domain.specialties import Specialty, without_outcomes
from bot.errors import UserFacingError
from bot.pictures.drawing import Picture
from bot.services.bundle import Services
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, card, plain, send_card, shortened
from cogs._ui.sharing import post, require_sharing
from cogs.specialty import _pictures as pictures
from cogs.specialty import _words as words
from cogs.specialty._words import AUDIENCES, Audience, audience_of, capital, find, link, share_line, specialty_of

MOST = 4
_BETWEEN_NAMES = re.compile(r"[,;]|\s+(?:vs\.?|versus)\s+", re.IGNORECASE)
WHO = "Whose figures? Nothing is stored."


class Compare(Action, prefix="specialty:compare"):
    """Ask with what to compare the specialty in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Offer the others."""
        services: Services = interaction.client.services
        specialty_id, _, audience = self.key.partition(".")
        await send_card(interaction, partners_card(services, specialty_of(services, specialty_id), audience_of(audience)))


class Partners(Choice, prefix="specialty:with"):
    """Compare the specialties in the key with those chosen; the key holds ids and, after a colon, whose figures are wanted."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show the comparison."""
        services: Services = interaction.client.services
        ids, audience = _read(self.key)
        if not ids and len(values) == 1:
            await send_card(interaction, partners_card(services, specialty_of(services, values[0]), audience))
        else:
            await reply_with(interaction, services, [*ids, *values], audience)


class AudienceChoice(Choice, prefix="specialty:compare_who"):
    """Say whose figures the comparison in the key shows."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show them, in place."""
        services: Services = interaction.client.services
        specialties = held(services, _read(self.key)[0])
        await interaction.response.defer()
        await send_card(interaction, await _drawn(services, specialties, audience_of(values[0]), interaction), edit=True)


class Share(Action, prefix="specialty:share_compare"):
    """Post the comparison in the key for everybody in the channel."""

    async def act(self, interaction: Interaction) -> None:
        """Post the figures of both groups, whatever was chosen for herself."""
        services: Services = interaction.client.services
        specialties = held(services, _read(self.key)[0])
        await require_sharing(interaction)
        await interaction.response.defer()
        picture = await pictures.draw_comparison([without_outcomes(each) for each in specialties])
        await post(interaction, comparison_card(services, specialties, Audience.BOTH, picture=picture, shared=True))


def _read(key: str) -> tuple[list[str], Audience]:
    ids, _, audience = key.partition(":")
    return [each for each in ids.split(".") if each], audience_of(audience)


async def answer(interaction: discord.Interaction[Any], services: Services, texts: Sequence[str]) -> None:
    """Compare the specialties that texts name, one or several each; ask for what is not clear."""
    names = [name.strip() for text in texts for name in _BETWEEN_NAMES.split(text) if name.strip()] or [""]
    found = {name: find(services, name) for name in names}
    clear = [found[name][0].id for name in names if len(found[name]) == 1]
    once = list(dict.fromkeys(clear))
    unclear = [name for name in found if len(found[name]) > 1]
    if len(once) + len(unclear) > MOST:
        raise _too_many(len(once) + len(unclear))
    if unclear:
        candidates = {specialty.id: specialty for name in unclear for specialty in found[name] if specialty.id not in once}
        await send_card(interaction, question_card(unclear, once, [*candidates.values()][:25]))
    elif len(names) == 1:
        await send_card(interaction, partners_card(services, found[names[0]][0], Audience.BOTH))
    else:
        await reply_with(interaction, services, clear)


def _too_many(count: int) -> UserFacingError:
    what = f"{count} specialties were named."
    return UserFacingError(what, "Compare up to four at a time; leave one out, or see all of them side by side in /specialty list.")


def held(services: Services, ids: Iterable[str]) -> list[Specialty]:
    """Return the specialties of ids, each once.

    Raises:
        UserFacingError: Fewer than two or more than four are left, or one is not held any more.
    """
    specialties = [specialty_of(services, each) for each in dict.fromkeys(ids)]
    if len(specialties) < 2:
        name = f"That is {specialties[0].name} alone." if specialties else "No specialty was named."
        raise UserFacingError(name, "Name at least one other to compare, for example /specialty compare first: IM second: FM.")
    if len(specialties) > MOST:
        raise _too_many(len(specialties))
    return specialties


async def reply_with(
    interaction: discord.Interaction[Any], services: Services, ids: Sequence[str], audience: Audience = Audience.BOTH
) -> None:
    """Reply with a comparison; deferred, because it is drawn."""
    specialties = held(services, ids)
    twice = [each.name for each in specialties if list(ids).count(each.id) > 1]
    await interaction.response.defer(ephemeral=True, thinking=True)
    await send_card(interaction, await _drawn(services, specialties, audience, interaction, twice))


async def _drawn(
    services: Services,
    specialties: list[Specialty],
    audience: Audience,
    interaction: discord.Interaction[Any],
    twice: Sequence[str] = (),
) -> Card:
    # Means and match rates by specialty are of non-US IMGs: whoever is none is not shown them in a picture either.
    shown = specialties if audience is Audience.NON_US else [without_outcomes(each) for each in specialties]
    picture = await pictures.draw_comparison(shown)
    return comparison_card(services, specialties, audience, picture=picture, twice=twice, in_server=interaction.guild_id is not None)


def partners_card(services: Services, specialty: Specialty, audience: Audience) -> Card:
    """Return the question what to compare with: those that take the most IMGs, the one in hand left out."""
    others = [each for each in services.catalogue.figures.index.suggest("", limit=26) if each is not specialty][:25]
    row = [_choice([specialty.id], audience, others, "With which? One to three")]
    return card(
        f"Compare {specialty.name}",
        "Choose one to three others. For one that is not in the list, type its name in /specialty compare.",
        rows=[row],
        quiet="The list holds those in which IMGs fill the most places.",
    )


def question_card(asked: Sequence[str], resolved: Sequence[str], candidates: Sequence[Specialty]) -> Card:
    """Return the question what was meant by names that fit several specialties."""
    names = " and ".join(f"“{plain(shortened(each, 40))}”" for each in asked)
    room = MOST - len(resolved)
    what = "Choose what you meant." if room == 1 else f"Choose what you meant: one, or up to {min(room, len(candidates))}."
    return card(f"{names} can mean several specialties.", what, rows=[[_choice(resolved, Audience.BOTH, candidates, "I meant")]])


def _choice(ids: Sequence[str], audience: Audience, candidates: Sequence[Specialty], placeholder: str) -> Partners:
    options = [discord.SelectOption(label=shortened(each.name, 100), value=each.id) for each in candidates]
    most = max(1, min(MOST - len(ids), len(options)))
    return Partners(f"{'.'.join(ids)}:{audience}", options=options, placeholder=placeholder, most=most)


def comparison_card(
    services: Services,
    specialties: Sequence[Specialty],
    audience: Audience,
    *,
    picture: Picture | None = None,
    twice: Sequence[str] = (),
    shared: bool = False,
    in_server: bool = True,
) -> Card:
    """Return specialties beside each other; ``shared`` leaves out the choices."""
    blocks = [_block(each, audience) for each in specialties]
    if twice:
        blocks.append(f"Named twice, shown once: {', '.join(twice)}.")
    blocks.append(_reading(audience, shared=shared))
    rows: list[list[discord.ui.Item[Any]]] = []
    if not shared:
        key = ".".join(each.id for each in specialties)
        options = [
            discord.SelectOption(label=label, value=each, description=explained, default=each is audience)
            for each, (label, explained) in AUDIENCES.items()
        ]
        rows = [[AudienceChoice(key, options=options, placeholder=WHO)], [Share(key, label="Share here")] if in_server else []]
    title = ", ".join(each.name for each in specialties)
    return card(shortened(f"Compared: {title}", 200), *blocks, picture=picture, rows=rows, quiet=_quiet(services, specialties, audience))


def _block(specialty: Specialty, audience: Audience) -> str:
    lines = [f"**{specialty.name}**"]
    latest = specialty.latest
    if latest is not None:
        lines.append(f"Places, {latest.year}: {latest.offered:,} offered, {latest.filled:,} filled; {share_line(latest)}.")
    else:
        lines.append("Places: not held.")
    if specialty.splits:
        parts = "; ".join(f"{split.line}: {share_line(split.positions)}" for split in specialty.splits)
        others = f" {words.OTHER_PARTS}" if len(specialty.splits) == 1 else ""
        lines.append(f"-# The parts apart, {specialty.splits[0].positions.year}: {parts}.{others}")
    apart = specialty.separate_match
    if apart is not None:
        lines.append(f"Match rate, {specialty.match_service} {apart.year}: {words.separate_line(apart)}")
    elif audience is Audience.NON_US:
        lines += _outcomes(specialty)
    lines.append(f"Application: {specialty.application_service}. Match: {specialty.match_service}.")
    return "\n".join(lines)


def _outcomes(specialty: Specialty) -> list[str]:
    outcomes = specialty.outcomes
    if outcomes is None:
        return ["Outcomes of non-US IMGs: not held."]
    lines = [f"{outcomes.year}, {words.outcome_line(outcomes)}."]
    if outcomes.step2_matched is not None or outcomes.step2_unmatched is not None:
        lines.append(f"Step 2 CK, means: {words.pair(outcomes, outcomes.step2_matched, outcomes.step2_unmatched)}.")
    return lines


def _reading(audience: Audience, *, shared: bool) -> str:
    if audience is Audience.NON_US:
        return f"{words.SHARE_IS_NO_RATE} {words.CUT_OFF} {words.NO_CROSS}"
    if audience is Audience.US:
        return f"{words.SHARE_IS_NO_RATE} **Outcomes: no figure for US IMGs.** Those that I hold are of non-US IMGs, so they are not shown."
    choose = "" if shared else " Choose below which you are."
    return f"{words.SHARE_IS_NO_RATE} NRMP match rates by specialty and means are held for non-US IMGs only, and left out here.{choose}"


def _quiet(services: Services, specialties: Sequence[Specialty], audience: Audience) -> str:
    citations = [each.latest.citation for each in specialties if each.latest]
    citations += [split.positions.citation for each in specialties for split in each.splits]
    citations += [each.separate_match.citation for each in specialties if each.separate_match]
    if audience is Audience.NON_US:
        citations += [each.outcomes.citation for each in specialties if each.outcomes]
    certainties = dict.fromkeys(words.CERTAINTIES[citation.certainty] for citation in citations)
    sources = dict.fromkeys(link(source) for citation in citations for source in citation.sources)
    note = f"\n{words.NRMP_NOTE}" if any(each.match_service == "NRMP" for each in specialties) else ""
    return f"{capital(', '.join(certainties))}. Sources: {', '.join(sources)}. {words.as_of(services)}{note}"


ITEMS = (Compare, Partners, AudienceChoice, Share)
