"""Keys that rotate between an erasure, a backup and its restore: who was erased stays erased, and nothing old is in the way."""

import pytest

from bot.services import key_rotation
from bot.storage.encryption import Cipher
from bot.storage.erasure_log import Erased, ErasureLog
from bot.storage.key_file import retired_files
from tests.operations.conftest import Installation
from tests.support.databases import AMIRA, DIEGO


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_rotation.KeyRotation.__init__, "__defaults__", (0.0,))


def test_a_backup_made_after_the_keys_rotated_is_put_back_and_erases_again_whom_it_must(installed: Installation) -> None:
    assert installed.call("erase-user", str(DIEGO)).code == 0
    assert installed.call("keys", "rotate").code == 0
    backup = installed.back_up()
    assert installed.call("erase-user", str(AMIRA)).code == 0
    said = installed.call("restore", backup, "--replace")
    assert said.code == 0, said
    assert installed.stored() == set()


def test_keys_do_not_rotate_while_somebody_is_half_erased(installed: Installation) -> None:
    log = ErasureLog(installed.settings.erasures, Cipher.from_key_file(installed.settings.keys))
    before = installed.settings.keys.read_bytes()

    async def begin(_house: object) -> None:
        await log.begin(Erased.MEMBER, AMIRA)

    installed.inside(begin)
    said = installed.call("keys", "rotate")
    assert (said.code, "Start the bot, which finishes it first" in said.error) == (2, True)
    assert installed.settings.keys.read_bytes() == before


def test_a_backup_from_before_the_keys_rotated_is_put_back_with_the_retired_key(installed: Installation) -> None:
    backup = installed.back_up()
    assert installed.call("keys", "rotate").code == 0
    said = installed.call("restore", backup, "--replace")
    assert (said.code, "append the line of the retired key file" in said.error) == (2, True)
    keys = installed.settings.keys
    (retired,) = retired_files(keys)
    keys.write_text(keys.read_text("ascii") + retired.read_text("ascii"), "ascii")
    assert installed.call("restore", backup, "--replace").code == 0
    assert installed.stored() == {AMIRA, DIEGO}
