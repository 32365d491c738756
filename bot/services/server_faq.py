"""What a server puts first in ``/faq``: answers of the record that its managers pinned, and answers of its own."""

import unicodedata
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.faq_search import FaqFound, FaqIndex
from bot.clock import Clock
from bot.domain.addresses import public_address
from bot.domain.faq import FaqAnswer, FaqTopic
from bot.domain.letter_texts import one_line, shows_something
from bot.domain.server_faq import MAX_ANSWER, MAX_TITLE, MOST_ENTRIES, TOPIC, EntryState, ServerEntry, moved
from bot.domain.servers import Deed
from bot.errors import UserFacingError
from bot.services.servers import ServerService
from bot.storage.identifiers import new_id
from bot.storage.server_faq import ServerFaqRepository

DRAFTS_KEPT = timedelta(days=1)
MOST_SHELVES = 50
_JOINERS = "\u200c\u200d"
"""Invisible, and part of how some scripts are written."""

GONE = UserFacingError("That entry is not there any more.", "Use /server faq to see those that are.")
DRAFT_GONE = UserFacingError(
    "That draft is not there any more.", "A draft is kept for a day, and a newer one takes its place. Use /server faq."
)
TOO_MANY = UserFacingError(f"This server has {MOST_ENTRIES} entries, which is all that fit.", "Remove one with /server faq first.")
NO_WORDS = UserFacingError("There is no answer in it.", "Write the text, then send the form again.")
NO_ADDRESS = UserFacingError("I can't show that address.", "Paste the address of a public page; it begins with https://.")


@dataclass(frozen=True, slots=True)
class Shelf:
    """Hold all that ``/faq`` finds in one server: what it put first, then the record."""

    catalogue: Catalogue
    index: FaqIndex
    entries: tuple[ServerEntry, ...]
    own: Mapping[str, ServerEntry]
    """The server's own answers, by the id under which they are found."""

    @property
    def first(self) -> list[FaqAnswer]:
        """Return what the server put first, in its order; a pin of what the record does not hold any more is left out."""
        found = (self.get(each.answer_id) for each in self.entries)
        return [each for each in found if each is not None]

    def get(self, answer_id: str) -> FaqAnswer | None:
        """Return an answer of the server or of the record, or None."""
        own = self.own.get(answer_id)
        return own.as_answer() if own is not None else self.catalogue.faq.answers.get(answer_id)

    def find(self, question: str) -> FaqFound:
        """Return what comes nearest to a question, and whether it fits."""
        chosen = self.own.get(question.strip())
        return FaqFound((chosen.as_answer(),), fits=True) if chosen is not None else self.index.find(question)

    def suggest(self, text: str, limit: int = 25) -> list[FaqAnswer]:
        """Return suggestions while somebody types; before anything is typed, what the server put first."""
        found = self.index.suggest(text, limit)
        if text.strip():
            return found
        first = self.first
        held = {each.id for each in first} | self.own.keys()
        return [*first, *(each for each in found if each.id not in held)][:limit]


