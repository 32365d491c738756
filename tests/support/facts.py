"""Facts that differ from those of the data, as after an update."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.catalogue.catalogue import Catalogue
from bot.domain.member import Country

REGISTRATION = "us-2027-registration-deadline"


@contextmanager
def other_facts(catalogue: Catalogue) -> Iterator[None]:
    """Let the standard registration deadline be two days later for a while, with all that follows from it."""
    season = catalogue.season(Country.UNITED_STATES, 2027)
    assert season is not None
    (event,) = [event for event in season.events if event.id == REGISTRATION]
    assert event.at is not None
    assert catalogue.rules_fingerprint  # remembered from now on, so that it is put back at the end
    moved = replace(event, at=replace(event.at, local=event.at.local + timedelta(days=2)))
    with pytest.MonkeyPatch.context() as patched:
        events = tuple(moved if each is event else each for each in season.events)
        patched.setitem(catalogue._seasons, (Country.UNITED_STATES, 2027), replace(season, events=events))
        patched.setitem(catalogue._events, REGISTRATION, moved)
        patched.delitem(catalogue.__dict__, "rules_fingerprint")
        yield
