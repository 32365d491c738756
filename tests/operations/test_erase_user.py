"""``matchday erase-user`` as it is called: what it finds, what it leaves, and what it refuses."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from bot.domain.delivery import DeliveryKind
from bot.operations import erasing
from bot.storage.leases import LeaseRepository
from bot.wiring import House
from tests.operations.conftest import Installation, Said
from tests.support.databases import AMIRA, DIEGO


def test_it_says_how_much_was_stored_erases_it_and_nothing_of_others(installed: Installation) -> None:
    said = installed.call("erase-user", str(AMIRA))
    assert said.code == 0, said
    assert said.out.startswith("Stored of this member: settings 1, reminders 1.\nErased.")
    assert "jasmine" not in said.out + said.error
    assert installed.stored() == {DIEGO}


def test_the_backup_that_holds_her_does_not_bring_her_back(installed: Installation) -> None:
    backup = installed.back_up()
    assert installed.call("erase-user", str(AMIRA)).code == 0
    assert installed.call("restore", backup, "--replace").code == 0
    assert installed.stored() == {DIEGO}


def test_one_of_whom_nothing_is_stored_is_no_fault(installed: Installation) -> None:
    said = installed.call("erase-user", str(AMIRA + 1))
    assert (said.code, "Nothing is stored of this member." in said.out) == (0, True)
    assert installed.stored() == {AMIRA, DIEGO}


def test_a_dry_run_counts_and_erases_nothing(installed: Installation) -> None:
    before = installed.settings.erasures.read_bytes()
    said = installed.call("erase-user", str(AMIRA), "--dry-run")
    assert (said.code, "reminders 1" in said.out, "Nothing was changed" in said.out) == (0, True, True)
    assert installed.stored() == {AMIRA, DIEGO}
    assert installed.settings.erasures.read_bytes() == before


@pytest.mark.parametrize(
    "given",
    ["", "0", "-1", "amira", "<@1100000000000001000>", "12345", "1" * 20, "9" * 19, "1" * 500, "1100000000000001000 ", "1100000000000001e3",
     "\uff11" + "\uff10" * 18, "0100000000000001000", "1100000000000001000; DROP TABLE member"],
)  # fmt: skip
def test_what_is_no_id_is_refused(on_file: Installation, given: str) -> None:
    said = on_file.call("erase-user", "--", given)
    assert (said.code, "no Discord id" in said.error) == (2, True)
    assert given == "" or given not in said.error or len(given) < 3
    assert on_file.stored() == {AMIRA, DIEGO}


def test_without_a_database_none_is_made(on_file: Installation) -> None:
    path = Path(make_url(on_file.settings.database).database or "")
    path.unlink()
    said = on_file.call("erase-user", str(AMIRA))
    assert (said.code, "no database" in said.error) == (2, True)
    assert not path.exists()


def test_without_its_key_file_or_with_another_it_is_refused(on_file: Installation) -> None:
    on_file.settings.keys.unlink()
    said = on_file.call("erase-user", str(AMIRA))
    assert (said.code, "is missing" in said.error) == (2, True)
    assert not on_file.settings.keys.exists()


def test_an_erasure_log_that_can_not_be_written_stops_it(on_file: Installation) -> None:
    on_file.settings.erasures.unlink()
    on_file.settings.erasures.mkdir()
    said = on_file.call("erase-user", str(AMIRA))
    assert (said.code, "erasure log" in said.error) == (2, True)
    on_file.settings.erasures.rmdir()
    assert on_file.stored() == {AMIRA, DIEGO}


def test_beside_a_bot_that_does_not_look_it_says_so_and_the_bot_does_it_later(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing, "WAIT_SECONDS", 0.2)
    monkeypatch.setattr(erasing, "LOOK_SECONDS", 0.05)

    async def serve(house: House) -> Said:
        assert await LeaseRepository(house.database).acquire("all", "elsewhere:1:abc", 60)
        return await asyncio.to_thread(installed.call, "erase-user", str(AMIRA))

    said = installed.inside(serve)
    assert isinstance(said, Said)
    assert (said.code, "as soon as it looks again" in said.error) == (1, True)
    assert installed.stored() == {AMIRA, DIEGO}

    async def look(house: House) -> None:
        (asked,) = await house.due_loop._deliveries.claim_due(house.services.clock.now(), 9, "me", 60)
        assert asked.kind is DeliveryKind.ERASURE
        await house.services.mydata.do(asked)
        assert await house.services.mydata.is_done(asked.id)

    installed.inside(look)
    assert installed.stored() == {DIEGO}


def test_beside_several_processes_one_of_them_is_asked(installed: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasing, "WAIT_SECONDS", 0.2)
    monkeypatch.setattr(erasing, "LOOK_SECONDS", 0.05)

    async def serve(house: House) -> bool:
        return await LeaseRepository(house.database).acquire("shard/0", "another-host:1:00000000", 60)

    assert installed.inside(serve)
    said = installed.call("erase-user", str(AMIRA))
    assert (said.code, "as soon as it looks again" in said.error) == (1, True), said
    assert installed.stored() == {AMIRA, DIEGO}
