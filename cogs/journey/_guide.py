"""A checklist, one of its sections, one of its items: what, why, by when, on which source, how far; marked by a tap."""

from collections import Counter
from typing import Any

import discord

from bot.domain.eligibility.answers import UsStatus, VisaPlan
from bot.domain.journey import Guide, GuideKey, Item, Origin, Section, State
from bot.pictures import Picture, WayBar, draw, way
from bot.services.bundle import Services
from bot.services.journey import JourneyBoard
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, card, plain, shortened
from cogs.journey import _words as words
from cogs.journey._forms import Experiences, NoteItem
from cogs.journey._ways import STALE, View, go, guide_in, show, shows

MOST = 2_600
"""Characters of a section's items with all that they say; a longer section names them, and each is opened."""
VISA_PLANS = {
    VisaPlan.J1: "By your saved answers you plan a J-1.",
    VisaPlan.H1B: "By your saved answers you plan an H-1B.",
    VisaPlan.EITHER: "By your saved answers a J-1 or an H-1B would do; both are shown.",
    VisaPlan.UNKNOWN: "Your saved answers don't say which visa you plan; both are shown.",
}
NO_VISA = "By your saved answers you need no visa."
NO_ANSWERS = "Without saved answers everything is shown: /eligibility check, then Save, leaves out what is not yours."
PAGES = (
    (GuideKey.STEPS, GuideKey.EXAMS, GuideKey.DOCUMENTS, GuideKey.VISA),
    (GuideKey.ARRIVAL, GuideKey.REAPPLYING),
)


class OpenSection(Choice, prefix="journey:section"):
    """Open a section of the checklist in the key."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it, in place."""
        if guide_in(self.key) is GuideKey.EXAMS:
            await show(interaction, View.EXAM, values[0])
        else:
            await show(interaction, View.SECTION, f"{self.key}.{values[0]}")


class OpenItem(Choice, prefix="journey:item"):
    """Open an item of the section that is shown."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it, in place."""
        await show(interaction, View.ITEM, values[0])


class MarkItem(Action, prefix="journey:mark"):
    """Mark the item in the key; the key begins with the state, or with ``none`` to take the mark back."""

    async def act(self, interaction: Interaction) -> None:
        """Mark it, and show it."""
        services: Services = interaction.client.services
        state, _, key = self.key.partition(".")
        if state not in {*State, "none"}:
            raise STALE
        member = await services.members.get(interaction.user.id)
        await services.journey.mark(member, key, None if state == "none" else State(state))
        await show(interaction, View.ITEM, key)


class BeginAnew(Action, prefix="journey:anew"):
    """Delete what she marked, where it can't be read any more."""

    async def act(self, interaction: Interaction) -> None:
        """Delete it, and show the steps."""
        await interaction.client.services.journey.begin_anew(interaction.user.id)
        await show(interaction, View.GUIDE, GuideKey.STEPS.value, "**Begun anew.**")


@shows(View.ANEW)
async def anew_card(interaction: Interaction, board: JourneyBoard, rest: str, done: str) -> Card:
    """Say that what she marked can't be read any more."""
    del interaction, board, rest
    text = "What you marked can't be read any more. All that you told elsewhere is untouched."
    rows = [[BeginAnew(label="Begin anew", style=discord.ButtonStyle.danger)]]
    return card("Your way", done, text, meaning=Meaning.ATTENTION, rows=rows, quiet=words.PRIVATE)


