"""Secrets and paths from the environment; read once, by the command line, never at import."""

from ipaddress import ip_address
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.domain.shards import MOST_SHARDS, Shards, read_shards
from bot.errors import StartError

NO_BUDGET = "Several processes send, each at the whole pace, and Discord's limit is one for all of them: it will refuse requests."
BUDGET_MENDS = "Set MATCHDAY_BUDGET_URL to what all of them reach, such as the database, and MATCHDAY_BUDGET_PROCESSES to their number."


class Settings(BaseSettings):
    """Hold what differs between installations; every field is a variable with the prefix ``MATCHDAY_`` unless it says otherwise."""

    model_config = SettingsConfigDict(env_prefix="MATCHDAY_", env_file=".env", extra="ignore", populate_by_name=True)

    token: SecretStr | None = Field(default=None, alias="DISCORD_TOKEN")
    """The bot's token; without one the sandbox is started."""
    data_dir: Path = Path("var")
    """Where the database and the key file lie."""
    database_url: str | None = Field(default=None, repr=False)
    """Another database than the SQLite file in the data folder (``postgresql+asyncpg://…``)."""
    key_file: Path | None = None
    """The key of the personal texts; by default ``matchday.key`` beside the data folder's database."""
    erasure_log: Path | None = None
    """Who was erased, as codes, so that a backup that is put back does not bring them back; by default in the data folder."""
    backup_dir: Path | None = None
    """Where ``matchday backup`` writes where it is told nothing else; apart from the key file."""
    sandbox_url: str | None = None
    """A sandbox that already runs; set by ``matchday run`` itself."""
    sandbox_port: int = Field(default=8340, ge=0, le=65535)
    """Where the sandbox's page listens."""
    clock_url: str | None = None
    """Who owns the time; only beside a sandbox."""
    public_url: str | None = None
    """The https address under which the world reaches the calendar feeds; without one no feeds are offered."""
    web_host: str = "127.0.0.1"
    """Where the feeds are served, behind whatever brings the https."""
    web_port: int = Field(default=8341, ge=0, le=65535)
    metrics_port: int | None = Field(default=None, ge=0, le=65535)
    """Where Prometheus reads the metrics; without it nothing is counted."""
    metrics_host: str = "127.0.0.1"
    sends_per_second: float = Field(default=45.0, gt=0, le=100_000)
    """The pace of all bulk sending; Discord's limit is 50 requests a second."""
    sends_in_flight: int = Field(default=8, ge=1, le=200)
    budget_url: str | None = Field(default=None, repr=False)
    """Where several processes of one token share the pace (``redis://…`` or ``postgresql+asyncpg://…``); without one each has its own."""
    budget_processes: int = Field(default=2, ge=1, le=1000)
    """How many they are: while the shared budget is away each sends its part."""
    rest_proxy_url: str | None = None
    """A proxy in front of Discord's REST API that keeps its limits for all processes (nirn-proxy, twilight's http-proxy)."""
    openings_a_minute: int = Field(default=30, ge=1, le=100_000)
    """How many conversations are opened in a minute; they are opened when members agree, so that few are left for a burst."""
    lease_seconds: float = Field(default=120.0, gt=0)
    """How long a process may hold what it claimed."""
    partition_lease_seconds: float = Field(default=30.0, gt=0)
    """How long a second process waits before it takes over."""
    shard_count: int | None = Field(default=None, ge=1, le=MOST_SHARDS)
    """How many shards the bot has in all; without it there is one."""
    shards: str | None = None
    """Which of them this process connects, such as ``0-3``; all of them, if left out."""
    command_sync: bool = True
    """Whether to tell Discord about changed commands at start."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    sentry_dsn: SecretStr | None = None
    """The Sentry project that failures are reported to, without their words; without one nothing is reported."""
    log_format: Literal["json", "text"] | None = None
    """How the log is written; unset, as text at a terminal and as JSON elsewhere."""

    @model_validator(mode="after")
    def _empty_token_is_none(self) -> Self:
        if self.token is not None and not self.token.get_secret_value().strip():
            self.token = None
        return self

    @field_validator("metrics_port", "sentry_dsn", "shard_count", "shards", "budget_url", "rest_proxy_url", mode="before")
    @classmethod
    def _empty_is_none(cls, given: object) -> object:
        text = given.strip() if isinstance(given, str) else given
        return None if text == "" else text

    @field_validator("shards")
    @classmethod
    def _shards_are_a_range(cls, text: str | None, others: ValidationInfo) -> str | None:
        if text is None or "shard_count" not in others.data:  # a count that makes no sense is told itself
            return text
        count: int | None = others.data["shard_count"]
        if count is None:
            msg = "MATCHDAY_SHARD_COUNT has to say of how many"
            raise ValueError(msg)
        return read_shards(text, count).name

    @field_validator("public_url")
    @classmethod
    def _public_url_is_an_address(cls, url: str | None) -> str | None:
        if url is None or not url.strip():
            return None
        parts = urlsplit(url.strip().rstrip("/"))
        on_loopback = parts.hostname in ("127.0.0.1", "localhost", "::1")
        if parts.scheme != "https" and not (parts.scheme == "http" and on_loopback):
            msg = "MATCHDAY_PUBLIC_URL has to begin with https://: the address of a feed is a secret"
            raise ValueError(msg)
        if not parts.hostname or parts.query or parts.fragment:
            msg = "MATCHDAY_PUBLIC_URL is an address such as https://matchday.example.org, without ? and #"
            raise ValueError(msg)
        return parts.geturl()

    @field_validator("rest_proxy_url")
    @classmethod
    def _proxy_is_at_home(cls, url: str | None) -> str | None:
        return None if url is None else proxy_address(url)

    @property
    def database(self) -> str:
        """Return the database's URL."""
        return self.database_url or f"sqlite+aiosqlite:///{(self.data_dir / 'matchday.sqlite3').resolve()}"

    @property
    def keys(self) -> Path:
        """Return the path of the key file."""
        return self.key_file or self.data_dir / "matchday.key"

    @property
    def shard_range(self) -> Shards | None:
        """Return the shards that this process connects; None where nothing was said, so that there is one shard and one process."""
        if self.shard_count is None:
            return None
        return read_shards(self.shards or f"0-{self.shard_count - 1}", self.shard_count)

    @property
    def share(self) -> Shards | None:
        """Return this process's shards where others connect the rest of them beside it; None where it is the only one."""
        shards = self.shard_range
        return None if shards is None or shards.is_all else shards

    def alone(self) -> Self:
        """Return the same for who works on the database beside the bot, and connects no shard."""
        return self.model_copy(update={"shard_count": None, "shards": None})

    @property
    def exceeds_together(self) -> bool:
        """Tell whether several processes would each send at the whole pace: Discord's limit is one for all of them."""
        return self.share is not None and self.budget_url is None and self.rest_proxy_url is None

    def refuse_a_shared_file(self) -> None:
        """Raise StartError where several processes were to serve a SQLite file: it has one writer, and nobody is told of a change."""
        if self.share is not None and self.database.startswith("sqlite"):
            raise StartError(
                f"MATCHDAY_SHARDS={self.share.name} leaves shards to other processes, and the database is a SQLite file, which serves one.",
                f"Set MATCHDAY_DATABASE_URL to PostgreSQL, or unset MATCHDAY_SHARDS: then this process connects all {self.share.count}.",
            )

    @property
    def erasures(self) -> Path:
        """Return the path of the erasure log."""
        return self.erasure_log or self.data_dir / "erasures.log"

    def refuse_two_worlds(self) -> None:
        """Raise StartError where a real token meets a sandbox: test traffic must never reach people."""
        if self.token is not None and (self.sandbox_url or self.clock_url):
            raise StartError(
                "A Discord token and a sandbox are both set.",
                "Unset DISCORD_TOKEN to try the sandbox, or unset MATCHDAY_SANDBOX_URL and MATCHDAY_CLOCK_URL to connect to Discord.",
            )
        if self.clock_url and not self.sandbox_url:
            raise StartError(
                "A clock is set without a sandbox.",
                "Unset MATCHDAY_CLOCK_URL; only the sandbox may move the time.",
            )


def proxy_address(url: str) -> str:
    """Return the address of a REST proxy without what follows its port; raise ValueError for one to which the token must not go.

    Every request carries the token: over http it may travel inside a machine or a private network only.
    """
    parts = urlsplit(url)
    try:
        host, is_valid = parts.hostname or "", parts.port != 0
    except ValueError:
        host, is_valid = "", False
    path = parts.path.rstrip("/")
    if not host or not is_valid or parts.scheme not in ("http", "https") or parts.query or parts.fragment or path or parts.username:
        msg = "MATCHDAY_REST_PROXY_URL is an address such as http://127.0.0.1:8080, without a path: /api/v10 is added"
        raise ValueError(msg)
    if parts.scheme == "http" and not _is_private(host):
        msg = "MATCHDAY_REST_PROXY_URL begins with http:// and leads into the open network, where the token could be read; use https://"
        raise ValueError(msg)
    return f"{parts.scheme}://{parts.netloc}"


def _is_private(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        # A name without a dot, as containers have it, or one of a zone that no public name server serves.
        return "." not in host or host.endswith((".internal", ".local", ".localhost", ".home.arpa"))
    return address.is_private and not address.is_unspecified
