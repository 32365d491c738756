"""Slots and bookings as rows, and rows as slots and bookings."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.calendar import WallTime
from bot.domain.slots import Booking, BookingState, Slot, SlotDraft, SlotKind, SlotState
from bot.storage.delivery_rows import UNREADABLE_TEXT
from bot.storage.encryption import Cipher
from bot.storage.slot_tables import slot as table
from bot.storage.slot_tables import slot_booking as bookings

in_slot = bookings.c.slot_id == table.c.id
OPEN = table.c.state == SlotState.OPEN.value
taken = (
    sa.select(sa.func.count())
    .select_from(bookings)
    .where(in_slot, bookings.c.state == BookingState.BOOKED.value)
    .correlate(table)
    .scalar_subquery()
    .label("taken")
)
whole = sa.select(table, taken)
"""A slot with how many places are booked."""

_WORDS = ("when", "minutes", "places", "series", "place", "local", "zone")


def slot_values(slot: Slot, cipher: Cipher) -> dict[str, Any]:
    """Return the row of a slot."""
    return {
        "id": slot.id,
        "guild_id": slot.guild_id,
        "advisor_id": slot.advisor_id,
        "kind": slot.kind.value,
        "state": slot.state.value,
        "local": slot.at.local.isoformat(),
        "zone": slot.at.zone,
        "begins_at": slot.begins_at,
        "ends_at": slot.ends_at,
        "capacity": slot.capacity,
        "changed_at": slot.changed_at,
        "revision": slot.revision,
        "blob": cipher.encrypt({"place": slot.place}) if slot.place else None,
    }


def slot_from(row: sa.RowMapping, cipher: Cipher) -> Slot:
    """Return the slot of a row; a place that can't be read says so."""
    says = {"place": ""} if row["blob"] is None else cipher.readable(row["blob"]) or {"place": UNREADABLE_TEXT}
    return Slot(
        id=row["id"],
        guild_id=row["guild_id"],
        advisor_id=row["advisor_id"],
        kind=SlotKind(row["kind"]),
        state=SlotState(row["state"]),
        at=WallTime(datetime.fromisoformat(row["local"]), row["zone"]),
        begins_at=row["begins_at"],
        ends_at=row["ends_at"],
        capacity=row["capacity"],
        changed_at=row["changed_at"],
        revision=row["revision"],
        place=says["place"],
        taken=row["taken"],
    )


def booking_from(row: sa.RowMapping, prefix: str = "") -> Booking:
    """Return the booking of a row, whose columns may have a prefix."""
    return Booking(
        id=row[f"{prefix}id"],
        slot_id=row[f"{prefix}slot_id"],
        member_id=row[f"{prefix}member_id"],
        state=BookingState(row[f"{prefix}state"]),
        booked_at=row[f"{prefix}booked_at"],
        changed_at=row[f"{prefix}changed_at"],
    )


def draft_values(draft: SlotDraft, cipher: Cipher) -> dict[str, Any]:
    """Return the row of a draft."""
    says = {name: getattr(draft, name) for name in _WORDS} | {"kind": draft.kind.value, "on_own_clock": draft.on_own_clock}
    return {
        "id": draft.id,
        "guild_id": draft.guild_id,
        "advisor_id": draft.advisor_id,
        "made_at": draft.made_at,
        "blob": cipher.encrypt(says),
    }


def draft_from(row: sa.RowMapping, cipher: Cipher) -> SlotDraft | None:
    """Return the draft of a row, or None where it can't be read any more."""
    says = cipher.readable(row["blob"])
    if says is None:
        return None
    return SlotDraft(
        id=row["id"],
        guild_id=row["guild_id"],
        advisor_id=row["advisor_id"],
        made_at=row["made_at"],
        kind=SlotKind(says["kind"]),
        on_own_clock=says["on_own_clock"],
        **{name: says[name] for name in _WORDS},
    )
