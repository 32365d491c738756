"""``/specialty figures``: match rates, rank lists, states, surveys, applications; over all specialties."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

import discord

from bot.catalogue.figures import Figures
from bot.domain.facts import Citation
from bot.domain.specialties import Group, RankListLength, StateFigures, SurveyFinding
from bot.errors import UserFacingError
from bot.pictures.drawing import Picture
from bot.services.bundle import Services
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, card, plain, send_card, shortened
from cogs._ui.sharing import post, require_sharing
from cogs.specialty import _pictures as pictures
from cogs.specialty import _words as words
from cogs.specialty._words import group_name, provenance, rate_line, state_line

YEARS_PER_PAGE = 5
STATES_PER_PAGE = 10
IMGS = (Group.US_IMG, Group.NON_US_IMG)
NO_TARGET = "These are counts of what others did, some of them old. None is a recommended number."
OLD = "What program directors said then, over all specialties; not what a program wants today. Never a recommended number."


class Topic(StrEnum):
    """What figures are asked for; the value is what ``topic:`` sends."""

    RATES = "rates"
    LISTS = "lists"
    STATES = "states"
    SURVEYS = "surveys"
    APPLICATIONS = "applications"
    MORE = "more"


TITLES = {
    Topic.RATES: "Match rates since 2014",
    Topic.LISTS: "Lengths of rank order lists",
    Topic.STATES: "Places filled by IMGs, by state",
    Topic.SURVEYS: "Surveys of program directors",
    Topic.APPLICATIONS: "Applications and applicants",
    Topic.MORE: "Visa need; IMGs in training",
}
Page = tuple[str, list[str], str]
"""Title, blocks, quiet lines."""


class TopicChoice(Choice, prefix="specialty:topic"):
    """Turn to another topic."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show its first page, in place."""
        await _turn(interaction, values[0], 0)


class Turn(Action, prefix="specialty:figures"):
    """Turn to another page; the key holds topic and page."""

    async def act(self, interaction: Interaction) -> None:
        """Show the page, in place."""
        await _turn(interaction, *_read(self.key))


class Share(Action, prefix="specialty:share_figures"):
    """Post the page in the key for everybody in the channel."""

    async def act(self, interaction: Interaction) -> None:
        """Post the figures; nothing in them is hers."""
        services: Services = interaction.client.services
        topic, page = _read(self.key)
        await require_sharing(interaction)
        await interaction.response.defer()
        picture = await _picture(services.catalogue.figures, topic_of(topic))
        await post(interaction, figures_card(services, topic_of(topic), page, picture=picture, shared=True))


class OpenState(Choice, prefix="specialty:state"):
    """Open a state that was meant; the value is its two letters."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it in a card of its own."""
        services: Services = interaction.client.services
        await send_card(interaction, state_card(services, _state_of(services, values[0]), in_server=interaction.guild_id is not None))


class ShareState(Action, prefix="specialty:share_state"):
    """Post the figures of the state in the key for everybody in the channel."""

    async def act(self, interaction: Interaction) -> None:
        """Post them."""
        services: Services = interaction.client.services
        await post(interaction, state_card(services, _state_of(services, self.key), shared=True))


def _state_of(services: Services, code: str) -> str:
    names = services.catalogue.figures.find_states(code)
    if not names:
        raise UserFacingError("That state does not stand in the record any more.", "Use /specialty figures topic: by state.")
    return names[0]


def _read(key: str) -> tuple[str, int]:
    topic, _, page = key.partition(".")
    return topic, int(page) if page.isdecimal() else 0


def topic_of(text: str) -> Topic:
    """Return the topic that a custom id names; match rates where it is none."""
    return Topic(text) if text in set(Topic) else Topic.RATES


async def _turn(interaction: Interaction, topic: str, page: int) -> None:
    services: Services = interaction.client.services
    await interaction.response.defer()
    await send_card(interaction, await _drawn(services, topic_of(topic), page, interaction), edit=True)


async def reply_with(interaction: discord.Interaction[Any], services: Services, topic: Topic) -> None:
    """Reply with the first page of a topic; defer first where a picture is to be drawn."""
    if topic in (Topic.RATES, Topic.LISTS):
        await interaction.response.defer(ephemeral=True, thinking=True)
    await send_card(interaction, await _drawn(services, topic, 0, interaction))


async def _drawn(services: Services, topic: Topic, page: int, interaction: discord.Interaction[Any]) -> Card:
    picture = await _picture(services.catalogue.figures, topic)
    return figures_card(services, topic, page, picture=picture, in_server=interaction.guild_id is not None)


async def _picture(figures: Figures, topic: Topic) -> Picture | None:
    if topic is Topic.RATES:
        return await pictures.draw_match_rates([rate for rate in figures.match_rates if rate.group in IMGS])
    if topic is Topic.LISTS:
        return await pictures.draw_rank_list_lengths([length for length in figures.rank_list_lengths if length.group in IMGS])
    return None


