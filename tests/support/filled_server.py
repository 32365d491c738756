"""A server with its people, filled through and through: what its staff wrote holds one word, what its member wrote for herself another."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import discord

from bot.domain.exam_records import ExamKey
from bot.domain.facts import Certainty
from bot.domain.interview_texts import ApplicantKind
from bot.domain.journey import State
from bot.domain.letters import ApplicationService, LetterState, WriterCountry
from bot.domain.member import Country
from bot.domain.practice import MIXED
from bot.domain.preferences import MessageKind
from bot.domain.programs import ProgramStage
from bot.domain.rotations import Details, RotationKind
from bot.domain.server_events import EventWords
from bot.domain.servers import Deed, Feature
from bot.services.rotations import Entry
from bot.services.server_dates import Typed
from bot.services.written_notices import Written
from tests.cogs.conftest import World
from tests.support.eligibility_cards import ANSWERS
from tests.support.question_cards import Desk, answer, ask
from tests.support.slot_cards import offered

GROUPS = ("server", "broadcast", "advisor")


@dataclass(frozen=True, slots=True)
class Circle:
    """Hold a server, its channels and its people."""

    world: World
    guild: Any
    general: Any
    news: Any
    staff: Any
    manager: Any
    moderator: Any
    """By her role alone."""
    advisor: Any
    """By her role alone."""
    member: Any
    """Who has planned, asked and written."""
    other: Any
    """A member who has done nothing."""
    word: str
    """Stands in everything that is the server's, questions to its advisors among it."""
    own: str
    """Stands in everything that is the member's alone."""
    rows: tuple[str, ...] = ()
    """The ids of the server's rows."""
    own_rows: tuple[str, ...] = ()
    """The ids of the member's own rows."""
    named: dict[str, str] = field(default_factory=dict)
    """Some of these ids by what they are of."""

    @property
    def staff_people(self) -> dict[str, Any]:
        return {"manager": self.manager, "moderator": self.moderator, "advisor": self.advisor}

    @property
    def marks(self) -> tuple[str, ...]:
        """Return all that nobody outside of this server may see."""
        handles = (self.guild, self.news, self.staff, self.general, self.manager, self.moderator, self.advisor, self.member, self.other)
        return (self.word, self.own, *(str(each.id) for each in handles), *self.rows, *self.own_rows)

    @property
    def own_marks(self) -> tuple[str, ...]:
        """Return all that nobody but the member may see."""
        return (self.own, *self.own_rows)


def has_any(text: str, marks: Iterable[str]) -> list[str]:
    """Return which marks stand in a text, however they are written."""
    folded = text.casefold()
    return [mark for mark in marks if mark in folded]


async def a_circle(world: World, name: str, guild: Any = None) -> Circle:
    """Make a server with its people, and let each of them be shown every command."""
    word, own = f"{name}shared", f"{name}private"
    guild = guild or world.env.create_guild(f"Circle {word}")
    general, news, staff = (guild.create_text_channel(f"{word}-{each}") for each in ("general", "news", "staff"))
    managing = guild.create_role(f"{word}-managers", permissions=discord.Permissions(manage_guild=True))
    advising, watching = guild.create_role(f"{word}-advisors"), guild.create_role(f"{word}-watch")
    roles = {"manager": [managing], "moderator": [watching], "advisor": [advising], "member": [], "other": []}
    people = {each: guild.add_member(world.env.create_user(f"{name}{each}"), roles=held) for each, held in roles.items()}
    client: Any = world.env.bot
    for group in await client.tree.fetch_commands():
        if group.name in GROUPS:
            guild.set_command_permissions(group, {guild.default_role: True})
    changes = {
        "notice_channel_id": news.id,
        "advisor_channel_id": staff.id,
        "advisor_roles": frozenset({advising.id}),
        "moderator_roles": frozenset({watching.id}),
    }
    await world.services.servers.change(guild.id, people["manager"].id, **changes)
    return Circle(world, guild, general, news, staff, word=word, own=own, **people)


