"""Who is there: servers and members in the sandbox, and what the bot has stored of them before the day begins."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bench.databases import all_at_once
from bench.rig import Sandbox
from bench.soak.plan import AN_HOUR, DEADLINE, DEADLINE_EVENT, MATCH, MATCH_EVENT, MORNING, NOTICE, OWN, Expected, Size
from bot.catalogue.catalogue import load_catalogue
from bot.domain.member import Country, DirectMessages, Member
from bot.domain.reminder import Reminder, ReminderKind, ReminderState
from bot.services.written_notices import Written
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.encryption import Cipher, check_key
from bot.storage.identifiers import new_id
from bot.storage.members import MemberRepository
from bot.storage.migrate import upgrade
from bot.storage.reminders import ReminderRepository
from bot.wiring import build
from tests.support.clocks import ManualClock

ZONES = ("Africa/Cairo", "Asia/Kolkata", "America/New_York", "America/Bogota", "Europe/London", "Asia/Karachi")
TITLE = "Match Day: what to do at noon"
TEXT = "The letters come at noon in New York. Open the site of the Match yourself, and write here whatever you like."
SEEN = {DEADLINE_EVENT: "Rank order list deadline", MATCH_EVENT: "Match Day"}
A_LEAD = {DEADLINE_EVENT: AN_HOUR, MATCH_EVENT: timedelta(0)}
CLOSED_SHARE = 100
"""One member in so many takes no direct messages."""


class People:
    """Hold the sandbox's people and servers."""

    def __init__(self) -> None:
        self.members: list[int] = []
        """Of the large server."""
        self.channels: dict[int, int] = {}
        """A channel that everybody sees, by server; the large server first."""
        self.elsewhere: list[tuple[int, int]] = []
        """Members of the other servers, each with a channel."""
        self.messages: dict[int, int] = {}
        """The channel of each member's direct messages."""
        self.closed: set[int] = set()

    async def join(self, beside: Sandbox, size: Size) -> None:
        """Make the servers, and let everybody join."""
        first = (await beside.call("GET", "/people/amira/view"))["guilds"][0]
        self.channels[int(first["id"])] = int(beside.channel)
        self.members = [int(each) for each in await beside.add_people(size.members)]
        for number in range(size.servers - 1):
            made = await beside.call("POST", "/control/guilds", {"name": f"Circle {number + 2}"})
            guild_id, channel_id = int(made["id"]), int(made["channels"][0]["id"])
            self.channels[guild_id] = channel_id
            joined = await beside.call("POST", "/control/people", {"count": size.others, "guild_id": guild_id})
            self.elsewhere += [(int(each), channel_id) for each in joined["ids"]]
        for person in [*self.members, *(each for each, _ in self.elsewhere)]:
            self.messages[person] = int((await beside.call("POST", f"/people/{person}/dm"))["channel_id"])
        self.closed = set(self.members[::CLOSED_SHARE])
        for person in self.closed:
            await beside.call("PATCH", f"/control/people/{person}", {"dms_open": False})


async def store(url: str, data: Path, people: People, size: Size, own: Sequence[datetime]) -> list[Expected]:
    """Store everybody with what she asked to be reminded of; return every message that is to come."""
    await upgrade(url)
    database = Database.open(url)
    cipher = Cipher.from_key_file(data / "matchday.key", create=True)
    await check_key(database, cipher)
    expected: list[Expected] = []
    async with all_at_once(database) as together:
        members = MemberRepository(together, cipher)
        for number, (person, channel) in enumerate(people.messages.items()):
            agreed = {"direct_messages": DirectMessages.ON, "consented_at": MORNING, "consent_version": 1, "dm_channel_id": channel}
            zone, countries = ZONES[number % len(ZONES)], frozenset({Country.UNITED_STATES})
            await members.save(Member(person, MORNING, zone, countries, 2027, **agreed))
        reminders = ReminderRepository(together, cipher)
        for reminder, wave in _reminders(people, size, own):
            await reminders.add(reminder)
            mark = SEEN[reminder.event_id] if reminder.event_id else reminder.text
            expected.append(Expected(people.messages[reminder.member_id], mark, reminder.due_at, wave))
    expected += await _plan_notices(database, cipher, data, url, people)
    await database.close()
    return expected


def when(event_id: str) -> datetime:
    """Return when a date of the season is."""
    event = load_catalogue().event(event_id)
    assert event is not None
    assert event.at is not None
    return event.at.instant()


def _reminders(people: People, size: Size, own: Sequence[datetime]) -> Iterable[tuple[Reminder, str]]:
    asked = people.members[: size.wave]
    for event_id, wave in ((DEADLINE_EVENT, DEADLINE), (MATCH_EVENT, MATCH)):
        at, lead = when(event_id), A_LEAD[event_id]
        for person in asked:
            kind, state = ReminderKind.SEASON_DATE, ReminderState.ACTIVE
            yield Reminder(new_id(), person, kind, state, at - lead, MORNING, event_id=event_id, event_at=at, lead=lead), wave
    each = max(1, size.members // 4 // max(1, len(own)))
    takers = [person for person in people.members if person not in people.closed]
    for number, due in enumerate(own):
        for place in range(each):
            person = takers[(number * each + place) % len(takers)]
            yield (
                Reminder(
                    new_id(), person, ReminderKind.OWN, ReminderState.ACTIVE, due, MORNING, text=f"soak {number:04d}.", zone="Africa/Cairo"
                ),
                OWN,
            )


async def _plan_notices(database: Database, cipher: Cipher, data: Path, url: str, people: People) -> list[Expected]:
    """Let a moderator of every server plan a notice for noon of Match Day."""
    settings = Settings(data_dir=data, database_url=url, _env_file=None)
    broadcasts = build(settings, database, cipher, ManualClock(MORNING), load_catalogue()).services.broadcasts
    noon = when(MATCH_EVENT)
    for guild_id, channel_id in people.channels.items():
        draft = await broadcasts.draft(guild_id, people.members[0], Written(TITLE, TEXT, (channel_id,), send_at=noon))
        await broadcasts.confirm(draft.id, guild_id)
    return [Expected(channel_id, TITLE, noon, NOTICE) for channel_id in people.channels.values()]
