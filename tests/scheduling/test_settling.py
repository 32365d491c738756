"""What each outcome writes into the row: what is tried again, what is put back, and what follows in the same transaction."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.delivery import Delivery, DeliveryKind, DeliveryState
from bot.scheduling.outbox import Later, Outcome, Passing, Refused, Sent, Unknown, Unwanted
from bot.scheduling.settling import GAVE_UP, Patience, mark_for, must_read_back
from tests.support.clocks import NOON
from tests.support.databases import AMIRA, Store, a_delivery, a_member

PATIENCE = Patience(attempts=3)
HOUR = timedelta(hours=1)


async def settled(store: Store, outcome: Outcome, **changes: object) -> Delivery:
    """Claim one delivery, and write what an outcome means for it."""
    await store.members.save(a_member())
    delivery = a_delivery(**changes)
    await store.deliveries.add(delivery)
    (claimed,) = await store.deliveries.claim_due(NOON, 1, "me", 60)
    assert await store.deliveries.mark("me", [mark_for(claimed, outcome, NOON, PATIENCE)]) == {delivery.id}
    found = await store.deliveries.get(delivery.id)
    assert found is not None
    return found


async def test_later_is_no_attempt_and_sends_nothing_before(store: Store) -> None:
    found = await settled(store, Later(NOON + HOUR, "quiet hours"))
    assert (found.state, found.attempts, found.first_tried_at) == (DeliveryState.PENDING, 0, None)
    assert not must_read_back(found, NOON + HOUR, PATIENCE)  # nothing can stand in the channel: it need not be read
    assert await store.deliveries.claim_due(NOON + HOUR - timedelta(seconds=1), 1, "me", 60) == []
    assert len(await store.deliveries.claim_due(NOON + HOUR, 1, "me", 60)) == 1


async def test_later_keeps_what_is_known_of_an_earlier_attempt(store: Store) -> None:
    found = await settled(store, Unknown("the connection broke"))
    assert found.first_tried_at == NOON
    (claimed,) = await store.deliveries.claim_due(NOON + HOUR, 1, "me", 60)
    await store.deliveries.mark("me", [mark_for(claimed, Later(NOON + 2 * HOUR, "quiet hours"), NOON + HOUR, PATIENCE)])
    again = await store.deliveries.get(found.id)
    assert again is not None
    assert again.first_tried_at == NOON
    assert must_read_back(again, NOON + 2 * HOUR, PATIENCE)


@pytest.mark.parametrize(
    ("outcome", "tried"), [(Passing("slower", retry_after=5.0), False), (Unknown("the connection broke"), True)], ids=["passing", "unknown"]
)
async def test_only_what_may_have_arrived_is_read_back(store: Store, outcome: Outcome, *, tried: bool) -> None:
    found = await settled(store, outcome)
    assert (found.state, found.attempts) == (DeliveryState.PENDING, 1)
    assert must_read_back(found, NOON + HOUR, PATIENCE) is tried


async def test_what_is_not_wanted_is_cancelled_and_waits_nowhere(store: Store) -> None:
    found = await settled(store, Unwanted("She switched this kind of message off."))
    assert found.state is DeliveryState.CANCELLED
    assert await store.deliveries.parked_for(AMIRA, 5) == []


async def test_a_refusal_and_its_nudge_are_written_together(store: Store) -> None:
    nudge = replace(a_delivery("nudge", member_id=None), kind=DeliveryKind.NUDGE)
    await settled(store, Refused("closed", nudge))
    (claimed,) = await store.deliveries.claim_due(NOON, 5, "me", 60)
    assert claimed.id == nudge.id


async def test_whoever_lost_the_lease_makes_no_nudge(store: Store) -> None:
    await store.members.save(a_member())
    nudge = replace(a_delivery("nudge", member_id=None), kind=DeliveryKind.NUDGE)
    await store.deliveries.add(a_delivery())
    (claimed,) = await store.deliveries.claim_due(NOON, 1, "me", 60)
    assert await store.deliveries.mark("another", [mark_for(claimed, Refused("closed", nudge), NOON, PATIENCE)]) == set()
    assert await store.deliveries.get(nudge.id) is None


def test_after_many_attempts_it_waits_in_the_inbox() -> None:
    mark = mark_for(a_delivery(attempts=2), Unknown("the connection broke"), NOON, PATIENCE)
    assert (mark.state, mark.reason) == (DeliveryState.PARKED, GAVE_UP)


def test_sent_holds_where_it_stands() -> None:
    mark = mark_for(a_delivery(), Sent(message_id=5, channel_id=7), NOON, PATIENCE)
    assert (mark.state, mark.message_id, mark.channel_id, mark.settled_at) == (DeliveryState.SENT, 5, 7, NOON)
