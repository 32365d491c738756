"""Saved answers: kept whole, encrypted, replaced, erased with all that was said of them; checked again without loss or double."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings

from bot.domain.delivery import Delivery, DeliveryKind, member_recipient
from bot.domain.eligibility.answers import Answers, Oet, OetPart, School, Step, UsStatus
from bot.domain.eligibility.saved import Outcome, Saved
from bot.domain.eligibility.verdicts import Verdict
from bot.storage.eligibility import SOURCE, EligibilityRepository, Rechecked
from bot.storage.encryption import Cipher
from bot.storage.tables import delivery as deliveries
from bot.storage.tables import eligibility as table
from tests.domain.eligibility.strategies import answers as any_answers
from tests.support.clocks import NOON
from tests.support.databases import AMIRA, DIEGO, Store, a_delivery, a_member

ANSWERS = Answers(
    2027,
    school=School.OTHER,
    us_status=UsStatus.VISA_NEEDED,
    graduation=2019,
    step1=Step.PASSED_2,
    step1_year=2024,
    oet=Oet.ONE_SITTING,
    oet_year=2026,
    oet_parts=frozenset((OetPart.LISTENING, OetPart.WRITING)),
)
OUTCOMES = {"us-step1": Outcome(Verdict.MET), "us-nrmp": Outcome(Verdict.NOT_MET, "2027-01-29T23:59:00-05:00")}


def saved(member_id: int = AMIRA, **changes: Any) -> Saved:
    return replace(Saved(member_id, ANSWERS, OUTCOMES, NOON, is_to_be_told=False, checked_with="one"), **changes)


def told(member_id: int = AMIRA, occurrence: int = 1) -> Delivery:
    recipient = member_recipient(member_id)
    return Delivery(DeliveryKind.RULE_CHANGE, recipient, SOURCE, str(member_id), occurrence, NOON, payload={"text": "changed"})


@pytest.fixture
async def repository(store: Store) -> EligibilityRepository:
    for person in (AMIRA, DIEGO):
        await store.members.save(a_member(person))
    return EligibilityRepository(store.database, store.cipher)


async def count(store: Store, source: str = SOURCE) -> int:
    query = sa.select(sa.func.count()).select_from(deliveries).where(deliveries.c.source == source)
    async with store.database.read() as connection:
        return (await connection.execute(query)).scalar_one()


async def test_what_is_saved_comes_back_whole_and_hers_alone(repository: EligibilityRepository) -> None:
    assert await repository.save(saved())
    assert await repository.get(AMIRA) == saved()
    assert await repository.get(DIEGO) is None


async def test_the_moment_of_the_last_check_is_kept(repository: EligibilityRepository) -> None:
    await repository.save(saved())
    assert saved().last_check == NOON
    later = saved(checked_with="two", checks=1, checked_at=NOON + timedelta(days=40))
    assert await repository.settle([Rechecked(saved(), later)]) == 1
    found = await repository.get(AMIRA)
    assert found == later
    assert found is not None
    assert found.last_check == NOON + timedelta(days=40)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answers=any_answers)
async def test_any_answers_come_back_as_they_were(repository: EligibilityRepository, answers: Answers) -> None:
    assert await repository.save(saved(answers=answers))
    found = await repository.get(AMIRA)
    assert found is not None
    assert found.answers == answers


async def test_saving_again_replaces_and_the_wish_to_be_told_stays(repository: EligibilityRepository, store: Store) -> None:
    await repository.save(saved())
    assert await repository.set_told(AMIRA, is_to_be_told=True)
    later = saved(answers=replace(ANSWERS, graduation=2020), saved_at=NOON + timedelta(days=1), checked_with="two")
    assert await repository.save(later)
    assert await repository.get(AMIRA) == replace(later, is_to_be_told=True)
    assert (await store.privacy.summary(AMIRA))["eligibility"] == 1


async def test_nothing_is_stored_of_one_who_is_not_there(repository: EligibilityRepository, store: Store) -> None:
    assert not await repository.save(saved(5))
    assert await repository.get(5) is None
    assert not await repository.set_told(5, is_to_be_told=True)
    assert not await repository.erase(5)


async def test_no_answer_stands_in_clear(repository: EligibilityRepository, store: Store) -> None:
    await repository.save(saved())
    async with store.database.read() as connection:
        row = (await connection.execute(sa.select(table))).mappings().one()
    clear = {name: value for name, value in row.items() if name != "blob"}
    assert set(clear) == {"member_id", "match_year", "saved_at", "is_to_be_told", "checked_with"}
    assert b"visa_needed" not in bytes(row["blob"])
    assert "visa_needed" in str(await store.privacy.export(AMIRA))


async def test_what_an_older_version_wrote_is_read_as_far_as_it_is_known(repository: EligibilityRepository, store: Store) -> None:
    await repository.save(saved())
    written = {"answers": {"school": "on the moon", "step1": "passed_1", "gone": "x"}, "outcomes": {"us-step1": ["splendid", ""]}}
    async with store.database.write() as connection:
        await connection.execute(sa.update(table).values(blob=store.cipher.encrypt(written)))
    found = await repository.get(AMIRA)
    assert found is not None
    assert found.answers == Answers(2027, step1=Step.PASSED_1)
    assert found.outcomes == {}


async def test_a_row_that_can_not_be_read_says_so(repository: EligibilityRepository, store: Store) -> None:
    from cryptography.fernet import Fernet

    await repository.save(saved())
    other = EligibilityRepository(store.database, Cipher([Fernet.generate_key().decode()]))
    found = await other.get(AMIRA)
    assert found is not None
    assert found.answers is None
    assert await other.erase(AMIRA)


async def test_erasing_takes_every_message_about_it_and_nothing_else(repository: EligibilityRepository, store: Store) -> None:
    await repository.save(saved())
    await repository.save(saved(DIEGO))
    for delivery in (told(), told(DIEGO), a_delivery("another")):
        await store.deliveries.add(delivery)
    assert await repository.erase(AMIRA)
    assert await repository.get(AMIRA) is None
    assert await repository.get(DIEGO) == saved(DIEGO)
    assert await store.deliveries.get(told().id) is None
    assert await store.deliveries.get(told(DIEGO).id) is not None
    assert await count(store, "test") == 1
    assert not await repository.erase(AMIRA)


async def test_what_was_checked_with_others_is_found_in_portions(repository: EligibilityRepository) -> None:
    await repository.save(saved())
    await repository.save(saved(DIEGO))
    first = await repository.checked_with_others("two", -1, 1)
    assert [each.member_id for each in first] == [AMIRA]
    assert [each.member_id for each in await repository.checked_with_others("two", AMIRA, 1)] == [DIEGO]
    assert await repository.checked_with_others("two", DIEGO, 1) == []
    assert await repository.checked_with_others("one", -1, 9) == []


async def test_a_check_is_stored_with_its_message_or_not_at_all(
    repository: EligibilityRepository, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await repository.save(saved())
    after = saved(checked_with="two", checks=1, outcomes={"us-step1": Outcome(Verdict.UNKNOWN)})

    def crash(*_given: object) -> None:
        raise RuntimeError("the process ended here")

    with monkeypatch.context() as patched:
        patched.setattr("bot.storage.eligibility.values_of", crash)
        with pytest.raises(RuntimeError):
            await repository.settle([Rechecked(saved(), after, told())])
    assert await repository.get(AMIRA) == saved()
    assert await count(store) == 0

    assert await repository.settle([Rechecked(saved(), after, told())]) == 1
    assert await repository.settle([Rechecked(saved(), after, told(occurrence=2))]) == 0
    assert await repository.get(AMIRA) == after
    assert await count(store) == 1


@pytest.mark.parametrize("meanwhile", ["saved", "switched", "erased"])
async def test_what_changed_while_it_was_checked_stays_as_it_is(repository: EligibilityRepository, store: Store, meanwhile: str) -> None:
    await repository.save(saved())
    if meanwhile == "saved":
        await repository.save(saved(saved_at=NOON + timedelta(minutes=1)))
    elif meanwhile == "switched":
        await repository.set_told(AMIRA, is_to_be_told=True)
    else:
        await repository.erase(AMIRA)
    before = await repository.get(AMIRA)
    assert await repository.settle([Rechecked(saved(), saved(checked_with="two"), told())]) == 0
    assert await repository.get(AMIRA) == before
    assert await count(store) == 0
