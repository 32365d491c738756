"""Members in memory: almost every answer begins with her zone and year, and must not wait for the disk."""

from collections import OrderedDict
from collections.abc import Iterable

from bot.domain.member import Member
from bot.storage.database import Database
from bot.storage.encryption import Cipher
from bot.storage.members import MemberRepository

MOST = 10_000
AT_ONCE = 400


class RememberedMembers(MemberRepository):
    """Keep members, and remember those asked for last, among them who is not stored.

    Right because every change goes through here or ``forget``: where one process at a time serves a database (the sending lease) those of
    its own, else also those of others, of which word comes with their commit.
    """

    def __init__(self, database: Database, cipher: Cipher, most: int = MOST, *, is_shared: bool = False) -> None:
        super().__init__(database, cipher)
        self._is_shared = is_shared
        self._most = most
        self._remembered: OrderedDict[int, Member | None] = OrderedDict()
        self._changes = 0

    async def get(self, member_id: int) -> Member | None:
        """Return a member, or None; from memory where she was asked for lately."""
        if member_id in self._remembered:
            self._remembered.move_to_end(member_id)
            return self._remembered[member_id]
        changes = self._changes
        member = await super().get(member_id)
        if changes == self._changes:  # else what was read may be older than what was written meanwhile
            self._remember(member_id, member)
        return member

    async def get_anew(self, member_id: int) -> Member | None:
        """Return a member as she is stored now, or None; from memory where no other process can have changed her."""
        if self._is_shared:
            self.forget(member_id)  # word of a change may still be under way
        return await self.get(member_id)

    async def recall(self, member_ids: Iterable[int]) -> None:
        """Read those who are not remembered at once: a batch that goes out asks for each of them."""
        missing = [each for each in dict.fromkeys(member_ids) if each not in self._remembered][: self._most]
        for start in range(0, len(missing), AT_ONCE):
            some = missing[start : start + AT_ONCE]
            changes = self._changes
            found = await self.get_many(some)
            if changes == self._changes:
                for member_id in some:
                    self._remember(member_id, found.get(member_id))

    async def save(self, member: Member) -> None:
        """Write a member's settings and remember them."""
        self.forget(member.id)
        await super().save(member)
        self.forget(member.id)

    async def update(self, member: Member) -> bool:
        """Write the settings of a member who is stored and remember them; return False where she is not."""
        self.forget(member.id)
        updated = await super().update(member)
        self.forget(member.id)
        return updated

    async def erase(self, member_id: int) -> bool:
        """Delete a member; tell whether there was one."""
        erased = await super().erase(member_id)
        self.forget(member_id)
        return erased

    def forget(self, member_id: int) -> None:
        """Read her anew the next time: she was changed or erased."""
        self._changes += 1
        self._remembered.pop(member_id, None)

    def forget_all(self) -> None:
        """Read everybody anew: a change may have been missed."""
        self._changes += 1
        self._remembered.clear()

    def _remember(self, member_id: int, member: Member | None) -> None:
        self._remembered[member_id] = member
        if len(self._remembered) > self._most:
            self._remembered.popitem(last=False)
