"""``/interviews practice``: where she stands, and how a round is set up by taps."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import discord

from bot.domain.interview_texts import ApplicantKind
from bot.domain.practice import AGAIN, COUNTS, MIXED, SECONDS, Mark, Round, Standing
from bot.services.practice import PracticeService
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, card
from cogs._ui.times import stamp
from cogs._ui.ways import number_in
from cogs.interviews import _words as words
from cogs.interviews._round import EndRound, started_card
from cogs.interviews._ways import STALE, go, put, service_of, shows

COUNT, TIME = 5, 120
"""What is chosen until she chooses otherwise."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Hold what a round is to be, as it travels in the card's keys."""

    of: str
    kind: ApplicantKind
    count: int = COUNT
    seconds: int = TIME

    @property
    def key(self) -> str:
        """Return it as a key."""
        return f"{self.of}.{self.kind.value}.{self.count}.{self.seconds}"


def plan_of(key: str, service: PracticeService) -> Plan:
    """Return the plan of a key; raise UserFacingError where it says nothing that is held."""
    parts = key.split(".")
    if len(parts) != 4 or parts[1] not in {kind.value for kind in ApplicantKind}:
        raise STALE
    count, seconds = number_in(parts[2]), number_in(parts[3])
    if count not in COUNTS or seconds not in SECONDS or (parts[0] not in (MIXED, AGAIN) and service.texts.group(parts[0]) is None):
        raise STALE
    return Plan(parts[0], ApplicantKind(parts[1]), count, seconds)


