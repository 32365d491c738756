"""Databases of both kinds."""

from tests.support.databases import (
    bare_url,
    database_url,
    postgres_server,
    postgres_template,
    postgres_url,
    sqlite_store,
    sqlite_template,
    sqlite_url,
    store,
    worker,
)

__all__ = [
    "bare_url",
    "database_url",
    "postgres_server",
    "postgres_template",
    "postgres_url",
    "sqlite_store",
    "sqlite_template",
    "sqlite_url",
    "store",
    "worker",
]
