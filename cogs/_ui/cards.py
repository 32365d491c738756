"""One card for every reply: a title, a body, a quiet last line, and buttons that outlive restarts."""

import io
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Any

import discord
from discord import ui

from bot.pictures.drawing import Picture

MAX_TEXT = 4_000
"""Discord's limit for all text of one Components V2 message, in characters."""

WAITING = "-# Messages wait for you in /remind inbox."


class Meaning(Enum):
    """What a card is about; one accent colour each."""

    FACT = 0x3B6EA5
    YOURS = 0x5B7F5B
    ATTENTION = 0xB7791F
    DONE = 0x6B7280


Row = Sequence[ui.Item[Any]]


class Card(ui.LayoutView):
    """Hold one reply; it never ends, because every item in it is read from its custom id."""

    def __init__(self, container: ui.Container[Any], picture: Picture | None = None) -> None:
        super().__init__(timeout=None)
        self.container = container
        self.picture = picture
        self.add_item(container)
        # discord.py would keep every view that was sent and set a timer for it; these are read anew from their custom ids.
        self.stop()

    def files(self) -> list[discord.File]:
        """Return the picture as a file to send along; a file can be sent once, so it is made anew each time."""
        return [discord.File(io.BytesIO(self.picture.png), filename=self.picture.name)] if self.picture else []

    def say_below(self, text: str) -> None:
        """Add a quiet line at the end."""
        self.container.add_item(ui.TextDisplay(text))


def card(
    title: str,
    *blocks: str,
    meaning: Meaning = Meaning.FACT,
    quiet: str = "",
    rows: Iterable[Row] = (),
    picture: Picture | None = None,
) -> Card:
    """Return a card: title, blocks of text apart from each other, a picture, rows of buttons or one select each, a quiet last line."""
    container: ui.Container[Any] = ui.Container(accent_colour=meaning.value)
    container.add_item(ui.TextDisplay(f"### {title}"))
    for index, block in enumerate(block for block in blocks if block):
        if index:
            container.add_item(ui.Separator(visible=False))
        container.add_item(ui.TextDisplay(block))
    if picture is not None:
        container.add_item(ui.MediaGallery(discord.MediaGalleryItem(f"attachment://{picture.name}", description=picture.alt)))
    for row in rows:
        if row:
            container.add_item(ui.ActionRow(*row))
    if quiet:
        container.add_item(ui.Separator())
        container.add_item(ui.TextDisplay("\n".join(f"-# {line}" for line in quiet.splitlines())))
    return Card(container, picture)


async def send_card(
    interaction: discord.Interaction[Any],
    view: Card,
    *,
    file: discord.File | None = None,
    edit: bool = False,
    waiting_line: bool = True,
) -> None:
    """Reply with a card that only the member sees, or with ``edit`` put it in the place of the message that was clicked.

    Every reply says when something waits in her inbox.
    """
    if waiting_line and interaction.client.services.inbox.waits_for(interaction.user.id):  # pyright: ignore[reportAttributeAccessIssue]
        view.say_below(WAITING)
    files = [*view.files(), *([file] if file is not None else [])]
    if edit and not interaction.response.is_done():
        await interaction.response.edit_message(view=view, attachments=files)
    elif edit:
        await interaction.edit_original_response(view=view, attachments=files)
    elif not interaction.response.is_done():
        await interaction.response.send_message(view=view, ephemeral=True, files=files)
    else:
        await interaction.followup.send(view=view, ephemeral=True, files=files)


async def acknowledge(interaction: discord.Interaction[Any], *, edit: bool) -> None:
    """Tell Discord that a card comes, where nothing was answered yet: a picture takes longer to draw than may pass until then."""
    if interaction.response.is_done():
        return
    if edit:
        await interaction.response.defer()
    else:
        await interaction.response.defer(ephemeral=True, thinking=True)


def plain(text: str) -> str:
    """Return a member's own text so that nothing in it is formatted, pings or links under another name."""
    return discord.utils.escape_markdown(discord.utils.escape_mentions(text)).replace("](", "]\u200b(")


def shortened(text: str, limit: int) -> str:
    """Return text of at most ``limit`` characters, cut with an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
