"""The rules of the catalogue over answers, on a day of the season."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bot.catalogue.catalogue import Catalogue, load_catalogue
from bot.domain.calendar import SeasonEvent
from bot.domain.eligibility.answers import Answers
from bot.domain.eligibility.evaluation import Result, evaluate
from bot.domain.member import Country

NOVEMBER = datetime(2026, 11, 24, 12, tzinfo=UTC)
Evaluate = Callable[..., Result]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def judged(catalogue: Catalogue) -> Evaluate:
    """Return what evaluates answers with the real rules and dates."""

    def evaluated(answers: Answers, now: datetime = NOVEMBER) -> Result:
        seasons = [catalogue.season(country, answers.match_year) for country in Country]
        events: dict[str, SeasonEvent] = {event.key: event for season in seasons if season for event in season.events}
        return evaluate(answers, catalogue.rules, events, now)

    return evaluated