def figures_card(
    services: Services, topic: Topic, page: int, *, picture: Picture | None = None, shared: bool = False, in_server: bool = True
) -> Card:
    """Return one page of a topic; ``shared`` leaves out the choices."""
    pages = _PAGES[topic](services.catalogue.figures, services.clock.now().year)
    page = min(max(page, 0), len(pages) - 1)
    title, blocks, quiet = pages[page]
    rows: list[list[discord.ui.Item[Any]]] = []
    if not shared:
        options = [discord.SelectOption(label=name, value=each, default=each is topic) for each, name in TITLES.items()]
        buttons: list[discord.ui.Item[Any]] = []
        if len(pages) > 1:
            buttons = [
                Turn(f"{topic}.{max(page - 1, 0)}", label="Earlier page", disabled=page == 0),
                Turn(f"{topic}.{page + 1}", label="Next page", disabled=page == len(pages) - 1),
            ]
        if in_server:
            buttons.append(Share(f"{topic}.{page}", label="Share here"))
        rows = [[TopicChoice(options=options, placeholder="Other figures")], buttons]
    return card(title, *blocks, picture=picture, rows=rows, quiet=f"{quiet} {words.as_of(services)}".strip() + f"\n{words.NRMP_NOTE}")


def _rates(figures: Figures, year: int) -> list[Page]:
    del year
    years = list(range(max(rate.year for rate in figures.match_rates), min(rate.year for rate in figures.match_rates) - 1, -1))
    pages: list[Page] = []
    for start in range(0, len(years), YEARS_PER_PAGE):
        shown = years[start : start + YEARS_PER_PAGE]
        first = (
            "The share of a group's active applicants who matched to a first-year place, over all specialties. It is no share of places, "
            "and it says nothing of one specialty; rates of different years and of single specialties don't mix."
        )
        blocks = [first, *(_rates_of(figures, each) for each in shown)]
        pages.append(
            (f"Match rates, {shown[-1]} to {shown[0]}", blocks, "Non-US IMG means no US citizen; it does not mean that a visa is needed.")
        )
    return pages


def _rates_of(figures: Figures, year: int) -> str:
    held = [rate for rate in figures.match_rates if rate.year == year]
    lines = [f"**{year}**"]
    for group in (Group.US_IMG, Group.NON_US_IMG, Group.US_MD_SENIORS, Group.US_DO_SENIORS):
        rate = next((each for each in held if each.group is group), None)
        if rate is not None:
            lines.append(rate_line(rate))
        elif group in IMGS:
            lines.append(f"{group_name(group)}: not held")
    return "\n".join([*lines, *_provenances([rate.citation for rate in held])])


def _provenances(citations: Sequence[Citation]) -> list[str]:
    return list(dict.fromkeys(map(provenance, citations)))


def _lists(figures: Figures, year: int) -> list[Page]:
    del year
    years = sorted({length.year for length in figures.rank_list_lengths}, reverse=True)
    first = (
        "How long the rank order lists were, in means: of those who matched and of those who did not. Couples are left out, so the "
        "percentages are not the match rates of the year. That longer lists go with a match does not show that they cause it."
    )
    pages: list[Page] = []
    for each in years:
        held = [length for length in figures.rank_list_lengths if length.year == each]
        held.sort(key=lambda length: list(Group).index(length.group))
        block = "\n".join([f"**{each} Match**", *map(_length_line, held), *_provenances([length.citation for length in held])])
        pages.append((f"Rank order lists, {each}", [first, block, words.CUT_OFF], "The next page is the year before."))
    return pages


def _length_line(length: RankListLength) -> str:
    return (
        f"- {group_name(length.group)}: {length.matched:,} matched ({length.matched_percent:.1f} %), mean {length.mean_matched:g} ranks; "
        f"{length.unmatched:,} did not ({length.unmatched_percent:.1f} %), mean {length.mean_unmatched:g}"
    )


