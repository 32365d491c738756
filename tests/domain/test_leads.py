from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.leads import LEADS, lead_by_key, leads_offered

AT = datetime(2027, 3, 4, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ahead", "keys"),
    [
        (timedelta(days=30), ["1w", "3d", "1d", "3h", "0"]),
        (timedelta(weeks=1), ["3d", "1d", "3h", "0"]),
        (timedelta(days=2), ["1d", "3h", "0"]),
        (timedelta(hours=3, seconds=1), ["3h", "0"]),
        (timedelta(minutes=1), ["0"]),
        (timedelta(0), []),
        (timedelta(days=-1), []),
    ],
)
def test_only_leads_that_are_still_ahead_are_offered(ahead: timedelta, keys: list[str]) -> None:
    assert [lead.key for lead in leads_offered(AT, AT - ahead)] == keys


def test_a_lead_is_found_by_its_key() -> None:
    assert all(lead_by_key(lead.key) is lead for lead in LEADS)
    assert lead_by_key("2w") is None
