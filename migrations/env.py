"""Alembic's environment for the command line: ``alembic -x url=… revision``. The bot itself upgrades in ``bot.storage.migrate``."""

from alembic import context

if context.is_offline_mode():
    raise SystemExit("Matchday migrates on a connection: use `matchday migrate`.")