async def filled(circle: Circle) -> Circle:
    """Fill a server and what its member keeps for herself; return it with the ids of all of that."""
    world, services, member_id = circle.world, circle.world.services, circle.member.id
    await services.members.set_zone(member_id, "Africa/Cairo")
    await services.members.set_countries(member_id, frozenset({Country.UNITED_STATES, Country.CANADA}))
    settings = await circle.member.slash(circle.general, "remind settings")
    await circle.member.click(settings.response, label="Allow direct messages")
    await services.members.set_wanted(member_id, MessageKind.SERVER_NOTICES, wanted=True)
    await services.broadcasts.want(member_id, circle.guild.id, wanted=True)
    await services.servers.change(circle.guild.id, circle.manager.id, zone="America/New_York")
    await services.servers.switch(circle.guild.id, circle.manager.id, Feature.INTERVIEW_BOARD, is_on=True)
    own, shared = await _own_way(circle), await _offers(circle)
    own_rows = [*await _letters(circle), *own.values(), *await _reminders(circle)]
    rows = [*await _notices(circle), *shared.values(), *await _questions(circle)]
    await _dates(circle)
    deed = {"notice": f"{circle.word} deed", "id": circle.word}
    await services.servers.note(circle.guild.id, circle.manager.id, Deed.NOTICE_CONFIRMED, deed)
    await circle.manager.slash(circle.general, "server countdown")
    setup = await circle.manager.slash(circle.general, "server setup")
    await circle.manager.click(setup.response, label="Post Start here")
    await services.servers.alarm(circle.guild.id, circle.staff.id, f"{circle.word} problem")
    world.clock.advance(timedelta(minutes=10))
    for _ in range(3):
        await world.send_due()
    return replace(circle, rows=tuple(rows), own_rows=tuple(own_rows), named=own | shared)


async def _letters(circle: Circle) -> list[str]:
    services, member_id, own = circle.world.services, circle.member.id, circle.own
    letter = await services.letters.add(member_id, f"Dr. {own} Osei")
    await services.letters.change(member_id, letter.id, notes=f"{own} notes", specialty=f"{own} field")
    await services.letters.programs.add(member_id, letter.id, ApplicationService.ERAS, f"{own} program\n{own} second")
    for state in (LetterState.ASKED, LetterState.AGREED):
        await services.letters.move(member_id, letter.id, state)
    await services.letters.plans.set_specialties(member_id, ("internal-med",))
    member = await services.members.get(member_id)
    entry = Entry(RotationKind.ELECTIVE, f"{own} hospital", WriterCountry.UNITED_STATES, f"{own} ward", "2 Nov 2026 to 27 Nov 2026")
    rotation = await services.rotations.add(member, entry)
    await services.rotations.describe(member_id, rotation.id, Details((f"Dr. {own} Lee",), *(f"{own} {each}" for each in "abcd")))
    await services.eligibility.save(member_id, ANSWERS)
    return [letter.id, rotation.id]


async def _own_way(circle: Circle) -> dict[str, str]:
    """Let the member keep programs, a rank order list and a round of practice, and report an invitation."""
    services, member_id, own = circle.world.services, circle.member.id, circle.own
    program, _ = await services.programs.add(member_id, {"name": f"{own} hospital", "specialty": "Internal medicine", "region": "NY"})
    await services.programs.move(member_id, program.id, ProgramStage.INTERVIEWED)
    await services.rank_lists.add(member_id, [program.id])
    await services.rank_lists.add_criterion(member_id, f"{own} teaching")
    interview = await services.interviews.add(await services.members.get(member_id), program.id, "12 Jan 2027 9:00 CT", "")
    await services.interviews.set_notes(member_id, interview.id, {"who": f"Dr. {own} Rao", "notes": f"{own} impression"})
    journeying = await services.members.get(member_id)
    await services.journey.mark(journeying, "money-bank", State.UNDER_WAY, f"{own} bank")
    await services.journey.set_experiences(member_id, f"* {own} clinic")
    await services.journey.set_exam(journeying, ExamKey.STEP2, {"planned": "12 May 2027", "attempts": "", "score": ""})
    await services.own_week.count(await services.members.get(member_id), 3)
    began = await services.practice.start(member_id, MIXED, ApplicantKind.NON_US_IMG, 3, 120)
    await services.practice.done(member_id, began.round_.id, 0)
    await services.practice.note(member_id, began.round_.id, 0, f"{own} note")
    await services.interviews_heard.report(circle.guild.id, member_id, f"{own} clinic", "today")
    return {"program": program.id, "round": began.round_.id}


