"""The erasure log: what it holds and does not, what a crash or a damaged disk leaves of it, and whom it brings back to mind."""

import json
import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.errors import StartError
from bot.storage.encryption import LOOK_SECONDS, Cipher
from bot.storage.erasure_log import BACKUPS_LAST, Anchor, Erased, ErasureLog, Step
from tests.support.clocks import NOON, ManualClock
from tests.support.databases import AMIRA, DIEGO

HOUR = timedelta(hours=1)
OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def log(tmp_path: Path, clock: ManualClock) -> ErasureLog:
    made = ErasureLog(tmp_path / "erasures.log", Cipher([OLD]), clock)
    made.prepare()
    return made


async def erased(log: ErasureLog, member_id: int, *, left: bool = False) -> None:
    await log.end(await log.begin(Erased.MEMBER, member_id), left=left)


def who_since(log: ErasureLog, when: object, anchor: Anchor | None = None) -> set[int]:
    known = log.read()
    assert known is not None
    found = {entry.who for entry in known.since(when, anchor)}  # type: ignore[arg-type]
    return {member for member in (AMIRA, DIEGO) if found & log.codes(Erased.MEMBER, member)}


async def test_it_holds_codes_and_times_and_no_id(log: ErasureLog) -> None:
    await erased(log, AMIRA)
    text = log.path.read_text("ascii")
    assert str(AMIRA) not in text
    assert f"{AMIRA:x}" not in text
    for line in text.splitlines()[1:]:
        said = json.loads(line.rpartition(" ")[0])
        assert set(said) == {"n", "at", "step", "of", "who", "begun", "key"}
    assert stat.S_IMODE(log.path.stat().st_mode) == 0o600
    other = ErasureLog(log.path, Cipher([NEW]))
    assert not log.codes(Erased.MEMBER, AMIRA) & other.codes(Erased.MEMBER, AMIRA)  # nobody finds her by trying every id without the key
    assert not log.codes(Erased.MEMBER, AMIRA) & log.codes(Erased.SERVER, AMIRA)


async def test_who_was_erased_after_a_moment_is_found_and_who_was_before_is_not(log: ErasureLog, clock: ManualClock) -> None:
    await erased(log, DIEGO)
    clock.advance(HOUR)
    backup = clock.now()
    clock.advance(HOUR)
    await erased(log, AMIRA)
    assert who_since(log, backup) == {AMIRA}
    assert who_since(log, NOON) == {AMIRA, DIEGO}


async def test_one_who_was_being_erased_at_that_moment_is_found(log: ErasureLog, clock: ManualClock) -> None:
    begun = await log.begin(Erased.MEMBER, AMIRA)
    clock.advance(HOUR)
    backup = clock.now()
    assert who_since(log, backup + HOUR) == {AMIRA}  # and where its end was never noted
    clock.advance(HOUR)
    await log.end(begun)
    assert who_since(log, backup) == {AMIRA}
    assert who_since(log, clock.now() + HOUR) == set()


async def test_one_who_was_left_as_she_was_is_not_found(log: ErasureLog) -> None:
    await erased(log, AMIRA, left=True)
    assert who_since(log, NOON) == set()
    assert log.read().unfinished() == []  # type: ignore[union-attr]


async def test_a_clock_that_was_set_back_hides_nobody(log: ErasureLog, clock: ManualClock) -> None:
    await erased(log, DIEGO)
    anchor, backup = log.read().anchor, clock.now() + HOUR  # type: ignore[union-attr]
    clock.advance(-HOUR)
    await erased(log, AMIRA)
    assert who_since(log, backup, anchor) == {AMIRA}


async def test_half_a_line_of_a_crash_is_no_damage_and_is_cut_off(log: ErasureLog) -> None:
    await erased(log, DIEGO)
    whole = log.path.read_bytes()
    log.path.write_bytes(whole + b'{"n":3,"at":"2026')
    known = log.read()
    assert known is not None
    assert known.problems == ()
    await erased(log, AMIRA)
    assert log.path.read_bytes().startswith(whole + b'{"n":3,')
    assert log.read().problems == ()  # type: ignore[union-attr]
    assert who_since(log, NOON) == {AMIRA, DIEGO}


@pytest.mark.parametrize("cut", range(1, 39, 6))
def test_a_crash_while_it_is_made_leaves_none(log: ErasureLog, cut: int) -> None:
    log.path.write_bytes(log.path.read_bytes()[:cut])
    log.prepare()
    assert log.read().problems == ()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda lines: [lines[0], lines[1].replace(b"begun", b"bogun"), *lines[2:]], "1 lines of the erasure log are damaged"),
        (lambda lines: [lines[0], *lines[2:]], ""),  # the first ones are dropped when they are old
        (lambda lines: [*lines[:2], *lines[3:]], "are missing"),
        (lambda lines: [lines[0], b"\xff\x00 \n", *lines[1:]], "damaged"),
        (lambda lines: [lines[0], b"[] 0\n", b"{} 0\n", b"9 9\n", b'{"key":[]} 0\n', b'{"n":' + b"9" * 9_999 + b"}\n"], "5 lines"),
        (lambda _lines: [b"a shopping list\n"], "does not begin as one"),
        (lambda _lines: [], "does not begin as one"),
    ],
    ids=["a bit", "the first", "one within", "binary", "nonsense", "another file", "empty"],
)
async def test_damage_is_said(log: ErasureLog, damage: object, sentence: str) -> None:
    await erased(log, DIEGO)
    await erased(log, AMIRA)
    log.path.write_bytes(b"".join(damage(log.path.read_bytes().splitlines(keepends=True))))  # type: ignore[operator]
    known = log.read()
    assert known is not None
    assert sentence in " ".join(known.problems)
    assert bool(known.problems) is bool(sentence)


