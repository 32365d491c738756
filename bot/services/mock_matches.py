"""Mock matches in use: begun by moderators, joined by members, revealed once; who plays is told to nobody."""

import asyncio
import secrets
from dataclasses import dataclass, replace

from bot.clock import Clock
from bot.domain.mock_match import FEWEST_LISTS, MOST_SEED, OPEN_FOR, MockMatch, MockState, Order, OwnResult, play, with_program
from bot.errors import UserFacingError
from bot.services.members import MemberService
from bot.storage.identifiers import new_id
from bot.storage.mock_matches import Change, MockMatchRepository

GONE = UserFacingError("That mock match is not there any more.", "A moderator can begin another with /server mock-match.")
OVER = UserFacingError(
    "That mock match is over.", "Its lists can't be changed any more. A moderator can begin another with /server mock-match."
)
TOO_FEW = UserFacingError(
    f"A reveal needs {FEWEST_LISTS} lists at least.", "With fewer, the numbers would tell one member about another. Wait for more to join."
)
NOT_REVEALED = UserFacingError("Nothing is revealed yet.", "A moderator reveals the result; then this shows yours.")
NO_LIST = UserFacingError(
    "You have no list in that mock match.", "Its lists are deleted seven days after the reveal; before that, only who joined has a result."
)


@dataclass(frozen=True, slots=True)
class OwnList:
    """Hold a member's list in a game."""

    game: MockMatch
    order: Order
    is_stale: bool = False
    """Whether the card that she pressed showed another list: nothing was changed then."""
    is_first: bool = False
    """Whether she has begun to count as one who joined."""
    is_last: bool = False
    """Whether she has ceased to."""

    @property
    def to_choose(self) -> tuple[str, ...]:
        """Return the programs that are not on it."""
        return tuple(each for each in self.game.programs if each not in self.order)


