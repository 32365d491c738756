"""The sealed file: it comes back as it was written, or not at all."""

import io
import json
import secrets

import pytest

from bot.storage.sealed import KEY_ID, MAGIC, PIECE, SALT, TAG, DamagedError, NotOursError, SealedWriter, WrongKeyError, read_sealed

KEY, OTHER = secrets.token_bytes(32), secrets.token_bytes(32)
HEAD = len(MAGIC) + KEY_ID + SALT
LINES = [{"row": [number, secrets.token_hex(2_000), "é\u202e\ud83d"]} for number in range(150)]


def sealed(lines: list[dict[str, object]], key: bytes = KEY) -> bytes:
    file = io.BytesIO()
    out = SealedWriter(file, key)
    for line in lines:
        out.write(line)
    out.close()
    return file.getvalue()


def read(content: bytes, *keys: bytes) -> list[dict[str, object]]:
    return list(read_sealed(io.BytesIO(content), keys or (KEY,)))


@pytest.fixture(scope="module")
def content() -> bytes:
    return sealed(LINES)


def pieces_of(content: bytes) -> list[bytes]:
    return [content[at : at + PIECE + TAG] for at in range(HEAD, len(content), PIECE + TAG)]


def test_it_comes_back_as_it_was_written(content: bytes) -> None:
    assert read(content) == LINES
    assert read(content, OTHER, KEY) == LINES  # keys rotate
    assert len(pieces_of(content)) >= 3
    assert read(sealed([])) == []
    assert read(sealed([{"row": [0]}])) == [{"row": [0]}]


def test_what_is_written_fills_pieces_to_the_brim() -> None:
    """The last piece is told from the others also where nothing is left for it but one full piece."""
    for size in range(PIECE * 2 - 40, PIECE * 2 + 40, 13):
        lines = [{"row": [secrets.token_urlsafe(size)]}]
        assert read(sealed(lines)) == lines


def test_nothing_of_it_is_readable_and_no_two_are_alike(content: bytes) -> None:
    assert content != sealed(LINES)
    assert json.dumps(LINES[0])[:30].encode() not in content
    assert len(sealed([{"row": "jasmine"}] * 50_000)) < 5_000


@pytest.mark.parametrize("where", [len(MAGIC), len(MAGIC) + KEY_ID, HEAD, HEAD + PIECE // 2, HEAD + PIECE + TAG - 1, -TAG - 1, -1])
@pytest.mark.parametrize("bit", [1, 128])
def test_one_bit_that_changed_is_found(content: bytes, where: int, bit: int) -> None:
    changed = bytearray(content)
    changed[where] ^= bit
    with pytest.raises((DamagedError, WrongKeyError)):
        read(bytes(changed))


@pytest.mark.parametrize("kept", [HEAD - 1, HEAD, HEAD + 5, HEAD + PIECE, HEAD + PIECE + TAG, HEAD + 2 * (PIECE + TAG), -1])
def test_a_file_that_was_cut_is_found_also_between_two_pieces(content: bytes, kept: int) -> None:
    with pytest.raises(DamagedError):
        read(content[:kept])


def test_pieces_in_another_order_twice_left_out_or_of_another_file_are_found(content: bytes) -> None:
    first, second, *rest = pieces_of(content)
    other = pieces_of(sealed(LINES))
    for changed in ([second, first, *rest], [first, first, second, *rest], [second, *rest], [other[0], second, *rest], [first, *other[1:]]):
        with pytest.raises(DamagedError):
            read(content[:HEAD] + b"".join(changed))


def test_what_was_added_at_its_end_is_found(content: bytes) -> None:
    for more in (b"\n", pieces_of(content)[-1]):
        with pytest.raises(DamagedError):
            read(content + more)


def test_another_key_and_another_file_are_told_apart(content: bytes) -> None:
    with pytest.raises(WrongKeyError):
        read(content, OTHER)
    for other in (b"", b"SQLite format 3\x00", MAGIC[:-1], b"\x00" * 9_999):
        with pytest.raises(NotOursError):
            read(other)
