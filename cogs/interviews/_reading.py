"""To read without a round: every question, invented answers, what programs may not ask, and the points of the self-check."""

from collections.abc import Sequence

import discord

from bot.domain.interview_texts import ApplicantKind, InterviewQuestion, QuestionGroup, SampleAnswer
from bot.services.practice import NOT_HELD, PracticeService
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, card, shortened
from cogs.interviews import _words as words
from cogs.interviews._round import started_card
from cogs.interviews._ways import go, put, service_of, show, shows

ONE_TIME = 120
"""How long one question may take that is practised by itself, in seconds."""
LIMITS = "What a program may not ask or do, as far as a source says so, and what you can say then. General information, no legal advice."
GROUP, QUESTION, SAMPLE, LIMIT = "Choose a group", "Choose a question", "Choose an answer", "Choose what was asked"


class GroupChoice(Choice, prefix="practice:group"):
    """Show the questions of a group."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show them."""
        await show(interaction, "browse", values[0])


class QuestionChoice(Choice, prefix="practice:question"):
    """Show one question."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it."""
        await show(interaction, "read", values[0])


class SampleChoice(Choice, prefix="practice:sample"):
    """Show one invented answer."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it."""
        await show(interaction, "samples", values[0])


class LimitChoice(Choice, prefix="practice:limit"):
    """Show what holds for one thing that was asked."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it."""
        await show(interaction, "limits", values[0])


class PractiseOne(Action, prefix="practice:one"):
    """Begin a round of the one question in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Begin it, or show the round that goes on already."""
        service, member_id = service_of(interaction), interaction.user.id
        question = service.question(self.key)
        kind = (await service.known_kind(member_id)).kind
        if kind not in question.asked_of:
            kind = min(question.asked_of)
        await put(interaction, started_card(service, await service.start_one(member_id, question.id, kind, ONE_TIME)))


@shows("browse")
async def draw_browse(interaction: Interaction, rest: str) -> Card:
    """Return the groups, or the questions of the one in the key."""
    service = service_of(interaction)
    group = service.texts.group(rest)
    if group is None:
        lines = "\n".join(f"- **{each.title}:** {each.about}" for each in service.texts.groups)
        return card(
            f"{len(service.texts.questions)} questions", lines, rows=[[_groups(service)], [go("Back", "home")]], quiet=words.OWN_WORDS
        )
    options = [discord.SelectOption(label=shortened(each.title, 100), value=each.id) for each in group.questions]
    return card(
        group.title,
        group.about,
        "\n".join(f"{number}. {each.title}" for number, each in enumerate(group.questions, 1)),
        rows=[[QuestionChoice(group.id, options=options, placeholder=QUESTION)], [_groups(service, group)], [go("Back", "home")]],
    )


def _groups(service: PracticeService, shown: QuestionGroup | None = None) -> GroupChoice:
    options = [
        discord.SelectOption(label=each.title, value=each.id, description=f"{len(each.questions)} questions", default=each is shown)
        for each in service.texts.groups
    ]
    return GroupChoice(options=options, placeholder=GROUP)


@shows("read")
async def draw_question(interaction: Interaction, rest: str) -> Card:
    """Return one question, with what differs for every kind of applicant."""
    service = service_of(interaction)
    question = service.texts.questions.get(rest)
    if question is None:
        raise NOT_HELD
    samples = [each for each in service.texts.samples if each.question == question.id]
    return card(
        words.of_words(service.texts, question.group),
        words.asked_block(question),
        *words.build_blocks(question, ApplicantKind),
        _asked_of_line(question),
        rows=[
            [
                PractiseOne(question.id, label="Practise this one", style=discord.ButtonStyle.primary),
                *[go("A sample answer", "samples", each.id) for each in samples[:1]],
                go("All of this group", "browse", question.group),
            ]
        ],
        quiet=words.rests_on(question),
    )


def _asked_of_line(question: InterviewQuestion) -> str:
    if question.asked_of == frozenset(ApplicantKind):
        return ""
    return f"Asked of: {', '.join(words.KINDS[kind] for kind in ApplicantKind if kind in question.asked_of)}."


@shows("samples")
async def draw_samples(interaction: Interaction, rest: str) -> Card:
    """Return all invented answers, or the one in the key."""
    samples = service_of(interaction).texts.samples
    sample = next((each for each in samples if each.id == rest), None)
    if sample is not None:
        return _sample_card(service_of(interaction), samples, sample)
    lines = "\n".join(f"- {each.title} · {words.KINDS[each.kind]}" for each in samples)
    return card(f"{len(samples)} answers with notes", words.INVENTED, lines, rows=[[_samples(samples)], [go("Back", "home")]])


def _samples(samples: Sequence[SampleAnswer], shown: SampleAnswer | None = None) -> SampleChoice:
    options = [
        discord.SelectOption(label=each.title, value=each.id, description=words.KINDS[each.kind], default=each is shown) for each in samples
    ]
    return SampleChoice(options=options, placeholder=SAMPLE)


def _sample_card(service: PracticeService, samples: Sequence[SampleAnswer], sample: SampleAnswer) -> Card:
    question = service.texts.questions[sample.question]
    parts = [f"> {part.says}\n{'**Works:**' if part.works else '**To mend:**'} {part.note}" for part in sample.parts]
    return card(
        sample.title,
        f"**{question.title}**\nAn invented answer of {sample.who}.",
        "\n".join(parts),
        rows=[
            [_samples(samples, sample)],
            [
                PractiseOne(question.id, label="Practise this question", style=discord.ButtonStyle.primary),
                go("The question", "read", question.id),
                go("Back", "home"),
            ],
        ],
        quiet=words.INVENTED,
    )


@shows("limits")
async def draw_limits(interaction: Interaction, rest: str) -> Card:
    """Return what programs may not ask or do, or the one thing in the key."""
    limits = service_of(interaction).texts.limits
    limit = next((each for each in limits if each.id == rest), None)
    options = [discord.SelectOption(label=each.title, value=each.id, default=each is limit) for each in limits]
    choice = LimitChoice(options=options, placeholder=LIMIT)
    if limit is None:
        return card(
            "If they ask what they may not",
            LIMITS,
            "\n".join(f"- {each.title}" for each in limits),
            rows=[[choice], [go("Back", "home")]],
        )
    return card(
        limit.title,
        f"**What holds:** {limit.text}",
        f"**What you can say:** {limit.says}",
        f"**Then:** {limit.then}",
        rows=[[choice], [go("Back", "home")]],
        quiet=f"{words.citation_lines(limit.citation)}\nWhat you can say and do then is advice in our own words.",
    )


@shows("criteria")
async def draw_criteria(interaction: Interaction, _rest: str) -> Card:
    """Return what each point of the self-check means."""
    criteria = service_of(interaction).texts.criteria
    return card(
        "The self-check",
        "After each answer you tick what was there and say how it went. Nothing is counted or added up; your own word is all there is.",
        "\n".join(f"**{each.title}**\nThere: {each.there}\nNot there: {each.missing}" for each in criteria),
        words.RULE,
        rows=[[go("Set up a round", "setup"), go("Back", "home")]],
    )


ITEMS = (GroupChoice, QuestionChoice, SampleChoice, LimitChoice, PractiseOne)