class ServerFaqService:
    """Keep what managers put first; each method takes the server whose it must be, and records who did what."""

    def __init__(self, answers: ServerFaqRepository, servers: ServerService, catalogue: Catalogue, clock: Clock) -> None:
        self._answers = answers
        self._servers = servers
        self._catalogue = catalogue
        self._clock = clock
        self._shelves: OrderedDict[int, Shelf] = OrderedDict()
        self._changes = 0

    async def shelf(self, guild_id: int | None) -> Shelf:
        """Return what ``/faq`` finds in a server; in direct messages (None) the record alone."""
        index = self._catalogue.faq.index
        if guild_id is None:
            return Shelf(self._catalogue, index, (), {})
        if guild_id in self._shelves:
            self._shelves.move_to_end(guild_id)
            return self._shelves[guild_id]
        changes, entries = self._changes, tuple((await self._answers.entries(guild_id))[:MOST_ENTRIES])
        own = {each.answer_id: each for each in entries if not each.pinned}
        if own:
            index = index.beside(FaqTopic(TOPIC, "", tuple(each.as_answer() for each in own.values())))
        shelf = Shelf(self._catalogue, index, entries, own)
        if changes == self._changes:  # else what was read may be older than what was written meanwhile
            self._shelves[guild_id] = shelf
            if len(self._shelves) > MOST_SHELVES:
                self._shelves.popitem(last=False)
        return shelf

    def forget_server(self, guild_id: int) -> None:
        """Read the answers of a server anew the next time: they changed, or it was erased."""
        self._changes += 1
        self._shelves.pop(guild_id, None)

    def forget_all(self) -> None:
        """Read the answers of every server anew: a change may have been missed."""
        self._changes += 1
        self._shelves.clear()

    async def entry(self, guild_id: int, entry_id: str) -> ServerEntry:
        """Return an entry that a server keeps; raise UserFacingError where it is gone or another's."""
        found = next((each for each in (await self.shelf(guild_id)).entries if each.id == entry_id), None)
        if found is None:
            raise GONE
        return found

    async def pin(self, guild_id: int, actor_id: int, answer_id: str) -> None:
        """Put an answer of the record first, after those that are; pinned already, nothing changes.

        Raises:
            UserFacingError: The record holds no such answer, or there are too many entries.
        """
        answer = self._catalogue.faq.answers.get(answer_id)
        if answer is None:
            raise UserFacingError("That answer does not stand in the record any more.", "Use /faq to see those that do.")
        if any(each.pinned == answer_id for each in (await self.shelf(guild_id)).entries):
            return
        pin = ServerEntry(new_id(), guild_id, EntryState.KEPT, 0, self._clock.now(), pinned=answer_id)
        if not await self._answers.pin(pin, actor_id, MOST_ENTRIES):
            raise TOO_MANY
        await self._changed(guild_id, actor_id, Deed.ANSWER_PINNED, answer.question)

    async def draft(self, guild_id: int, author_id: int, title: str, text: str, link: str, *, replaces: str = "") -> ServerEntry:
        """Keep a draft of an own answer for a day, in the place of the one before; a title that is missing is the text's beginning.

        Raises:
            UserFacingError: There is no text, it is too long, or the address can't be shown.
        """
        text, title = _visible(text).strip(), one_line(_visible(title))
        if not shows_something(text):
            raise NO_WORDS
        title = (title if shows_something(title) else one_line(text))[:MAX_TITLE].strip()
        if len(text) > MAX_ANSWER:
            raise UserFacingError(f"That is too long: {MAX_ANSWER:,} characters fit.", f"Yours has {len(text):,}. Shorten it.")
        address = public_address(link) if link.strip() else ""
        if address is None:
            raise NO_ADDRESS
        now = self._clock.now()
        draft = ServerEntry(new_id(), guild_id, EntryState.DRAFT, 0, now, title=title, text=text, link=address, replaces=replaces)
        await self.discard_old_drafts()
        await self._answers.add_draft(draft, author_id)
        return draft

    async def discard_old_drafts(self) -> None:
        """Throw away the drafts that nobody kept within a day."""
        await self._answers.discard_old_drafts(self._clock.now() - DRAFTS_KEPT)

    async def draft_to_keep(self, guild_id: int, entry_id: str) -> ServerEntry:
        """Return a draft; raise UserFacingError where it is none any more."""
        draft = await self._answers.draft(entry_id, guild_id)
        if draft is None or draft.written_at < self._clock.now() - DRAFTS_KEPT:
            raise DRAFT_GONE
        return draft

    async def keep(self, guild_id: int, actor_id: int, entry_id: str) -> ServerEntry:
        """Let ``/faq`` find a draft from now on; raise UserFacingError where it is gone, or where there are too many entries."""
        draft = await self.draft_to_keep(guild_id, entry_id)
        is_change = any(each.id == draft.replaces for each in (await self.shelf(guild_id)).entries)
        if not await self._answers.keep(draft, actor_id, MOST_ENTRIES):
            raise TOO_MANY
        await self._changed(guild_id, actor_id, Deed.ANSWER_CHANGED if is_change else Deed.ANSWER_WRITTEN, draft.title)
        return await self.entry(guild_id, draft.replaces if is_change else draft.id)

    async def discard(self, guild_id: int, entry_id: str) -> None:
        """Throw a draft away; one that is gone is as good."""
        if await self._answers.draft(entry_id, guild_id) is not None:
            await self._answers.discard(entry_id, guild_id)

    async def move(self, guild_id: int, actor_id: int, entry_id: str, by: int) -> None:
        """Move an entry so many places down, up where negative."""
        entry = await self.entry(guild_id, entry_id)
        ids = [each.id for each in (await self.shelf(guild_id)).entries]
        ordered = moved(ids, entry_id, ids.index(entry_id) + by)
        if ordered != ids:
            await self._answers.order(guild_id, ordered)
            await self._changed(guild_id, actor_id, Deed.ANSWERS_ORDERED, self.title_of(entry))

    async def remove(self, guild_id: int, actor_id: int, entry_id: str) -> ServerEntry:
        """Take a pin away or delete an own answer; return what it was. Raise UserFacingError where it is gone."""
        entry = await self.entry(guild_id, entry_id)
        if not await self._answers.discard(entry_id, guild_id):
            self.forget_server(guild_id)
            raise GONE
        await self._changed(guild_id, actor_id, Deed.ANSWER_REMOVED, self.title_of(entry))
        return entry

    def title_of(self, entry: ServerEntry) -> str:
        """Return the question of an entry; of a pin that the record does not hold any more, its id."""
        held = self._catalogue.faq.answers.get(entry.pinned)
        return held.question if held is not None else entry.title or entry.pinned

    async def _changed(self, guild_id: int, actor_id: int, deed: Deed, title: str) -> None:
        self.forget_server(guild_id)
        await self._servers.note(guild_id, actor_id, deed, {"answer": title})


def _visible(text: str) -> str:
    """Return a text without marks that nobody sees and that could turn its direction around."""
    return "".join(each for each in text if each in _JOINERS or unicodedata.category(each) != "Cf")
