"""Quiet hours on her clock, through clock changes and over midnight; which kinds are wanted; kept and read back."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.delivery import DeliveryKind
from bot.domain.leads import LEADS
from bot.domain.preferences import KIND_OF, MessageKind, Preferences, QuietHours

NIGHT = QuietHours(time(22), time(7))
NOON_BREAK = QuietHours(time(12), time(13, 30))


@pytest.mark.parametrize(
    ("quiet", "zone", "now", "until"),
    [
        (NIGHT, "Africa/Cairo", "2026-11-22T19:59:59", None),
        (NIGHT, "Africa/Cairo", "2026-11-22T20:00:00", "2026-11-23T05:00:00"),
        (NIGHT, "Africa/Cairo", "2026-11-23T04:59:59", "2026-11-23T05:00:00"),
        (NIGHT, "Africa/Cairo", "2026-11-23T05:00:00", None),
        (NOON_BREAK, "UTC", "2026-11-22T11:59:00", None),
        (NOON_BREAK, "UTC", "2026-11-22T12:00:00", "2026-11-22T13:30:00"),
        (NOON_BREAK, "UTC", "2026-11-22T13:30:00", None),
        # The clocks go forward in that night: it is an hour shorter.
        (NIGHT, "America/New_York", "2027-03-14T03:30:00", "2027-03-14T11:00:00"),
        # And back in this one: an hour longer.
        (NIGHT, "America/New_York", "2026-11-01T02:30:00", "2026-11-01T12:00:00"),
        # 02:30 is left out that day: quiet hours that would end then end when the clocks have jumped.
        (QuietHours(time(0), time(2, 30)), "America/New_York", "2027-03-14T06:00:00", "2027-03-14T07:00:00"),
    ],
)
def test_quiet_hours_follow_her_clock(quiet: QuietHours, zone: str, now: str, until: str | None) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert quiet.until(moment, zone) == (datetime.fromisoformat(until).replace(tzinfo=UTC) if until else None)


@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine reads zones slowly
@given(
    begins=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    ends=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    now=st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
    zone=st.sampled_from(["America/New_York", "Africa/Cairo", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
)
def test_what_waits_waits_less_than_a_day_and_to_their_end(begins: time, ends: time, now: datetime, zone: str) -> None:
    until = QuietHours(begins, ends).until(now, zone)
    if until is not None:
        assert now < until <= now + timedelta(days=1, hours=1)
        local = until.astimezone(ZoneInfo(zone))
        assert local.time() >= ends or local.utcoffset() != now.astimezone(ZoneInfo(zone)).utcoffset()


def test_every_message_to_a_member_has_a_kind_but_the_greeting() -> None:
    for_nobody = {DeliveryKind.GREETING, DeliveryKind.LIVE_CARD, DeliveryKind.STATUS_LINE, DeliveryKind.NUDGE}
    jobs_and_channels = {
        DeliveryKind.NOTICE_FAN,
        DeliveryKind.NOTICE_RECALL,
        DeliveryKind.START_HERE,
        DeliveryKind.QUESTION,
        DeliveryKind.ALARM,
        DeliveryKind.SERVER_EVENT,
        DeliveryKind.EXPIRY_LOOK,
        DeliveryKind.ERASURE,
    }
    never_unwanted = {DeliveryKind.EXPIRY}
    assert set(DeliveryKind) - set(KIND_OF) == for_nobody | jobs_and_channels | never_unwanted
    assert set(KIND_OF.values()) == set(MessageKind)


def test_notices_of_servers_are_wanted_only_once_she_says_so() -> None:
    assert [kind for kind in DeliveryKind if not Preferences().wants(kind)] == [DeliveryKind.NOTICE]
    assert Preferences(unwanted=frozenset()).wants(DeliveryKind.NOTICE)
    assert not Preferences(unwanted=frozenset({MessageKind.SEASON_DATES})).wants(DeliveryKind.DATE_MOVED)


@given(
    st.builds(
        Preferences,
        unwanted=st.frozensets(st.sampled_from(list(MessageKind))),
        quiet=st.none() | st.builds(QuietHours, st.sampled_from([time(22), time(0)]), st.sampled_from([time(7), time(13, 30)])),
        leads=st.lists(st.sampled_from([lead.key for lead in LEADS]), unique=True).map(tuple),
        nudges=st.booleans(),
        paused=st.booleans(),
    )
)
def test_they_are_kept_and_read_back(preferences: Preferences) -> None:
    assert Preferences.from_stored(preferences.as_stored()) == preferences


def test_a_kind_that_is_gone_is_left_out() -> None:
    stored = Preferences(nudges=True).as_stored() | {"unwanted": ["letters", "horoscopes"]}
    assert Preferences.from_stored(stored).unwanted == {MessageKind.LETTERS}
