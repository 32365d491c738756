"""How a scheduled event stands, and what keeps it from being in step, in the words that its cards and ``/server check`` use."""

from datetime import timedelta

import discord

from bot.domain.server_events import EventState, Face, ServerEvent, Trouble
from bot.services.bundle import Services
from cogs._ui.cards import plain
from cogs._ui.times import stamp

ONE_DAY = timedelta(days=1)
HOW_TO_ALLOW = (
    "I may not make scheduled events here: Server Settings, Roles, Matchday, Permissions, allow Create Events. "
    "What I made before I can change and take down with it too."
)
TROUBLE_WORDS = {
    Trouble.PERMISSION: "Discord refused it: a permission is missing. Allow Create Events (Server Settings, Roles, Matchday), for one in a "
    "voice channel also View Channel and Connect there; then press Try again.",
    Trouble.FULL: "Discord refused it: this server has 100 scheduled events, as many as Discord allows. Delete some, then press Try again.",
    Trouble.PLACE: "Discord refused it: its voice channel is gone or can't be reached. Change it, or allow View Channel and Connect there.",
    Trouble.REFUSED: "Discord refused it. Try again later; where it goes on, whoever runs this bot finds the reason in its log.",
}


def may_create(guild: discord.Guild) -> bool:
    """Tell whether the bot may make scheduled events in a server."""
    held = guild.me.guild_permissions
    return held.create_events or held.manage_events


def event_problems(guild: discord.Guild, services: Services, events: list[ServerEvent]) -> list[str]:
    """Return what keeps the events of a server from being in step, in Discord's own words; nothing where it has none."""
    allowed = may_create(guild)
    problems = [HOW_TO_ALLOW] if events and not allowed else []
    for event in events:
        name = name_of(services, event)
        if event.state is EventState.GONE:
            problems.append(f"Somebody deleted the scheduled event {name} in Discord. /server events makes it again, or forgets it.")
        elif event.trouble is not None and (allowed or event.trouble is not Trouble.PERMISSION):
            problems.append(f"The scheduled event {name}: {TROUBLE_WORDS[event.trouble]}")
    return problems


def name_of(services: Services, event: ServerEvent) -> str:
    """Return the name of an event as a card shows it."""
    if event.words is not None:
        return plain(event.words.title)
    face = services.server_events.face(event)
    date = services.season.event(event.event_id or "")
    return face.name if face else f"{date.name}, {date.year} Match" if date else "A date that is not held any more"


def state_words(services: Services, event: ServerEvent) -> str:
    """Return how an event stands."""
    face = services.server_events.face(event)
    if event.state is EventState.GONE:
        return "Somebody deleted it in Discord. It is not made again unless you say so."
    if event.state is EventState.ENDING:
        return f"It is being taken down. {TROUBLE_WORDS[event.trouble] if event.trouble else 'Discord has not answered yet.'}"
    if event.trouble is not None:
        return TROUBLE_WORDS[event.trouble]
    if face is None:
        return "Its date is not known any more, so it stands in Discord no more. It comes back when the date is known."
    if event.state is EventState.PLANNED:
        return "Discord has not answered yet; it is tried again by itself."
    link = f"[in Discord](https://discord.com/events/{event.guild_id}/{event.discord_id})"
    return f"Stands {link}." if event.shown == face.fingerprint else f"Stands {link}, and is being changed."


def face_times(face: Face) -> str:
    """Return from when to when an event lasts, on each reader's clock."""
    return f"{stamp(face.starts, 'F')} to {stamp(face.ends, 't' if face.ends - face.starts < ONE_DAY else 'F')}"


def quoted(face: Face) -> str:
    """Return the description of an event without its mark, as a quotation."""
    return "\n".join(f"> {plain(line)}" if line else ">" for line in face.description.rpartition("\n\n")[0].splitlines())