@shows(View.GUIDE)
async def guide_card(interaction: Interaction, board: JourneyBoard, rest: str, done: str) -> Card:
    """Return a checklist with how far each section is."""
    del interaction
    key = guide_in(rest or GuideKey.STEPS.value)
    guide = board.guides[key]
    lines = [_section_line(board, key, each) for each in guide.sections]
    options = [discord.SelectOption(label=each.title, value=each.key) for each in guide.sections]
    rows: list[list[discord.ui.Item[Any]]] = []
    if options:
        rows.append([OpenSection(key.value, options=options, placeholder="Open a part")])
    if key is GuideKey.DOCUMENTS:
        rows.append([Experiences(label="Experiences"), go("Before you certify", View.SECTION, key.value, "before-certify")])
    return card(
        f"{guide.title}, {board.year} Match",
        done,
        guide.about,
        *_beside(board, key),
        "\n".join(lines) or "Nothing of this is yours, by what you told.",
        meaning=Meaning.YOURS,
        picture=await _picture(board, guide) if key is GuideKey.STEPS else None,
        rows=[*rows, *_pages(key)],
        quiet="\n".join(each for each in (NO_ANSWERS if board.answers is None else "", words.PRIVATE) if each),
    )


def _pages(key: GuideKey) -> list[list[discord.ui.Item[Any]]]:
    rows: list[list[discord.ui.Item[Any]]] = [
        [go(words.GUIDES[each], View.GUIDE, each.value, disabled=each is key) for each in page] for page in PAGES
    ]
    rows[1].append(go("This week", View.WEEK, primary=True))
    return rows


def _section_line(board: JourneyBoard, key: GuideKey, section: Section) -> str:
    if key is GuideKey.EXAMS:
        return f"- **{section.title}:** {exam_line(board, section.key)}"
    found = board.progress(section.items)
    if not found.whole:
        return f"- **{section.title}**"
    under_way = f", {found.under_way} under way" if found.under_way else ""
    return f"- **{section.title}:** {found.done} of {found.whole} done{under_way}"


def exam_line(board: JourneyBoard, key: str) -> str:
    """Return how an exam stands, by her record or by her saved answers."""
    standing = board.derived.get(key)
    record = next((each for exam, each in board.journey.exams.items() if exam.value == key), None)
    planned = f", planned for {words.day_text(record.planned_on)}" if record and record.planned_on and not record.passed else ""
    return f"{words.standing_text(standing) if standing else 'nothing noted'}{planned}"


def _beside(board: JourneyBoard, key: GuideKey) -> list[str]:
    if key is GuideKey.VISA and board.answers is not None:
        needs = board.answers.us_status in (UsStatus.VISA_NEEDED, UsStatus.UNKNOWN)
        return [VISA_PLANS[board.answers.visa_plan] if needs else NO_VISA]
    if key is GuideKey.DOCUMENTS:
        return [_experiences(board), _statements(board)]
    return []


def _experiences(board: JourneyBoard) -> str:
    held = board.journey.experiences
    if not held:
        return ""
    names = [f"{'**' if each.is_meaningful else ''}{plain(each.title)}{'**' if each.is_meaningful else ''}" for each in held]
    return f"**Experiences:** {len(held)} of 10, {sum(each.is_meaningful for each in held)} of 3 most meaningful: {'; '.join(names)}"


def _statements(board: JourneyBoard) -> str:
    programs = [each for each in board.programs if each.is_readable and not each.is_closed]
    if not programs:
        return ""
    versions = Counter(each.statement for each in programs)
    parts = [f"{plain(shortened(name, 40))}: {count}" for name, count in versions.most_common(5) if name]
    without = versions.get("", 0)
    return "**Statement versions, by your programs:** " + "; ".join([*parts, *([f"none noted: {without}"] if without else [])])


async def _picture(board: JourneyBoard, guide: Guide) -> Picture | None:
    bars = [
        WayBar(each.title, found.done, found.under_way, found.whole)
        for each in guide.sections
        if (found := board.progress(each.items)).whole
    ]
    return await draw(way, board.year, tuple(bars)) if bars else None


