"""One rule in full: what it says, what would change the answer, what common guides get wrong, where it was read."""

import discord

from bot.domain.eligibility.evaluation import Result
from bot.domain.eligibility.verdicts import EligibilityRule, Reach, Verdict
from bot.domain.member import Country, Member
from bot.errors import UserFacingError
from bot.services.bundle import Services
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, card, send_card, shortened
from cogs._ui.sharing import post
from cogs._ui.words import COUNTRY_NAMES
from cogs.eligibility._shown import read_key
from cogs.eligibility._words import CANADA_CLASSES, US_CLASSES, VERDICT_WORDS, by_line, clock_line, provenance, reach_line

INFORMATION = "General information, no legal advice and no prediction."
GONE = UserFacingError("That rule is not held any more.", "Use /eligibility explain and choose from the lists.")


class WhyChoice(Choice, prefix="eligibility:why"):
    """Explain one rule of a result; the key holds the answers."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it, with what it gives for her."""
        services: Services = interaction.client.services
        _, _, answers = read_key(services, self.key)
        rule = _held(services, values[0])
        member = await services.members.get(interaction.user.id)
        result = services.eligibility.check(answers)
        view = rule_card(services, rule, member, answers.match_year, result=result, in_server=interaction.guild_id is not None)
        await send_card(interaction, view)


class RuleChoice(Choice, prefix="eligibility:rule"):
    """Explain the rule that was chosen from a list; the key is the list's country."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it."""
        services: Services = interaction.client.services
        await reply_with(interaction, services, _held(services, values[0]))


class ShareRule(Action, prefix="eligibility:share"):
    """Post the rule in the key for everybody in the channel."""

    async def act(self, interaction: Interaction) -> None:
        """Post the fact, without anything of the member who shares it."""
        services: Services = interaction.client.services
        rule = _held(services, self.key)
        nobody = Member(id=0, created_at=services.clock.now())
        await post(interaction, rule_card(services, rule, nobody, services.season.current_year()))


def _held(services: Services, rule_id: str) -> EligibilityRule:
    rule = services.catalogue.rules.get(rule_id)
    if rule is None:
        raise GONE
    return rule


async def reply_with(interaction: Interaction, services: Services, rule: EligibilityRule) -> None:
    """Reply with one rule in full, for the Match that she is shown."""
    member = await services.members.get(interaction.user.id)
    view = rule_card(services, rule, member, services.season.year_for(member), in_server=interaction.guild_id is not None)
    await send_card(interaction, view)


def rule_card(
    services: Services,
    rule: EligibilityRule,
    member: Member,
    match_year: int,
    *,
    result: Result | None = None,
    in_server: bool = False,
) -> Card:
    """Return one rule in full; with a result also what it gives for her. It can be shared where it holds the fact alone."""
    finding = next((each for each in result.findings if each.rule.id == rule.id), None) if result else None
    due = finding.due if finding else services.eligibility.due(rule, match_year)
    is_over = finding is not None and finding.reach is Reach.NO_LONGER and finding.verdict is not Verdict.MET
    told = finding.rule if finding else rule
    lines = [
        "" if is_over else f"**What to do:** {told.next}",
        by_line(due, member.zone),
        reach_line(due, finding.reach) if finding and finding.verdict is not Verdict.MET else "",
        f"**{'Instead' if is_over else 'If it is too late'}:** {told.otherwise}" if told.otherwise else "",
    ]
    todo = "\n".join(line for line in lines if line)
    guides = "\n".join(f"- {guide}" for guide in rule.guides)
    return card(
        rule.title,
        _for_her(rule, result) if result else "",
        rule.text,
        f"**What would change the answer:** {rule.changes}",
        f"**What common guides get wrong**\n{guides}" if guides else "",
        todo,
        rule.citation.note,
        rows=[[ShareRule(rule.id, label="Share here")]] if in_server else [],
        quiet="\n".join(
            line for line in (clock_line([due], member.zone, services.clock.now()), provenance(rule.citation), INFORMATION) if line
        ),
    )


def _for_her(rule: EligibilityRule, result: Result) -> str:
    """Return what a rule gives for her, or whom she is counted among; empty where it does not concern her."""
    if rule.id == "us-class" and result.us is not None:
        return f"**For you: {US_CLASSES[result.us.value]}.** {result.us.reason}"
    if rule.id == "ca-class" and result.canada is not None:
        return f"**For you: {CANADA_CLASSES[result.canada.value]}.** {result.canada.reason}"
    finding = next((each for each in result.findings if each.rule.id == rule.id), None)
    return f"**For you: {VERDICT_WORDS[finding.verdict]}.** {finding.reason}" if finding else ""


def list_card(services: Services) -> Card:
    """Return every rule, to choose one from."""
    rows = [
        [RuleChoice(country.value, options=options, placeholder=COUNTRY_NAMES[country])]
        for country in Country
        if (options := [_option(rule) for rule in services.eligibility.rules_of(country)[:25]])
    ]
    return card(
        "Which rule?",
        "Each one in full: what it says, what would change the answer, what common guides get wrong, source and date.",
        rows=rows,
        quiet=f"/eligibility check goes through all of them with your answers.\n{INFORMATION}",
    )


def _option(rule: EligibilityRule) -> discord.SelectOption:
    return discord.SelectOption(label=shortened(rule.title, 100), value=rule.id)


ITEMS = (WhyChoice, RuleChoice, ShareRule)
