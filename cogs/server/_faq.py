"""``/server faq``: what stands first in ``/faq`` for this server; pinned, written, ordered, removed."""

import discord

from bot.domain.server_faq import MOST_ENTRIES, ServerEntry
from bot.services.bundle import Services
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, Row, card, plain, send_card, shortened
from cogs._ui.staff import require_manager
from cogs.faq._views import own_card
from cogs.faq._words import day_in_words

LINE = 55
OWN, PINNED = "written here", "pinned"
GONE = "not in the record any more"


def asked(interaction: Interaction) -> tuple[Services, int]:
    """Return the services and the server; raise UserFacingError unless the one who acts manages it."""
    require_manager(interaction)
    assert interaction.guild_id is not None  # noqa: S101 - the command is there in servers only
    return interaction.client.services, interaction.guild_id


class ShowList(Action, prefix="serverfaq:list"):
    """Show all entries."""

    async def act(self, interaction: Interaction) -> None:
        """Show them, in place."""
        services, guild_id = asked(interaction)
        await send_card(interaction, await list_card(services, guild_id), edit=True)


class OpenEntry(Choice, prefix="serverfaq:open"):
    """Open one entry."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it, in place."""
        services, guild_id = asked(interaction)
        await send_card(interaction, await entry_card(services, await services.server_faq.entry(guild_id, values[0])), edit=True)


class MoveEntry(Action, prefix="serverfaq:move"):
    """Move the entry in the key by as many places as stand behind the dot."""

    async def act(self, interaction: Interaction) -> None:
        """Move it, and show all in their new order."""
        services, guild_id = asked(interaction)
        entry_id, _, by = self.key.partition(".")
        await services.server_faq.move(guild_id, interaction.user.id, entry_id, int(by))
        await send_card(interaction, await list_card(services, guild_id, chosen=entry_id), edit=True)


class AskRemove(Action, prefix="serverfaq:ask"):
    """Ask before the own answer in the key is deleted."""

    async def act(self, interaction: Interaction) -> None:
        """Say what goes."""
        services, guild_id = asked(interaction)
        entry = await services.server_faq.entry(guild_id, self.key)
        view = card(
            "Delete this answer?",
            f"**{plain(entry.title)}** is deleted with its text, at once and for good; /faq does not find it here any more.",
            meaning=Meaning.ATTENTION,
            rows=[[RemoveEntry(entry.id, label="Delete it", style=discord.ButtonStyle.danger), ShowList(label="Keep it")]],
        )
        await send_card(interaction, view, edit=True)


class RemoveEntry(Action, prefix="serverfaq:remove"):
    """Take the entry in the key away."""

    async def act(self, interaction: Interaction) -> None:
        """Take it away, and show what is left."""
        services, guild_id = asked(interaction)
        gone = await services.server_faq.remove(guild_id, interaction.user.id, self.key)
        done = f"{'Unpinned' if gone.pinned else 'Deleted'}: {plain(shortened(services.server_faq.title_of(gone), LINE))}."
        await send_card(interaction, await list_card(services, guild_id, done), edit=True)


class ChoosePin(Action, prefix="serverfaq:pin"):
    """Offer the topics of the record."""

    async def act(self, interaction: Interaction) -> None:
        """Show them, in place."""
        services, _ = asked(interaction)
        await send_card(interaction, pin_card(services), edit=True)


class PinTopic(Choice, prefix="serverfaq:topic"):
    """Choose the topic of an answer that is to be pinned."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show its answers, in place."""
        services, _ = asked(interaction)
        await send_card(interaction, pin_card(services, values[0]), edit=True)


class PinAnswers(Choice, prefix="serverfaq:answers"):
    """Pin answers of the record."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Pin them in the order of the topic, and show all entries."""
        services, guild_id = asked(interaction)
        for answer_id in values:
            await services.server_faq.pin(guild_id, interaction.user.id, answer_id)
        await send_card(interaction, await list_card(services, guild_id, f"Pinned: {len(values)}."), edit=True)


async def list_card(services: Services, guild_id: int, done: str = "", chosen: str = "") -> Card:
    """Return the entries of a server in their order; ``done`` says what was just changed, ``chosen`` was just moved."""
    from cogs.server._faq_form import WriteAnswer

    faq = services.server_faq
    entries = (await faq.shelf(guild_id)).entries
    lines = [f"{number}. {_line(services, entry)}" for number, entry in enumerate(entries, 1)]
    add: Row = [WriteAnswer(label="Write an answer"), ChoosePin(label="Pin an answer of /faq")] if len(entries) < MOST_ENTRIES else []
    moving = next((each for each in entries if each.id == chosen), None)
    options = [discord.SelectOption(label=shortened(faq.title_of(entry), 100), value=entry.id) for entry in entries]
    return card(
        "First in /faq, in this server",
        done,
        f"The buttons move **{plain(shortened(faq.title_of(moving), LINE))}**." if moving is not None else "",
        "\n".join(lines) or "Nothing stands first yet. Pin answers of /faq that your members ask for most, or write answers of your own.",
        rows=[
            _moves(moving) if moving is not None else [],
            [OpenEntry(options=options, placeholder="Move, change or remove one")] if options else [],
            add,
        ],
        quiet=f"At most {MOST_ENTRIES}. /faq finds your own answers in this server alone, marked as yours and without any certainty. "
        "/server audit says who changed what.",
    )


def _line(services: Services, entry: ServerEntry) -> str:
    is_gone = entry.pinned and entry.pinned not in services.catalogue.faq.answers
    kind = GONE if is_gone else PINNED if entry.pinned else f"{OWN}, {day_in_words(entry.written_at.date())}"
    return f"{plain(shortened(services.server_faq.title_of(entry), LINE))} ({kind})"


async def entry_card(services: Services, entry: ServerEntry) -> Card:
    """Return one entry with what can be done about it; an own answer as members see it."""
    from cogs.server._faq_form import ChangeAnswer

    if entry.pinned:
        remove: Row = [RemoveEntry(entry.id, label="Unpin"), ShowList(label="Back")]
        text = "It stands first in /faq here. Its text, sources and certainty are those of the record."
        return card(services.server_faq.title_of(entry), text, rows=[_moves(entry), remove])
    shown = own_card(services, entry, shared=True)
    change: Row = [ChangeAnswer(entry.id, label="Change"), AskRemove(entry.id, label="Delete"), ShowList(label="Back")]
    for row in (_moves(entry), change):
        shown.container.add_item(discord.ui.ActionRow(*row))
    return shown


def _moves(entry: ServerEntry) -> Row:
    ways = (("First", -MOST_ENTRIES), ("Up", -1), ("Down", 1), ("Last", MOST_ENTRIES))
    return [MoveEntry(f"{entry.id}.{by}", label=label) for label, by in ways]


def pin_card(services: Services, topic_id: str = "") -> Card:
    """Return the topics of the record, and the answers of one."""
    faq = services.catalogue.faq
    topic = faq.topic(topic_id)
    options = [discord.SelectOption(label=each.question, value=each.id) for each in topic.answers] if topic else []
    topics = [discord.SelectOption(label=each.title, value=each.id, default=each is topic) for each in faq.topics]
    return card(
        "Pin an answer of /faq",
        "Choose a topic, then the answers that are to stand first in this server.",
        rows=[
            [PinTopic(options=topics, placeholder="Choose a topic")],
            [PinAnswers(options=options, placeholder="Choose answers", most=len(options))] if options else [],
            [ShowList(label="Back")],
        ],
    )


ITEMS = (ShowList, OpenEntry, MoveEntry, AskRemove, RemoveEntry, ChoosePin, PinTopic, PinAnswers)
