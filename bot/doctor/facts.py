"""The curated facts: their structure, their age, and whether a season is held that is not over."""

from collections.abc import Iterator
from datetime import date

from bot.catalogue.catalogue import load_catalogue
from bot.catalogue.check import check_data
from bot.doctor.finding import Finding, problem, warning, well
from bot.domain.member import Country
from bot.domain.retention import SEASON_ENDS

FACTS = "facts"
OLD_DAYS = 120
NEWER = "Install the newest version of Matchday, or add to bot/data what CONTRIBUTING.md says."


def check_facts(today: date) -> Iterator[Finding]:
    """Yield what is found of the facts on a day."""
    report = check_data()
    for each in report.problems:
        yield problem(FACTS, f"{each}.", "Put the file back as it was installed.")
    days = max((age.days(today) for age in report.ages), default=0)
    said = f"{sum(age.facts for age in report.ages)} facts, the oldest as of {days} days ago."
    yield well(FACTS, said) if days <= OLD_DAYS else warning(FACTS, said, f"{NEWER} matchday data check says which they are.")
    newest = max(season.year for season in load_catalogue().seasons(Country.UNITED_STATES))
    if today > date(newest, *SEASON_ENDS):
        yield warning(FACTS, f"The newest season that is held, {newest}, is over: there is nothing to remind of.", NEWER)
    else:
        yield well(FACTS, f"The season {newest} is held.")