class MockMatchService:
    """Keep mock matches; one open game a server."""

    def __init__(self, games: MockMatchRepository, members: MemberService, clock: Clock) -> None:
        self._games = games
        self._members = members
        self._clock = clock
        self._matching = asyncio.Lock()

    async def begin(self, guild_id: int, channel_id: int, author_id: int) -> tuple[MockMatch, bool]:
        """Begin a game of a server; return it, or the one that is open already, and whether it is new."""
        now = self._clock.now()
        seed = secrets.randbelow(MOST_SEED)
        game = MockMatch(new_id(), guild_id, channel_id, None, author_id, MockState.OPEN, seed, now, now + OPEN_FOR)
        if await self._games.begin(game):
            return game, True
        there = await self._games.open_of(guild_id)
        if there is None:  # it was closed this moment
            raise GONE
        return there, False

    async def posted(self, game: MockMatch, channel_id: int, message_id: int) -> None:
        """Note where the card of a game stands."""
        await self._games.posted(game.id, channel_id, message_id)

    async def get(self, game_id: str, guild_id: int | None) -> MockMatch:
        """Return a game of a server as it is now; what an interruption left undone is done first.

        Raises:
            UserFacingError: The server has no such game.
        """
        game = await self._games.get(game_id)
        if game is None or game.guild_id != guild_id:
            raise GONE
        now = self._clock.now()
        if game.has_ended(now) or (not game.keeps_lists(now) and await self._games.count(game_id)):
            await self._games.settle(now)
            game = await self._games.get(game_id) or game
        return await self._matched(game) if game.state is MockState.REVEALED and game.numbers is None else game

    def is_open(self, game: MockMatch) -> bool:
        """Tell whether members may join a game now."""
        return game.is_open(self._clock.now())

    async def joined(self, game: MockMatch) -> int:
        """Return how many members have joined with at least one program."""
        return await self._games.count(game.id)

    async def list_of(self, game_id: str, guild_id: int | None, member_id: int) -> OwnList:
        """Return her list in a game that is open; nothing is stored by looking."""
        game = await self._open(game_id, guild_id)
        return OwnList(game, await self._games.order(game.id, member_id))

    async def add(self, game_id: str, guild_id: int | None, member_id: int, program: str, shown: int) -> OwnList:
        """Put a program at the end of her list; ``shown`` says how many stood on the card that she pressed."""
        held = await self.list_of(game_id, guild_id, member_id)
        game = held.game
        if shown != len(held.order) or program not in held.to_choose:
            return replace(held, is_stale=True)
        await self._members.remember(member_id)
        return await self._change(game, member_id, shown, lambda order: with_program(order, program, game.programs))

    async def undo(self, game_id: str, guild_id: int | None, member_id: int, shown: int) -> OwnList:
        """Take the last program off her list."""
        return await self._change(await self._open(game_id, guild_id), member_id, shown, lambda order: order[:-1])

    async def clear(self, game_id: str, guild_id: int | None, member_id: int) -> OwnList:
        """Delete her list: she does not take part any more, and may begin anew."""
        return await self._change(await self._open(game_id, guild_id), member_id, None, lambda _: ())

    async def reveal(self, game_id: str, guild_id: int | None) -> MockMatch:
        """Close a game and match its lists, once; return it with its numbers.

        Raises:
            UserFacingError: It is over without a result, or too few have joined.
        """
        game = await self.get(game_id, guild_id)
        if game.state is not MockState.REVEALED:
            if not self.is_open(game):
                raise OVER
            # Closed by one of two at once: the other finds it revealed.
            if not await self._games.close(game.id, MockState.REVEALED, self._clock.now(), FEWEST_LISTS):
                game = await self.get(game_id, guild_id)
                if game.state is not MockState.REVEALED:
                    raise TOO_FEW if self.is_open(game) else OVER
        return await self.get(game_id, guild_id)

    async def stop(self, game_id: str, guild_id: int | None) -> bool:
        """Stop a game and delete its lists; return False where it was over already."""
        game = await self.get(game_id, guild_id)
        return await self._games.close(game.id, MockState.STOPPED, self._clock.now())

    async def result_of(self, game_id: str, guild_id: int | None, member_id: int) -> OwnResult:
        """Return what became of her in a game.

        Raises:
            UserFacingError: Nothing is revealed, or she has no list in it, or not any more.
        """
        game = await self.get(game_id, guild_id)
        if game.state is not MockState.REVEALED:
            raise NOT_REVEALED if self.is_open(game) else OVER
        result = await self._games.result(game.id, member_id)
        if result is None:
            raise NO_LIST
        return result

    async def discard_old(self) -> None:
        """Close the games whose time is over, and delete the lists that are of no use any more."""
        await self._games.settle(self._clock.now())

    async def _open(self, game_id: str, guild_id: int | None) -> MockMatch:
        game = await self.get(game_id, guild_id)
        if not self.is_open(game):
            raise OVER
        return game

    async def _change(self, game: MockMatch, member_id: int, shown: int | None, change: Change) -> OwnList:
        stale = False

        def unless_stale(order: Order) -> Order:
            nonlocal stale
            stale = shown is not None and shown != len(order)
            return order if stale else change(order)

        changed = await self._games.change(game.id, member_id, self._clock.now(), unless_stale)
        if changed is None:
            if self.is_open(await self.get(game.id, game.guild_id)):
                return OwnList(game, (), is_stale=True)  # she is not stored, so she has no list
            raise OVER
        was, order = changed
        return OwnList(game, order, stale, is_first=not was and bool(order), is_last=bool(was) and not order)

    async def _matched(self, game: MockMatch) -> MockMatch:
        """Match the lists of a game that is revealed; a crash between the two leaves this to the next use."""
        async with self._matching:
            again = await self._games.get(game.id)
            if again is None or again.numbers is not None:
                return again or game
            orders = await self._games.orders(game.id)
            # Thousands take a moment: others are answered meanwhile.
            played = await asyncio.to_thread(play, game.seed, orders)
            await self._games.keep(game.id, played)
            return await self._games.get(game.id) or game