def _states(figures: Figures, year: int) -> list[Page]:
    del year
    held = list(figures.states)
    pages: list[Page] = []
    count = -(-len(held) // STATES_PER_PAGE)
    others = len(figures.state_names) - len(held)
    for number in range(count):
        shown = held[number * STATES_PER_PAGE : (number + 1) * STATES_PER_PAGE]
        first = (
            f"Places of {shown[0].year} that were filled, and how many of them IMGs fill; most first. {words.SHARE_IS_NO_RATE} "
            f"I hold {len(held)} states; the other {others} places (DC and Puerto Rico counted) are not held."
        )
        block = "\n".join([f"- **{each.state}**: {state_line(each)}" for each in shown])
        told = "\n".join(_provenances([each.citation for each in shown]))
        one = "One state: /specialty figures with state."
        pages.append((f"Places filled by IMGs, by state, page {number + 1} of {count}", [first, f"{block}\n{told}"], one))
    return pages


def state_card(services: Services, name: str, *, shared: bool = False, in_server: bool = True) -> Card:
    """Return the figures of one state, or that none are held."""
    figures = services.catalogue.figures
    state: StateFigures | None = figures.state(name)
    options = [discord.SelectOption(label=title, value=each) for each, title in TITLES.items()]
    rows: list[list[discord.ui.Item[Any]]] = [] if shared else [[TopicChoice(options=options, placeholder="Other figures")]]
    if state is None:
        return card(
            f"{name}: not held",
            f"I hold figures of {len(figures.states)} states; {name} is not among them. That says nothing about its programs.",
            "NRMP publishes match rates by specialty and state; look there, and ask the programs.",
            meaning=Meaning.ATTENTION,
            rows=rows,
            quiet=f"{words.as_of(services)}\n{words.NRMP_NOTE}",
        )
    code = next(code for code, each in figures.state_names.items() if each == name)
    if not shared and in_server:
        rows.append([ShareState(code, label="Share here")])
    return card(
        f"{name}: places filled by IMGs, {state.year} Match",
        f"{state.filled:,} places filled. **{state_line(state)}**: US IMGs {state.us_img:,}, non-US IMGs {state.non_us_img:,}.",
        f"{words.SHARE_IS_NO_RATE} It counts all specialties of the state together.",
        provenance(state.citation),
        rows=rows,
        quiet=f"{words.as_of(services)}\n{words.NRMP_NOTE}",
    )


def which_state_card(services: Services, typed: str, names: Sequence[str]) -> Card:
    """Return the question which of several states was meant."""
    figures = services.catalogue.figures
    codes = {name: code for code, name in figures.state_names.items()}
    options = [
        discord.SelectOption(label=name, value=codes[name], description=None if figures.state(name) else "not held") for name in names[:25]
    ]
    title = f"“{plain(shortened(typed.strip(), 40))}” can mean several states."
    return card(title, "Choose the one that you meant.", rows=[[OpenState(options=options, placeholder="I meant")]])


def _surveys(figures: Figures, year: int) -> list[Page]:
    pages: list[Page] = []
    for told in dict.fromkeys(finding.year_text for finding in figures.surveys):
        held = [finding for finding in figures.surveys if finding.year_text == told]
        age = year - held[0].year
        block = "\n".join([*map(_finding_line, held), *_provenances([finding.citation for finding in held])])
        years = f"{age} years old" if told.isdecimal() else f"up to {age} years old"
        scale = (
            "Per cent: directors who cite it when they choose whom to interview. Importance: mean, 1 to 5." if held[0].count is None else ""
        )
        pages.append((f"Program directors, survey of {told}: {years}", [OLD, scale, block], ""))
    return pages


def _finding_line(finding: SurveyFinding) -> str:
    parts = [
        f"{finding.percent:g} % cite it" if finding.percent is not None else "",
        f"importance {finding.importance:g}" if finding.importance is not None else "",
        f"{finding.count:,g}" if finding.count is not None else "",
        finding.note,
    ]
    return f"- {finding.factor}: {'; '.join(part for part in parts if part)}"


def _applications(figures: Figures, year: int) -> list[Page]:
    blocks = [f"**{NO_TARGET}**"]
    newest_first = sorted(figures.applications, key=lambda count: -count.year)
    for sources in dict.fromkeys(count.citation.sources for count in newest_first):
        held = [count for count in newest_first if count.citation.sources == sources]
        lines = [
            f"- {count.specialty}, {count.group}: {count.measure} **{count.value:,g}**" + (f" ({count.note})" if count.note else "")
            for count in held
        ]
        age = year - held[0].year
        old = f", {age} years old" if age > 1 else ", of last year" if age == 1 else ""
        blocks.append("\n".join([f"**{held[0].year_text}**{old}", *lines, *_provenances([count.citation for count in held])]))
    return [("Applications and applicants", blocks, "")]


def _more(figures: Figures, year: int) -> list[Page]:
    del year
    blocks = [f"**{found.title}, {found.year_text}**\n{found.text}\n{provenance(found.citation)}" for found in figures.findings]
    return [("Visa need; IMGs in training", [*blocks, words.NO_CROSS], "")]


_PAGES: dict[Topic, Callable[[Figures, int], list[Page]]] = {
    Topic.RATES: _rates,
    Topic.LISTS: _lists,
    Topic.STATES: _states,
    Topic.SURVEYS: _surveys,
    Topic.APPLICATIONS: _applications,
    Topic.MORE: _more,
}
ITEMS = (TopicChoice, Turn, Share, ShareState, OpenState)