async def test_another_log_an_older_one_and_a_backup_that_is_too_old_are_said(log: ErasureLog, tmp_path: Path) -> None:
    await erased(log, AMIRA)
    known = log.read()
    assert known is not None
    assert known.faults(NOON, known.anchor, NOON + HOUR) == []
    assert known.faults(NOON, None, NOON + HOUR) == []  # made before there was one
    assert "another one" in known.faults(NOON, Anchor("f00", 1), NOON)[0]
    assert "older than the backup" in known.faults(NOON, Anchor(known.anchor.log_id, 7), NOON)[0]
    assert "365 days" in known.faults(NOON, known.anchor, NOON + BACKUPS_LAST + HOUR)[0]
    assert ErasureLog(tmp_path / "lost.log", Cipher([OLD])).read() is None


async def test_keys_rotate_and_a_key_that_is_gone_is_said(log: ErasureLog, clock: ManualClock) -> None:
    begun = await log.begin(Erased.MEMBER, AMIRA)
    both = ErasureLog(log.path, Cipher([NEW, OLD]), clock)
    await both.end(begun)
    await erased(both, DIEGO)
    assert who_since(both, NOON) == {AMIRA, DIEGO}
    assert both.read().problems == ()  # type: ignore[union-attr]
    rotated = ErasureLog(log.path, Cipher([NEW])).read()
    assert rotated is not None
    assert rotated.anchor == both.read().anchor  # type: ignore[union-attr]
    assert "a key that the key file does not hold" in rotated.faults(NOON, None, NOON + HOUR)[0]


async def test_what_was_erased_before_the_keys_rotated_is_no_matter_for_a_younger_backup(log: ErasureLog, clock: ManualClock) -> None:
    await erased(log, AMIRA)
    clock.advance(HOUR)
    after = ErasureLog(log.path, Cipher([NEW]), clock)
    anchor = after.read().anchor  # type: ignore[union-attr]
    await erased(after, DIEGO)
    known = after.read()
    assert known is not None
    assert known.problems == ()
    assert known.faults(NOON + HOUR / 2, anchor, NOON + HOUR) == []
    assert [each.who for each in known.since(NOON + HOUR / 2, anchor)] == [after.code(Erased.MEMBER, DIEGO)]
    assert known.faults(NOON - HOUR, anchor, NOON + HOUR) != []  # of an older one it can't be told whom it misses
    clock.advance(BACKUPS_LAST - HOUR / 2)
    after.prepare()
    assert not after.read().sealed  # type: ignore[union-attr]


async def test_a_log_that_is_kept_open_writes_with_the_key_that_the_file_holds_now(tmp_path: Path, clock: ManualClock) -> None:
    keys = tmp_path / "matchday.key"
    keys.write_text(OLD + "\n", "ascii")
    cipher = Cipher.from_key_file(keys)
    kept = ErasureLog(tmp_path / "kept.log", cipher, clock)
    await erased(kept, AMIRA)
    keys.write_text(NEW + "\n", "ascii")
    cipher._looked_at -= LOOK_SECONDS
    await erased(kept, DIEGO)
    known = ErasureLog(kept.path, Cipher([NEW]), clock).read()
    assert known is not None
    assert (len(known.sealed), {each.who for each in known.entries}) == (2, {kept.code(Erased.MEMBER, DIEGO)})


async def test_what_no_backup_can_be_older_than_is_dropped(log: ErasureLog, clock: ManualClock) -> None:
    await erased(log, DIEGO)
    clock.advance(BACKUPS_LAST + HOUR)
    await erased(log, AMIRA)
    log.prepare()
    known = log.read()
    assert known is not None
    assert [(entry.number, entry.step) for entry in known.entries] == [(3, Step.BEGUN), (4, Step.DONE)]
    assert known.problems == ()
    assert [path.name for path in log.path.parent.iterdir()] == ["erasures.log"]
    clock.advance(BACKUPS_LAST + HOUR)
    log.prepare()
    assert log.read().anchor.last == 4  # type: ignore[union-attr]


def test_another_file_in_its_place_is_refused_and_stays_as_it_is(log: ErasureLog) -> None:
    log.path.write_bytes(b"a letter, and half a line")
    with pytest.raises(StartError, match="another file"):
        log.prepare()
    assert log.path.read_bytes() == b"a letter, and half a line"


@pytest.mark.parametrize("place", ["missing/erasures.log", "."])
def test_a_place_that_can_not_be_written_is_refused(tmp_path: Path, place: str) -> None:
    with pytest.raises(StartError, match="can't be written"):
        ErasureLog(tmp_path / place, Cipher([OLD])).prepare()


def test_two_processes_write_one_after_the_other(log: ErasureLog) -> None:
    """The lock is the file's own: another opening of it is as another process."""
    children = []
    for _ in range(3):
        child = os.fork()
        if child == 0:
            for _ in range(20):
                log._append(Step.BEGUN, Erased.MEMBER, log.code(Erased.MEMBER, AMIRA))
            os._exit(0)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]
    known = log.read()
    assert known is not None
    assert [entry.number for entry in known.entries] == list(range(1, 61))
    assert known.problems == ()
