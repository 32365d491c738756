"""The server that every sandbox starts with; fixed ids, so that a bot's database still fits after a restart."""

from datetime import UTC, datetime

from bot.sandbox import permissions as perms
from bot.sandbox.permissions import Overwrite, Permission
from bot.sandbox.state import Channel, ChannelType, Guild, Member, Role, User
from bot.sandbox.world import World

FIRST = 1_100_000_000_000_000_000
GUILD = FIRST + 1
MODERATOR = FIRST + 11
ADVISOR = FIRST + 12
MATCH = FIRST + 13
BOT_ROLE = FIRST + 14
GENERAL = FIRST + 21
MATCH_WEEK = FIRST + 22
ANNOUNCEMENTS = FIRST + 23
ADVISORS = FIRST + 24
BOT_ROOM = FIRST + 25
PRACTICE_ROOM = FIRST + 26
AMIRA = FIRST + 31
DIEGO = FIRST + 32
HELEN = FIRST + 33
PRIYA = FIRST + 34

_JOINED = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
_SEEING = int(Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES)
_MODERATING = int(Permission.MANAGE_MESSAGES | Permission.MENTION_EVERYONE | Permission.KICK_MEMBERS | Permission.MANAGE_EVENTS)
_PEOPLE = (
    (AMIRA, "amira", "Amira Haddad", "member", "Africa/Cairo", (MATCH,)),
    (DIEGO, "diego", "Diego Rojas", "second member", "America/Bogota", (MATCH,)),
    (HELEN, "helen", "Dr. Helen Osei", "advisor", "America/Toronto", (ADVISOR,)),
    (PRIYA, "priya", "Priya Nair", "moderator", "Asia/Kolkata", (MODERATOR,)),
)


def seed(world: World) -> Guild:
    """Fill an empty world with the server Residency Circle and its people."""
    guild = Guild(GUILD, "Residency Circle", owner_id=PRIYA)
    world.guilds[guild.id] = guild
    _seed_roles(guild)
    for user_id, username, name, kind, zone, roles in _PEOPLE:
        world.users[user_id] = User(user_id, username, name, kind=kind, zone=zone)
        guild.members[user_id] = Member(user_id, _JOINED, list(roles))
    guild.members[world.bot.id] = Member(world.bot.id, _JOINED, [BOT_ROLE])
    _seed_channels(world, guild)
    return guild


def _seed_roles(guild: Guild) -> None:
    everyone = Role(guild.id, "@everyone", perms.EVERYONE, 0)
    managed = Role(BOT_ROLE, "Matchday", perms.TEXT | int(Permission.CREATE_EVENTS), 4, managed=True)
    moderator = Role(MODERATOR, "Moderator", _MODERATING, 3, color=0x2E7D6B)
    advisor = Role(ADVISOR, "Advisor", 0, 2, color=0x3B6EA8)
    match = Role(MATCH, "Match 2027", 0, 1, color=0x8A5A9E, mentionable=True)
    for role in (everyone, match, advisor, moderator, managed):
        guild.roles[role.id] = role


def _seed_channels(world: World, guild: Guild) -> None:
    hidden = Overwrite(guild.id, 0, deny=int(Permission.VIEW_CHANNEL))
    quiet = Overwrite(guild.id, 0, deny=int(Permission.SEND_MESSAGES))
    advising = Overwrite(ADVISOR, 0, allow=_SEEING)
    speaking = (Overwrite(MODERATOR, 0, allow=_SEEING), Overwrite(BOT_ROLE, 0, allow=_SEEING))
    channels = (
        (Channel(GENERAL, ChannelType.TEXT, "general", topic="Everything around the Match"), ()),
        (Channel(MATCH_WEEK, ChannelType.TEXT, "match-week", topic="The week itself"), ()),
        (Channel(ANNOUNCEMENTS, ChannelType.ANNOUNCEMENT, "announcements", topic="From the moderators"), (quiet, *speaking)),
        (Channel(ADVISORS, ChannelType.TEXT, "advisors", topic="Advisors and moderators"), (hidden, advising, *speaking)),
        (Channel(BOT_ROOM, ChannelType.TEXT, "bot-room", topic="Try the commands here"), ()),
        (Channel(PRACTICE_ROOM, ChannelType.VOICE, "practice-room"), ()),
    )  # fmt: skip
    for channel, overwrites in channels:
        channel.overwrites = {each.target_id: each for each in overwrites}
        world.add_channel(guild, channel, tell=False)