async def _offers(circle: Circle) -> dict[str, str]:
    """Let an advisor offer a slot that the member books, and a manager draft an event, write an answer and begin a mock match."""
    services, guild_id, word, manager = circle.world.services, circle.guild.id, circle.word, circle.manager.id
    (slot,) = await offered(services, circle.advisor.id, guild_id, place=f"{word} room")
    await services.slots.book(slot.id, circle.member.id, guild_id)
    words = EventWords(f"{word} evening", "1 March 2027 18:00", "90 min", f"{word} hall", f"{word} talk", zone="America/New_York")
    event = await services.server_events.draft(guild_id, manager, words)
    entry = await services.server_faq.draft(guild_id, manager, f"{word} asked", f"{word} answered", "")
    await services.server_faq.keep(guild_id, manager, entry.id)
    await circle.manager.slash(circle.general, "server mock-match")
    game, _ = await services.mock_matches.begin(guild_id, circle.general.id, manager)
    for number, program in enumerate(game.programs[:2]):
        await services.mock_matches.add(game.id, guild_id, circle.member.id, program, number)
    return {"slot": slot.id, "event": event.id, "entry": entry.id, "game": game.id}


async def _reminders(circle: Circle) -> list[str]:
    world, services = circle.world, circle.world.services
    member = await services.members.get(circle.member.id)
    for when in ("in 5 minutes", "in 8 minutes", "in 3 weeks", "every Monday 8:00"):
        await services.reminders.remind_me(member, when, f"{circle.own} reminder", circle.guild.id)
    found, _ = await services.reminders.page(member.id, 9, 0)
    world.refuse_messages(circle.member)
    world.clock.advance(timedelta(minutes=6))
    await world.send_due()  # Discord refuses it, so it waits in her inbox
    return [each.id for each in found]


async def _notices(circle: Circle) -> list[str]:
    broadcasts, guild_id, author = circle.world.services.broadcasts, circle.guild.id, circle.manager.id
    now, link = circle.world.clock.now(), f"https://{circle.word}.example/page"
    where = (circle.news.id,)

    def notice(title: str, minutes: int | None = None) -> Written:
        at = now + timedelta(minutes=minutes) if minutes else None
        return Written(f"{circle.word} {title}", f"{circle.word} text", where, at, is_to_members=True, link=link)

    draft = await broadcasts.draft(guild_id, author, notice("draft"))
    soon, later = [await broadcasts.draft(guild_id, author, notice(title, at)) for title, at in (("sent", 5), ("planned", 50_000))]
    for each in (soon, later):
        await broadcasts.confirm(each.id, guild_id)
    settings = await circle.world.services.servers.get(guild_id)
    await circle.world.services.match_week.prepare(guild_id, author, settings, Country.UNITED_STATES)
    circle.world.clock.advance(timedelta(seconds=1))  # the newest stands first in every list, so that it is seen
    waiting = await broadcasts.draft(guild_id, author, notice("waiting"))
    await broadcasts.ask_approval(waiting.id, guild_id)
    return [each.id for each in (draft, soon, later, waiting)]


async def _questions(circle: Circle) -> list[str]:
    """Ask with the name shown, which is answered, then with it hidden; return the ids in that order."""
    world = circle.world
    desk = Desk(circle.staff, circle.advisor, circle.advisor, circle.moderator)
    for name in ("shown", "hidden"):
        await ask(world, circle.member, circle.general, Your_question=f"{circle.word} question", Your_name=name, Topic=["visa"])
    await answer(desk, f"{circle.word} answer")
    found, _ = await world.services.questions.page(circle.member.id, circle.guild.id, 9)
    return [each.id for each in sorted(found, key=lambda each: each.is_name_hidden)]


async def _dates(circle: Circle) -> None:
    services = circle.world.services
    movable = [each for each in services.server_dates.suggest("") if each.citation.certainty is not Certainty.ANNOUNCED]
    typed = Typed("March 5 2027 9:00 PM ET", f"https://{circle.word}.example/date")
    await services.server_dates.correct(circle.guild.id, movable[0].id, typed, circle.manager.id)