@shows(View.SECTION)
async def section_card(interaction: Interaction, board: JourneyBoard, rest: str, done: str) -> Card:
    """Return the items of a section: whole where they fit, else their names."""
    del interaction
    name, _, section_key = rest.partition(".")
    key = guide_in(name)
    guide = board.guides[key]
    section = guide.section(section_key)
    if section is None:
        raise STALE
    blocks = [_item_block(board, each, number, brief=False) for number, each in enumerate(section.items, 1)]
    if sum(map(len, blocks)) > MOST:
        blocks = ["\n".join(_item_block(board, each, number, brief=True) for number, each in enumerate(section.items, 1))]
    options = [discord.SelectOption(label=f"{number}. {each.title}"[:100], value=each.key) for number, each in enumerate(section.items, 1)]
    found = board.progress(section.items)
    return card(
        f"{section.title}{f' ({found.done} of {found.whole} done)' if found.whole else ''}",
        done,
        section.text,
        *blocks,
        meaning=Meaning.YOURS,
        rows=[
            [OpenItem(options=options, placeholder="Open one: source, date, mark it")],
            [*_turn(guide, section), go("Back", View.GUIDE, key.value)],
        ],
        quiet=words.PRIVATE,
    )


def _turn(guide: Guide, section: Section) -> list[discord.ui.Item[Any]]:
    place = guide.sections.index(section)
    if place + 1 >= len(guide.sections):
        return []
    after = guide.sections[place + 1]
    return [go(f"Next: {after.title}"[:80], View.SECTION, guide.key.value, after.key)]


def _item_block(board: JourneyBoard, item: Item, number: int, *, brief: bool) -> str:
    state = f" · {words.standing_text(board.standing(item))}" if item.is_markable else ""
    by = words.by_text(board, item, brief=True)
    below = "\n".join(each for each in ("" if brief else item.what, f"-# By: {by}" if by else "") if each)
    return f"**{number}. {item.title}**{state}" + (f"\n{below}" if below else "")


@shows(View.ITEM)
async def item_card(interaction: Interaction, board: JourneyBoard, rest: str, done: str) -> Card:
    """Return one item with all that is held of it, and how it is marked."""
    del interaction
    item = board.item(rest)
    if item is None:
        raise STALE
    standing = board.standing(item)
    by = words.by_text(board, item, brief=False)
    follows = words.CHANGED_IN.get(standing.origin)
    return card(
        item.title,
        done,
        item.what,
        f"**Why:** {item.why}" if item.why else "",
        f"**By:** {by}" if by else "",
        f"**How far:** {words.standing_text(standing)}. {words.mark_note(board, item)}".rstrip() if item.is_markable else "",
        f"-# It follows what you told there; change it with {follows}." if follows and item.is_markable else "",
        words.LAWYER if item.is_for_lawyers else "",
        meaning=Meaning.YOURS,
        rows=[*_marks(item, standing.state, is_derived=standing.origin not in (Origin.NOWHERE, Origin.HERS)), _back(board, item)],
        quiet=f"{words.sources_text(item)}\n{words.PRIVATE}",
    )


def _marks(item: Item, state: State, *, is_derived: bool) -> list[list[discord.ui.Item[Any]]]:
    if not item.is_markable:
        return []
    hers = State.NOT_HERS
    if is_derived:
        return [[MarkItem(f"{hers}.{item.key}", label="Not for me"), NoteItem(item.key, label="Note")]]
    labels = {State.DONE: "Done", State.UNDER_WAY: "Under way", State.NOT_HERS: "Not for me"}
    marks: list[discord.ui.Item[Any]] = [
        MarkItem(f"{each}.{item.key}", label=name, disabled=each is state) for each, name in labels.items()
    ]
    back = MarkItem(f"none.{item.key}", label="Take the mark back", disabled=state is State.OPEN)
    return [[*marks, back, NoteItem(item.key, label="Note")]]


def _back(board: JourneyBoard, item: Item) -> list[discord.ui.Item[Any]]:
    for key, guide in board.guides.items():
        for section in guide.sections:
            if item in section.items:
                if key is GuideKey.EXAMS:
                    return [go("Back", View.EXAM, section.key)]
                return [go("Back", View.SECTION, key.value, section.key)]
    return []


ITEMS = (OpenSection, OpenItem, MarkItem, BeginAnew)
