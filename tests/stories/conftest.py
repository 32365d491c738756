"""A real PostgreSQL for those stories in which several processes serve one database."""

from tests.support.databases import postgres_server, postgres_template, postgres_url, worker

__all__ = ["postgres_server", "postgres_template", "postgres_url", "worker"]
