"""``/specialty show``: one specialty, its figures and how to apply."""

from typing import Any

import discord

from bot.domain.facts import Certainty, Citation, Source
from bot.domain.specialties import Positions, Specialty
from bot.pictures.drawing import Picture
from bot.services.bundle import Services
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, card, send_card
from cogs._ui.sharing import post
from cogs.specialty import _pictures as pictures
from cogs.specialty import _words as words
from cogs.specialty._compare import Compare
from cogs.specialty._words import AUDIENCES, Audience, audience_of, capital, group_line, provenance, share_line, specialty_of

FIGURES, APPLYING = "figures", "applying"
WHO = "Whose figures? Nothing is stored."
NOT_KNOWN_LETTERS = "What letters it wants: not known; ask the program."


class AudienceChoice(Choice, prefix="specialty:who"):
    """Say whose figures to show; the key is the specialty."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show them, in place."""
        await _turn(interaction, self.key, audience_of(values[0]), FIGURES)


class Turn(Action, prefix="specialty:turn"):
    """Turn to figures or to applying; the key holds specialty, audience and page."""

    async def act(self, interaction: Interaction) -> None:
        """Show the page, in place."""
        specialty_id, audience, page = _read(self.key)
        await _turn(interaction, specialty_id, audience, page)


class Open(Choice, prefix="specialty:open"):
    """Open a specialty from a list or a question."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it in a card of its own."""
        services: Services = interaction.client.services
        await reply_with(interaction, services, specialty_of(services, values[0]))


class Share(Action, prefix="specialty:share"):
    """Post the page in the key for everybody in the channel."""

    async def act(self, interaction: Interaction) -> None:
        """Post the figures of both groups, whatever was chosen for herself."""
        services: Services = interaction.client.services
        specialty_id, _, page = _read(self.key)
        await post(interaction, page_card(services, specialty_of(services, specialty_id), Audience.BOTH, page, shared=True))


def _read(key: str) -> tuple[str, Audience, str]:
    specialty_id, audience, page = (*key.split("."), "", "")[:3]
    return specialty_id, audience_of(audience), page


async def _turn(interaction: Interaction, specialty_id: str, audience: Audience, page: str) -> None:
    services: Services = interaction.client.services
    specialty = specialty_of(services, specialty_id)
    await interaction.response.defer()
    await send_card(interaction, await _drawn(services, specialty, audience, page, interaction), edit=True)


async def reply_with(
    interaction: discord.Interaction[Any], services: Services, specialty: Specialty, audience: Audience = Audience.BOTH
) -> None:
    """Reply with a specialty; defer first where a picture is to be drawn."""
    if has_picture(specialty, audience, FIGURES):
        await interaction.response.defer(ephemeral=True, thinking=True)
    await send_card(interaction, await _drawn(services, specialty, audience, FIGURES, interaction))


async def _drawn(services: Services, specialty: Specialty, audience: Audience, page: str, interaction: discord.Interaction[Any]) -> Card:
    picture = await pictures.draw_outcomes(specialty) if has_picture(specialty, audience, page) else None
    return page_card(services, specialty, audience, page, picture=picture, in_server=interaction.guild_id is not None)


def has_picture(specialty: Specialty, audience: Audience, page: str) -> bool:
    """Tell whether there are means to draw, and whether they are hers."""
    held = specialty.outcomes
    if page == APPLYING or audience is not Audience.NON_US or held is None:
        return False
    return any(mean is not None for mean in (held.step2_matched, held.step2_unmatched, held.ranks_matched, held.ranks_unmatched))