class PlanChoice:
    """Read one choice of the set-up card, and show the card with it."""

    key: str

    def changed(self, plan: Plan, value: str) -> Plan:
        """Return the plan with what was chosen."""
        raise NotImplementedError

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show the card with it."""
        service = service_of(interaction)
        plan = plan_of(self.changed(plan_of(self.key, service), values[0]).key, service)
        await put(interaction, await setup_card(service, interaction.user.id, plan))


class OfChoice(PlanChoice, Choice, prefix="practice:of"):
    """Choose what the round is of."""

    def changed(self, plan: Plan, value: str) -> Plan:
        """Return the plan with another group."""
        return replace(plan, of=value)


class KindChoice(PlanChoice, Choice, prefix="practice:kind"):
    """Choose whom she answers as."""

    def changed(self, plan: Plan, value: str) -> Plan:
        """Return the plan for another kind of applicant."""
        return replace(plan, kind=ApplicantKind(value))


class CountChoice(PlanChoice, Choice, prefix="practice:count"):
    """Choose how many questions."""

    def changed(self, plan: Plan, value: str) -> Plan:
        """Return the plan with another number."""
        return replace(plan, count=number_in(value))


class SecondsChoice(PlanChoice, Choice, prefix="practice:seconds"):
    """Choose how long each may take."""

    def changed(self, plan: Plan, value: str) -> Plan:
        """Return the plan with another time."""
        return replace(plan, seconds=number_in(value))


class StartRound(Action, prefix="practice:start"):
    """Begin the round in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Begin it, or show the one that goes on already."""
        service = service_of(interaction)
        plan = plan_of(self.key, service)
        started = await service.start(interaction.user.id, plan.of, plan.kind, plan.count, plan.seconds)
        await put(interaction, started_card(service, started))


@shows("home")
async def draw_home(interaction: Interaction, _rest: str) -> Card:
    """Return where she stands, and all that can be done."""
    service, member_id = service_of(interaction), interaction.user.id
    known = await service.known_kind(member_id)
    under_way = await service.under_way(member_id)
    due = await service.due(member_id)
    texts = service.texts
    why = f" (from {known.why})" if known.why else " (unless you choose otherwise)"
    again = due[: max(COUNTS)]
    first = [
        go("Go on with the round", "round", under_way.id, primary=True) if under_way and under_way.is_readable else None,
        EndRound(under_way.id, label="End the round") if under_way else None,
        None if under_way else go("Set up a round", "setup", Plan(MIXED, known.kind).key, primary=True),
        go("Weak ones again", "setup", Plan(AGAIN, known.kind).key) if again and not under_way else None,
    ]
    return card(
        "Practise for interviews",
        f"{len(texts.questions)} questions in {len(texts.groups)} groups. {words.INTRO}",
        f"**You answer as:** {words.KINDS[known.kind]}{why}\n{_under_way_line(service, under_way)}\n{due_line(due)}",
        meaning=Meaning.YOURS,
        rows=[
            [each for each in first if each is not None],
            [go("Browse questions", "browse"), go("Sample answers", "samples"), go("If they ask what they may not", "limits")],
            [go("History", "history", 0), go("With a partner", "partner"), go("The self-check", "criteria")],
        ],
        quiet=words.OWN_WORDS,
    )


def _under_way_line(service: PracticeService, round_: Round | None) -> str:
    if round_ is None:
        return "**Under way:** no round"
    if not round_.is_readable:
        return "**Under way:** a round that can't be read any more; end it to begin another"
    of = words.of_words(service.texts, round_.of)
    return f"**Under way:** {of}, question {round_.position + 1} of {len(round_.items)}, begun {stamp(round_.started_at, 'R')}"


def due_line(due: Sequence[Standing]) -> str:
    """Return how many questions are due again, by how they went."""
    counts = [(mark, sum(each.mark is mark for each in due)) for mark in (Mark.WEAK, Mark.MIDDLING, Mark.WELL)]
    told = [f"{count} that {'were' if count > 1 else 'was'} {words.MARKS[mark]}" for mark, count in counts[:2] if count]
    told += [f"{count} that went well" for mark, count in counts[2:] if count]
    return f"**Due again:** {', '.join(told) or 'nothing today'}"


@shows("setup")
async def draw_setup(interaction: Interaction, rest: str) -> Card:
    """Return the set-up with the plan in the key; without one as she is known."""
    service = service_of(interaction)
    plan = plan_of(rest, service) if rest else Plan(MIXED, (await service.known_kind(interaction.user.id)).kind)
    return await setup_card(service, interaction.user.id, plan)


async def setup_card(service: PracticeService, member_id: int, plan: Plan) -> Card:
    """Return what the round will be, with what changes it."""
    texts, due = service.texts, await service.due(member_id)
    if plan.of == AGAIN:
        there, about = len(due), "What you marked weak comes first."
    else:
        there = len(texts.asked_of(plan.kind, None if plan.of == MIXED else plan.of))
        group = texts.group(plan.of)
        about = group.about if group else "From every group in turn, but for the questions that you ask them."
    count = min(plan.count, there)
    what = f"{count} question{'s' if count != 1 else ''}, {words.limit_words(plan.seconds)} each, as a {words.KINDS[plan.kind]}"
    fewer = f" There are {there} to ask, so the round has {count}." if 0 < there < plan.count else ""
    nothing = "Nothing is due again at present; choose something else." if not there else ""
    return card(
        "Set up a round",
        f"**{words.of_words(texts, plan.of)}:** {what}.{fewer}\n{about}",
        nothing or "The time begins with the first question. Over the time is said, and nothing more.",
        meaning=Meaning.YOURS,
        rows=[
            [OfChoice(plan.key, options=_groups(service, plan, len(due)), placeholder="What it is of")],
            [KindChoice(plan.key, options=_kinds(plan), placeholder="Whom you answer as")],
            [CountChoice(plan.key, options=_counts(plan), placeholder="How many questions")],
            [SecondsChoice(plan.key, options=_times(plan), placeholder="Time for each")],
            [
                StartRound(plan.key, label="Start", style=discord.ButtonStyle.primary, disabled=not there),
                go("Back", "home"),
            ],
        ],
        quiet=words.PRIVATE,
    )


def _groups(service: PracticeService, plan: Plan, due: int) -> list[discord.SelectOption]:
    texts = service.texts
    found = [(MIXED, "Mixed", f"{len(texts.asked_of(plan.kind))} questions of every group in turn")]
    found.append((AGAIN, "Due again", f"{due} that you marked before"))
    found += [(group.id, group.title, f"{len(texts.asked_of(plan.kind, group.id))} questions") for group in texts.groups]
    return [discord.SelectOption(label=label, value=of, description=told, default=of == plan.of) for of, label, told in found]


def _kinds(plan: Plan) -> list[discord.SelectOption]:
    return [
        discord.SelectOption(label=f"As a {words.KINDS[kind]}", value=kind, description=words.KINDS_TOLD[kind], default=kind is plan.kind)
        for kind in ApplicantKind
    ]


def _counts(plan: Plan) -> list[discord.SelectOption]:
    return [
        discord.SelectOption(label=f"{count} question{'s' if count != 1 else ''}", value=str(count), default=count == plan.count)
        for count in COUNTS
    ]


def _times(plan: Plan) -> list[discord.SelectOption]:
    return [
        discord.SelectOption(
            label=f"{words.limit_words(seconds)} each" if seconds else "No limit", value=str(seconds), default=seconds == plan.seconds
        )
        for seconds in SECONDS
    ]


ITEMS = (OfChoice, KindChoice, CountChoice, SecondsChoice, StartRound)
