"""What is still missing, as dated steps; each can have a reminder."""

from typing import Any

import discord

from bot.domain.eligibility.answers import Answers
from bot.domain.eligibility.plan import PlanStep, plan
from bot.domain.eligibility.verdicts import Reach, Verdict
from bot.services.bundle import Services
from cogs._ui.actions import Choice, Interaction
from cogs._ui.cards import Card, Meaning, card, send_card, shortened
from cogs._ui.forms import Form
from cogs._ui.reminders import scheduled_card
from cogs._ui.times import on_clock
from cogs.eligibility._shown import Shown, ShowView, View, key_of, part, read_key, shows, turn
from cogs.eligibility._words import NO_ADVICE, VERDICT_WORDS, by_line, clock_line, lost_line, reach_line, short_provenance

ROOM = 2_900
"""The text of the steps on one page, in characters."""
ORDER = "In the order of what takes longest, in our judgement: no source held says how long a step takes."
LIMITS = "A step without a date has none that is held: begin now, and ask whoever is named."


class RemindStep(Choice, prefix="eligibility:remind"):
    """Switch on the reminder of the step that was chosen; the key holds the answers."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Set it, and say when and how it comes."""
        services: Services = interaction.client.services
        _, _, answers = read_key(services, self.key)
        member = await services.members.get(interaction.user.id)
        scheduled = await services.eligibility.remind(member, answers, values[0], interaction.guild_id)
        member = await services.members.get(interaction.user.id)
        await send_card(interaction, scheduled_card(services, scheduled, member))


class RemindOwn(Choice, prefix="eligibility:remindon"):
    """Set a reminder of the step that was chosen, at a time of her own; the key holds the answers."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Ask for the time."""
        _, _, answers = read_key(interaction.client.services, self.key)
        await interaction.response.send_modal(OwnTime(answers, values[0]))


class OwnTime(Form):
    """Ask when to be reminded of a step."""

    def __init__(self, answers: Answers, rule_id: str) -> None:
        super().__init__("Remind me of this step")
        self._answers = answers
        self._rule_id = rule_id
        self.when: discord.ui.TextInput[Any] = discord.ui.TextInput(max_length=100, placeholder="tomorrow 9am, in 3 weeks, 5 January 21:00")
        self.ask("When", self.when, "On your clock. The reminder says what the step asks for.")

    async def submitted(self, interaction: Interaction) -> None:
        """Set it, and say when and how it comes."""
        services: Services = interaction.client.services
        member = await services.members.get(interaction.user.id)
        scheduled = await services.eligibility.remind_on(member, self._answers, self._rule_id, self.when.value, interaction.guild_id)
        await send_card(interaction, scheduled_card(services, scheduled, member))


@shows(View.PLAN)
async def plan_card(shown: Shown) -> Card:
    """Return one page of the steps that are left."""
    answers = shown.answers
    result = shown.services.eligibility.check(answers)
    steps = plan(result)
    back = ShowView(key_of(answers, View.RESULT), label="Back to the result")
    if not steps:
        return card(
            f"What is still missing, {part(answers, 0, 1)}",
            "By your answers no step is left. What depends on programs stays theirs to say: read the page of each one.",
            meaning=Meaning.YOURS,
            rows=[[back]],
            quiet=NO_ADVICE,
        )
    leaves = _pages(steps, shown.member.zone)
    page = min(shown.page, len(leaves) - 1)
    here = [step for step, _ in leaves[page]]
    reminders = _reminders(shown, here)
    own = [discord.SelectOption(label=shortened(step.finding.rule.title, 100), value=step.finding.rule.id) for step in here]
    clocks = clock_line([step.due for step in here], shown.member.zone, shown.services.clock.now())
    return card(
        f"What is still missing, {part(answers, page, len(leaves))}",
        lost_line(result) if page == 0 else "",
        ORDER if page == 0 else "",
        "\n\n".join(text for _, text in leaves[page]),
        meaning=Meaning.YOURS,
        rows=[
            [RemindStep(key_of(answers, View.PLAN, page), options=reminders, placeholder="Remind me of a step")] if reminders else [],
            [RemindOwn(key_of(answers, View.PLAN, page), options=own, placeholder="Remind me on a day of my own")],
            [back, *turn(answers, View.PLAN, page, len(leaves))],
        ],
        quiet="\n".join(line for line in (clocks, LIMITS, NO_ADVICE) if line),
    )


def _pages(steps: tuple[PlanStep, ...], zone: str | None) -> list[list[tuple[PlanStep, str]]]:
    pages: list[list[tuple[PlanStep, str]]] = [[]]
    room = ROOM
    for number, step in enumerate(steps, 1):
        text = step_text(number, step, zone)
        if pages[-1] and len(text) + 2 > room:
            pages.append([])
            room = ROOM
        pages[-1].append((step, text))
        room -= len(text) + 2
    return pages


def step_text(number: int, step: PlanStep, zone: str | None) -> str:
    """Return one step: what to do, by when, how sure that is, and what then where it is late."""
    rule = step.finding.rule
    known = "" if step.finding.verdict is Verdict.NOT_MET else f" ({VERDICT_WORDS[step.finding.verdict]} yet)"
    lines = [f"**{number}. {rule.title}**{known}", step.todo, by_line(step.due, zone)]
    lines.append(reach_line(step.due, step.reach))
    if step.otherwise:
        lines.append(f"**{_if_not(step)}:** {step.otherwise}")
    lines.append(short_provenance(rule.citation))
    return "\n".join(line for line in lines if line)


def _if_not(step: PlanStep) -> str:
    if step.reach is Reach.NO_LONGER:
        return "Instead"
    return "If it can't be reached" if step.due is not None else "If not"


def _reminders(shown: Shown, steps: list[PlanStep]) -> list[discord.SelectOption]:
    options: list[discord.SelectOption] = []
    for step in steps:
        ahead = shown.services.eligibility.ahead(step, shown.member)
        if ahead is not None:
            when = f"{ahead.label}: {on_clock(ahead.due_at, shown.member.zone or 'UTC')}"
            rule = step.finding.rule
            options.append(discord.SelectOption(label=shortened(rule.title, 100), value=rule.id, description=shortened(when, 100)))
    return options


ITEMS = (RemindStep, RemindOwn)