def page_card(
    services: Services,
    specialty: Specialty,
    audience: Audience,
    page: str,
    *,
    picture: Picture | None = None,
    shared: bool = False,
    in_server: bool = True,
) -> Card:
    """Return one page of a specialty; ``shared`` leaves out the choices."""
    if page == APPLYING:
        title, blocks = f"{specialty.name}: applying", _applying(specialty)
    else:
        title, blocks = f"{specialty.name}: figures", _figures(specialty, audience, shared=shared)
    rows: list[list[discord.ui.Item[Any]]] = []
    if not shared:
        rows = _rows(specialty, audience, page, in_server=in_server)
    is_nrmp = page != APPLYING and specialty.match_service == "NRMP"
    quiet = f"{words.as_of(services)} {words.US_ONLY}" + (f"\n{words.NRMP_NOTE}" if is_nrmp else "")
    return card(title, *blocks, picture=picture, rows=rows, quiet=quiet)


def _rows(specialty: Specialty, audience: Audience, page: str, *, in_server: bool) -> list[list[discord.ui.Item[Any]]]:
    other, label = (FIGURES, "Figures") if page == APPLYING else (APPLYING, "Applying: service, signals, letters")
    buttons: list[discord.ui.Item[Any]] = [
        Turn(f"{specialty.id}.{audience}.{other}", label=label),
        Compare(f"{specialty.id}.{audience}", label="Compare"),
    ]
    if in_server:
        buttons.append(Share(f"{specialty.id}.{Audience.BOTH}.{page if page == APPLYING else FIGURES}", label="Share here"))
    options = [
        discord.SelectOption(label=label, value=each, description=explained, default=each is audience)
        for each, (label, explained) in AUDIENCES.items()
    ]
    chooser: list[discord.ui.Item[Any]] = [AudienceChoice(specialty.id, options=options, placeholder=WHO)]
    return [buttons] if page == APPLYING else [chooser, buttons]


def _figures(specialty: Specialty, audience: Audience, *, shared: bool) -> list[str]:
    blocks = [_places(specialty, audience), _splits(specialty), _separate(specialty)]
    if specialty.positions and specialty.match_service == "NRMP":
        blocks.append(_outcomes(specialty, audience, shared=shared))
    return blocks


def _places(specialty: Specialty, audience: Audience) -> str:
    latest = specialty.latest
    if latest is None:
        return f"**Places:** not held. This specialty matches outside NRMP, by {specialty.match_service}."
    lines = [f"**Places, {latest.year} Match** (all tracks; filled by the algorithm, before SOAP)"]
    if specialty.match_service != "NRMP":
        lines = [f"**Places, {latest.year}, {specialty.match_service}**"]
    lines.append(f"{latest.offered:,} offered, {latest.filled:,} filled.")
    lines.append(f"{capital(share_line(latest))}. {words.SHARE_IS_NO_RATE if latest.imgs is not None else ''}".strip())
    lines.append(group_line(latest, audience))
    groups = [
        f"{name} {count:,}"
        for name, count in (
            ("US IMGs", latest.us_img),
            ("non-US IMGs", latest.non_us_img),
            ("US MD seniors", latest.us_md_seniors),
            ("US DO seniors", latest.us_do_seniors),
        )
        if count is not None
    ]
    if groups:
        lines.append(" · ".join(groups))
    lines.append(provenance(latest.citation))
    lines += [f"{older.year}: {share_line(older)}.\n{provenance(older.citation)}" for older in specialty.positions[1:]]
    return "\n".join(line for line in (*lines, specialty.note) if line)


def _splits(specialty: Specialty) -> str:
    if not specialty.splits:
        return ""
    first = specialty.splits[0].positions
    lines = [f"**The parts apart, {first.year} Match**"]
    lines += [f"- {split.line}: {share_line(split.positions)}{_groups_apart(split.positions)}" for split in specialty.splits]
    lines += [words.OTHER_PARTS] if len(specialty.splits) == 1 else []
    return "\n".join([*lines, provenance(first.citation)])


def _groups_apart(positions: Positions) -> str:
    if positions.us_img is None or positions.non_us_img is None:
        return ""
    return f"; US IMGs {positions.us_img:,}, non-US IMGs {positions.non_us_img:,}"


