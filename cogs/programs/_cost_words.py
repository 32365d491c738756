"""The words of ``/programs cost``."""

from collections.abc import Sequence

from bot.domain.fees import FeePart, FeeScale
from bot.domain.letters import ApplicationService
from bot.domain.program_costs import Costs, Group, Standing
from bot.domain.program_fields import SERVICES
from bot.pictures.costs import CostBar
from bot.services.applying import Reckoning
from bot.services.bundle import Services
from bot.services.programs import ProgramService
from cogs.programs import _words as words

PARTS = {
    FeePart.APPLICATIONS: "Applications",
    FeePart.MATCH: "NRMP",
    FeePart.CERTIFICATION: "Exams and certification",
    FeePart.VISA: "Visa",
}
NO_BUDGET = "In US dollars. Travel, translations, housing and surcharges come on top; fees move every season, so look at the owners' pages."
NOT_TOLD = "What is behind you can't be left out before you save answers: /eligibility check."
EARLIER = "-# The fees of the {year} season are not held; the latest table that is held is used in their place."
FIGURES_SHOWN = 2
_ASK = {
    ApplicationService.CENTRAL_APP: "look at psca.org's Central App",
    ApplicationService.SF_MATCH: "ask at sfmatch.org",
    ApplicationService.CARMS: "ask at carms.ca",
    ApplicationService.RESIDENCYCAS: "the table that is held is of emergency medicine alone; ask ResidencyCAS",
}


def dollars(amount: int) -> str:
    """Return an amount: ``1,234 USD``."""
    return f"{amount:,} USD"


def group_name(programs: ProgramService, group: Group) -> str:
    """Return what a group is called."""
    specialty = programs.names.specialty(group.specialty) if group.specialty else "specialty not known"
    return f"{SERVICES[group.service]}, {specialty}"


def ask_service(service: ApplicationService) -> str:
    """Return where to ask for a service's fees."""
    return _ASK.get(service, "ask the service")


def open_text(costs: Costs, part: FeePart | None = None) -> str:
    """Return how many fees are not held; empty where all are."""
    count = costs.open_items(part)
    return f", and {count} fee{'' if count == 1 else 's'} that {'is' if count == 1 else 'are'} not held" if count else ""


def tiers_text(scale: FeeScale) -> str:
    """Return the tiers of a scale in words: ``11 USD each up to 30, 30 USD each further (2026 season)``."""
    parts: list[str] = []
    for tier in scale.tiers:
        price = f"{tier.at_once} USD at once" if tier.at_once else f"{tier.each} USD each"
        parts.append(f"{price} {f'up to {tier.up_to}' if tier.up_to else 'further'}")
    return f"{', '.join(parts)} ({scale.season} season)"


def more_line(programs: ProgramService, reckoned: Reckoning, more: int) -> str:
    """Return what a "what if" adds; empty without one."""
    if not more:
        return ""
    if reckoned.where is None:
        return "**What if:** your list is empty, so nothing says where to add. /programs add, or /programs cost with a specialty."
    name = group_name(programs, reckoned.where)
    held = next((each for each in reckoned.costs.groups if each.group == reckoned.where), None)
    if held is None or held.added is None or held.scale is None:
        return f"**What if {more} more ({name}):** not held; {ask_service(reckoned.where.service)}."
    whole = dollars(reckoned.costs.total() + held.added)
    return f"**What if {more} more ({name}):** {dollars(held.added)} on top, {whole} in all, by {tiers_text(held.scale)}."


def figures_line(services: Services) -> str:
    """Return published numbers of applications, which are never a recommendation."""
    volume = [each for each in services.catalogue.figures.applications if "average" in each.measure][:FIGURES_SHOWN]
    if not volume:
        return ""
    named = "; ".join(f"{each.group}, {each.year_text}: {each.value:g} on average" for each in volume)
    return f"-# Published numbers of applications: {named}. What others sent is no recommendation; /specialty figures has sources and more."


def bars(costs: Costs, programs: ProgramService) -> tuple[CostBar, ...]:
    """Return the bars of the picture: groups of applications, then the other parts."""
    found = [CostBar(group_name(programs, each.group), each.amount or 0, each.added or 0, 0) for each in costs.groups if each.scale]
    from_standing = [
        CostBar(name, *_of_part(costs, part))
        for part, name in ({**PARTS, FeePart.APPLICATIONS: "Token and transcript"}).items()
        if costs.of(part)
    ]
    return tuple(_longest([*found, *from_standing]))


def _longest(found: Sequence[CostBar], most: int = 10) -> list[CostBar]:
    """Return at most so many bars, in order, the smallest ones put together."""
    if len(found) <= most:
        return list(found)
    kept = sorted(found, key=lambda bar: -(bar.due + bar.added + bar.maybe))[: most - 1]
    rest = [each for each in found if each not in kept]
    together = CostBar(
        f"{len(rest)} more", sum(each.due for each in rest), sum(each.added for each in rest), sum(each.maybe for each in rest)
    )
    return [*(each for each in found if each in kept), together]


def _of_part(costs: Costs, part: FeePart) -> tuple[int, int, int]:
    items = costs.of(part)
    due = sum(each.amount or 0 for each in items if each.standing is Standing.DUE)
    return due, 0, sum(each.amount or 0 for each in items if each.standing is Standing.MAYBE)


def picture_source(costs: Costs) -> str:
    """Return the last line of the picture."""
    cited = [each.scale.citation for each in costs.groups if each.scale] + [each.fee.citation for each in costs.items if each.fee.citation]
    oldest = min((each.as_of for each in cited), default=None)
    named = ", ".join(dict.fromkeys(source.title.split(":")[0] for each in cited for source in each.sources))
    as_of = f" As of {words.day_text(oldest)}." if oldest else ""
    return f"Source: {named}; each amount with its source in /programs cost.{as_of}"
