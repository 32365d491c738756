"""How long a file of 1,000 programs takes: read, checked row by row, encrypted and stored; and the same file once more."""

import time
from pathlib import Path

from cryptography.fernet import Fernet

from bench.databases import Kind, database_in
from bot.catalogue.catalogue import load_catalogue
from bot.clock import SystemClock
from bot.domain.program_columns import COLUMNS
from bot.domain.program_csv import MAX_ROWS, TEMPLATE_ROW, write_rows
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.encryption import Cipher
from bot.storage.migrate import upgrade
from bot.wiring import build

MEMBER = 1


def a_file() -> bytes:
    """Return a file with every usual cell filled."""
    filled = TEMPLATE_ROW | {"notes": "n" * 200, "curriculum": "c" * 300}
    rows = ([f"Program {number}" if each.key == "name" else filled.get(each.key, "") for each in COLUMNS] for number in range(MAX_ROWS))
    return write_rows([each.title for each in COLUMNS], rows)


async def measure_import(folder: Path, kind: Kind) -> tuple[float, float]:
    """Return the seconds for a new file, and for the same file again."""
    async with database_in(kind, folder) as url:
        return await _measured(folder, url)


async def _measured(folder: Path, url: str) -> tuple[float, float]:
    settings = Settings(data_dir=folder, database_url=url, _env_file=None)
    await upgrade(url)
    database = Database.open(url)
    try:
        cipher = Cipher([Fernet.generate_key().decode()])
        programs = build(settings, database, cipher, SystemClock(), load_catalogue()).services.programs
        content, took = a_file(), []
        for _ in range(2):
            begun = time.perf_counter()
            await programs.import_file(MEMBER, content, is_updating=True)
            took.append(time.perf_counter() - begun)
    finally:
        await database.close()
    return took[0], took[1]