def _separate(specialty: Specialty) -> str:
    held = specialty.separate_match
    if held is None:
        return ""
    title = f"**Match rate, {specialty.match_service} {held.year}**"
    return f"{title}\n{words.separate_line(held)}\n{provenance(held.citation)}"


def _outcomes(specialty: Specialty, audience: Audience, *, shared: bool) -> str:
    held = specialty.outcomes
    if audience is Audience.US:
        return (
            "**Outcomes: no figure for US IMGs.** The match rate by specialty and the means that I hold are of non-US IMGs only. They are "
            "not yours, so they are not shown. For US IMGs I hold the places above, and the match rate over all specialties: "
            "/specialty figures."
        )
    if held is None:
        return "**Outcomes** (match rate in this specialty, means): not held."
    if audience is Audience.BOTH:
        choose = "" if shared else " Choose below which you are."
        return f"**Outcomes** (match rate in this specialty, means) are held for non-US IMGs only, so they are left out here.{choose}"
    means = words.means_lines(held)
    lines = [f"**Outcomes, {held.year}, non-US IMGs only**", f"{capital(words.outcome_line(held))}."]
    lines.append("Not matched means: not to the specialty that was ranked first.")
    lines += [words.CUT_OFF, *means] if means else ["Means: none held."]
    lines += [specialty.outcomes_note] if specialty.outcomes_note else []
    computed = "rate computed from the counts · " if held.match_rate is not None else ""
    return "\n".join([*lines, words.NO_CROSS, provenance(held.citation, computed)])


def _applying(specialty: Specialty) -> list[str]:
    return [_service(specialty), _signals(specialty), _letters(specialty), _guides(specialty.named_by)]


def _service(specialty: Specialty) -> str:
    citation = specialty.citation_service
    lines = [f"**Application:** {specialty.application_service}", f"**Match:** {specialty.match_service}"]
    if citation is not None:
        lines.append(citation.note)
        lines.append(_confirmed(citation))
    return "\n".join(line for line in lines if line)


def _confirmed(citation: Citation) -> str:
    """Return where something was read; where no owner states it, the program does."""
    confirm = "" if citation.confirm_at or citation.certainty is Certainty.ANNOUNCED else " · confirm with the program"
    return provenance(citation) + confirm


def _signals(specialty: Specialty) -> str:
    if not specialty.signals:
        return f"**Program signals:** not known; check with the application service. {specialty.signals_note}".rstrip()
    lines = ["**Program signals**"]
    for signals in specialty.signals:
        number = f"{signals.text} signals" if signals.text.isdecimal() else signals.text
        lines += [f"- {signals.year} Match: **{number}**. {signals.citation.note}".rstrip(), _confirmed(signals.citation)]
    newest = specialty.signals[0]
    if newest.citation.certainty is not Certainty.ANNOUNCED:
        lines.append(f"The number of {newest.year} is from one third-party copy: check it with the application service before you plan.")
    return "\n".join(lines)


def _letters(specialty: Specialty) -> str:
    wishes = specialty.letters
    if wishes is None:
        return f"**Letters of recommendation**\n{NOT_KNOWN_LETTERS}"
    kind = "What a guide advises (advice, no rule)" if wishes.citation.certainty is Certainty.EXPECTED else "What is said of it"
    return f"**Letters of recommendation**\n{kind}: {wishes.text} What counts is what the program asks for.\n{provenance(wishes.citation)}"


def _guides(named_by: tuple[Source, ...]) -> str:
    if not named_by:
        return ""
    count = "One guide counts" if len(named_by) == 1 else f"{len(named_by)} guides count"
    says = f"{count} it among the specialties that take many IMGs. The word has no official meaning; the counts are under Figures."
    return f"**IMG-friendly lists**\n{says}\n-# third-party guides, undated · {', '.join(map(words.link, named_by))}"


ITEMS = (AudienceChoice, Turn, Open, Share)
