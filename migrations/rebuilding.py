"""Replace a CHECK of a table that holds rows, which SQLite can do only by making the table anew."""

import re

import sqlalchemy as sa
from alembic import op


def replace_check(table: str, name: str, condition: str) -> None:
    """Put ``condition`` in the place of the named CHECK; rows, keys and indexes stay.

    On SQLite this follows its own procedure (https://www.sqlite.org/lang_altertable.html, section 7), foreign keys being off.

    Raises:
        LookupError: The table has no such CHECK.
    """
    if op.get_bind().dialect.name == "sqlite":
        _make_anew(table, name, condition)
    else:
        op.drop_constraint(name, table, type_="check")
        op.create_check_constraint(name, table, condition)


def _make_anew(table: str, name: str, condition: str) -> None:
    bind = op.get_bind()
    rows = bind.execute(sa.text("SELECT type, sql FROM sqlite_master WHERE tbl_name = :name AND sql IS NOT NULL"), {"name": table})
    parts = [(str(kind), str(sql)) for kind, sql in rows]
    (made,) = [sql for kind, sql in parts if kind == "table"]
    beside = f"{table}_anew"
    made = re.sub(rf'\ACREATE TABLE "?{table}"?', f"CREATE TABLE {beside}", made)
    changed = _with_check(made, name, condition)
    op.execute(sa.text(changed.replace(":", "\\:")))
    op.execute(sa.text(f"INSERT INTO {beside} SELECT * FROM {table}"))  # noqa: S608 - names of tables, from version files
    op.drop_table(table)
    op.rename_table(beside, table)
    for kind, sql in parts:
        if kind == "index":
            op.execute(sa.text(sql.replace(":", "\\:")))


def _with_check(made: str, name: str, condition: str) -> str:
    """Return the statement with another condition between the brackets of the named CHECK."""
    found = re.search(rf'CONSTRAINT "?{name}"? CHECK \(', made)
    if found is None:
        msg = f"the table has no CHECK {name}"
        raise LookupError(msg)
    depth, end = 1, found.end()
    while depth:
        depth += {"(": 1, ")": -1}.get(made[end], 0)
        end += 1
    return made[: found.end()] + condition + made[end - 1 :]
