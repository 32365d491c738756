"""What a moderator writes of a notice: what can be taken, and what is said where it can't."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import SplitResult, urlsplit

from bot.domain.broadcast import MAX_TEXT, MAX_TITLE
from bot.domain.letter_texts import shows_something
from bot.errors import UserFacingError

MAX_ADDRESS = 200
MOST_CHANNELS = 5
MOST_ROLES = 3
LONGEST_AHEAD = timedelta(days=366)
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")

BAD_ADDRESS = UserFacingError("An address begins with https:// and holds 200 characters at most.", "Copy it from your browser again.")


@dataclass(frozen=True, slots=True)
class Written:
    """What a moderator wrote, and to whom."""

    title: str
    text: str
    channels: tuple[int, ...]
    send_at: datetime | None = None
    is_to_members: bool = False
    roles: tuple[int, ...] = ()
    link: str = ""
    picture: str = ""
    pack_key: str = ""
    dates: str = ""


def checked(written: Written, now: datetime) -> Written:
    """Return what was written, tidied; raise UserFacingError where it can't be sent."""
    title, text = written.title.strip(), written.text.strip()
    if not shows_something(title) or not shows_something(text):
        raise UserFacingError("A notice has a title and a text.", "Write both with /broadcast new.")
    if len(title) > MAX_TITLE or len(text) > MAX_TEXT:
        raise UserFacingError(
            f"That notice is too long: a title holds {MAX_TITLE} characters, a text {MAX_TEXT:,}.",
            f"Yours have {len(title)} and {len(text):,}. Shorten it, or send it as two.",
        )
    if not written.channels and not written.is_to_members:
        raise UserFacingError("That notice goes to nobody.", "Choose a channel, or the members who want this server's notices.")
    if len(written.channels) > MOST_CHANNELS or len(written.roles) > MOST_ROLES:
        raise UserFacingError(f"A notice goes to {MOST_CHANNELS} channels and mentions {MOST_ROLES} roles at most.", "Choose fewer.")
    for address in filter(None, (written.link, written.picture)):
        parts = _split(address)
        if parts.scheme != "https" or not parts.hostname or len(address) > MAX_ADDRESS or any(mark in address for mark in " <>"):
            raise BAD_ADDRESS
    if written.send_at is not None and not now < written.send_at <= now + LONGEST_AHEAD:
        raise UserFacingError("A notice is sent within the next year.", "Choose a time that lies ahead, or none for at once.")
    return replace(written, title=title, text=text)


def split_addresses(text: str) -> tuple[str, str]:
    """Return the link and the picture in text that holds an address of each at most; raise UserFacingError for anything else."""
    link = picture = ""
    for address in text.split():
        if _split(address).path.casefold().endswith(PICTURES) and not picture:
            picture = address
        elif not link:
            link = address
        else:
            raise UserFacingError("A notice has one link and one picture at most.", "Put further addresses into the text.")
    return link, picture


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:  # brackets that hold no address
        raise BAD_ADDRESS from None
