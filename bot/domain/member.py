"""What the bot knows of a member: only what she told it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.preferences import Preferences


class Country(StrEnum):
    """Where a member applies."""

    UNITED_STATES = "us"
    CANADA = "ca"


class DirectMessages(StrEnum):
    """Whether direct messages may be sent to a member, and whether they arrive."""

    OFF = "off"
    """She never agreed, or took it back."""
    ON = "on"
    """She agreed, and a message arrived."""
    CLOSED = "closed"
    """She agreed, but Discord refused: messages wait in her inbox."""


@dataclass(frozen=True, slots=True)
class Member:
    """Hold one member's settings; ``id`` is her Discord user id."""

    id: int
    created_at: datetime
    zone: str | None = None
    """IANA name; None until she chose one."""
    countries: frozenset[Country] = frozenset()
    target_year: int | None = None
    """The year of the Match she aims at."""
    direct_messages: DirectMessages = DirectMessages.OFF
    consented_at: datetime | None = None
    """When she agreed to direct messages, last."""
    consent_version: int | None = None
    """The version of the sentence that she agreed to."""
    dm_channel_id: int | None = None
    """Her direct-message channel with the bot, once opened."""
    preferences: Preferences = field(default_factory=Preferences)
    """What she wants of the messages to her."""
