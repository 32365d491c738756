"""``/server mock-match``: the card that stands in the channel, and what moderators do with it."""

import logging

import discord

from bot.domain.mock_match import MockMatch, MockState
from bot.domain.servers import Deed
from bot.errors import UserFacingError
from bot.services.bundle import Services
from bot.services.mock_matches import GONE, OVER
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, Meaning, card, send_card
from cogs._ui.channels import require_room
from cogs._ui.staff import require_moderator
from cogs.ranklist._words import citations, source_line
from cogs.server import _mock_words as words

log = logging.getLogger(__name__)

NOT_YOURS = UserFacingError(
    "A mock match is begun, revealed and stopped by the moderators of this server.",
    "If you are one, ask a manager to choose your role in /server setup. Join is for everybody.",
)
_drawing: dict[str, bool] = {}
"""The games whose card is renewed just now, and whether it has to be once more: thousands who join make one edit at a time."""


class Reveal(Action, prefix="server:mock_reveal"):
    """Close the game in the key, match its lists, and show the numbers."""

    async def act(self, interaction: Interaction) -> None:
        """Reveal it once; whoever presses later finds what was revealed."""
        services, guild = await moderated(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        before = await services.mock_matches.get(self.key, guild.id)
        try:
            game = await services.mock_matches.reveal(self.key, guild.id)
        except UserFacingError as refused:
            if refused is OVER:
                await redraw(interaction.client, before)
            raise
        if before.state is not MockState.REVEALED:
            await services.servers.note(guild.id, interaction.user.id, Deed.MOCK_MATCH_REVEALED, {"channel": str(game.channel_id)})
        is_shown = await redraw(interaction.client, game)
        await send_card(interaction, _said("The result is revealed", game, is_shown))


class AskStop(Action, prefix="server:mock_ask"):
    """Ask before the game in the key is stopped."""

    async def act(self, interaction: Interaction) -> None:
        """Ask the one who pressed."""
        services, guild = await moderated(interaction)
        game = await services.mock_matches.get(self.key, guild.id)
        if not services.mock_matches.is_open(game):
            await send_card(interaction, _over_card())
            await redraw(interaction.client, game)
            return
        view = card(
            "Stop the mock match?",
            "Nothing is revealed then, and every list is deleted at once. It can't be taken up again.",
            meaning=Meaning.ATTENTION,
            rows=[[Stop(game.id, label="Stop it", style=discord.ButtonStyle.danger)]],
            quiet="To let it go on, leave this card.",
        )
        await send_card(interaction, view)


class Stop(Action, prefix="server:mock_stop"):
    """Stop the game in the key without a result."""

    async def act(self, interaction: Interaction) -> None:
        """Stop it, and say so."""
        services, guild = await moderated(interaction)
        is_stopped = await services.mock_matches.stop(self.key, guild.id)
        game = await services.mock_matches.get(self.key, guild.id)
        if not is_stopped:
            await send_card(interaction, _over_card(), edit=True)
            return
        await services.servers.note(guild.id, interaction.user.id, Deed.MOCK_MATCH_STOPPED, {"channel": str(game.channel_id)})
        done = card("The mock match is stopped", "Its lists are deleted, and nothing was revealed.", meaning=Meaning.DONE)
        await send_card(interaction, done, edit=True)
        await redraw(interaction.client, game)


class PostMock(Action, prefix="server:mock_post"):
    """Post the card of the game in the key anew, where this is pressed."""

    async def act(self, interaction: Interaction) -> None:
        """Post it; from now on it is this one that is renewed."""
        services, guild = await moderated(interaction)
        game = await services.mock_matches.get(self.key, guild.id)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await send_card(interaction, _said("The card is posted", await post_card(interaction, game), is_shown=True))


async def moderated(interaction: Interaction) -> tuple[Services, discord.Guild]:
    """Return the services and the server; raise UserFacingError unless the one who acts moderates it."""
    if interaction.guild is None:
        raise GONE
    return await require_moderator(interaction, NOT_YOURS)


async def begin(interaction: Interaction) -> None:
    """Begin a game in the channel of the command; say which one is open where there is one."""
    services, guild = await moderated(interaction)
    assert interaction.channel_id is not None  # noqa: S101 - a command of a server is used in a channel
    require_room(guild, interaction.channel_id)
    await interaction.response.defer(ephemeral=True, thinking=True)
    game, is_new = await services.mock_matches.begin(guild.id, interaction.channel_id, interaction.user.id)
    if not is_new:
        await send_card(interaction, there_card(game))
        return
    try:
        game = await post_card(interaction, game)
    except discord.HTTPException:
        await services.mock_matches.stop(game.id, guild.id)  # nobody can join what does not stand anywhere
        raise
    await services.servers.note(guild.id, interaction.user.id, Deed.MOCK_MATCH_BEGUN, {"channel": str(game.channel_id)})
    await send_card(interaction, _said("The mock match is open", game, is_shown=True))


async def post_card(interaction: Interaction, game: MockMatch) -> MockMatch:
    """Post the card of a game in the channel of the click; return the game with where it stands."""
    services: Services = interaction.client.services
    assert interaction.guild is not None  # noqa: S101 - moderators are moderators of a server
    assert interaction.channel_id is not None  # noqa: S101 - a card stands in a channel
    require_room(interaction.guild, interaction.channel_id)
    view = public_card(services, game, await services.mock_matches.joined(game))
    message = await interaction.client.get_partial_messageable(interaction.channel_id).send(view=view, nonce=str(interaction.id))
    await services.mock_matches.posted(game, interaction.channel_id, message.id)
    return await services.mock_matches.get(game.id, game.guild_id)


async def redraw(client: discord.Client, game: MockMatch) -> bool:
    """Renew the card of a game in its channel, from what is stored then; return False where Discord did not let it be.

    Where that is under way already, it is done once more after that: the last edit shows the last state.
    """
    if game.id in _drawing:
        _drawing[game.id] = True
        return True
    try:
        _drawing[game.id] = True
        while _drawing[game.id]:
            _drawing[game.id] = False
            await _edit(client, game)
    except discord.HTTPException as error:
        log.info("the card of a mock match could not be renewed: HTTP %s, code %s", error.status, error.code)
        return False
    finally:
        _drawing.pop(game.id, None)
    return True


async def _edit(client: discord.Client, game: MockMatch) -> None:
    services: Services = client.services  # pyright: ignore[reportAttributeAccessIssue]
    now = await services.mock_matches.get(game.id, game.guild_id)
    if now.message_id is not None:
        view = public_card(services, now, await services.mock_matches.joined(now))
        await client.get_partial_messageable(now.channel_id).get_partial_message(now.message_id).edit(view=view)


def public_card(services: Services, game: MockMatch, joined: int) -> Card:
    """Return the card that everybody in the channel sees; of members it knows how many, and nothing else."""
    from cogs.server._mock_list import Join, MyResult

    if game.numbers is not None:
        return card(
            "Mock match: the result",
            words.numbers_text(game.numbers),
            words.places_line(game.numbers),
            f"**My result** shows you alone where you were placed and why, for seven days. {words.NOT_YOURS}",
            meaning=Meaning.DONE,
            rows=[[MyResult(game.id, label="My result", style=discord.ButtonStyle.primary)]],
            quiet=f"All programs are invented, their lists were drawn by lot. {words.COUPLES}\n{_source(services)}",
        )
    if not services.mock_matches.is_open(game):
        return card("This mock match is over", "Nothing was revealed, and its lists are deleted.", meaning=Meaning.DONE)
    return card(
        "Mock match: see how the algorithm works",
        words.WHAT,
        words.programs_line(game),
        f"{words.joined_line(joined)}\n{words.ends_line(game)}",
        f"{words.NOT_YOURS} {words.PRIVATE}",
        rows=[
            [
                Join(game.id, label="Join", style=discord.ButtonStyle.primary),
                Reveal(game.id, label="Reveal (moderators)"),
                AskStop(game.id, label="Stop (moderators)"),
            ]
        ],
        quiet=f"{words.COUPLES}\n{_source(services)}",
    )


def there_card(game: MockMatch) -> Card:
    """Return which game is open already, with what can be done."""
    where = f"It stands at {link_of(game)}." if game.message_id is not None else "Its card could not be found."
    return card(
        "A mock match is open here",
        f"{where} A server has one at a time. {words.ends_line(game)}",
        meaning=Meaning.ATTENTION,
        rows=[[PostMock(game.id, label="Post its card here"), AskStop(game.id, label="Stop it")]],
        quiet="Posting it here leaves the lists as they are; the card that stood before is not renewed any more.",
    )


def link_of(game: MockMatch) -> str:
    """Return the address of a game's card."""
    return f"https://discord.com/channels/{game.guild_id}/{game.channel_id}/{game.message_id}"


def _said(title: str, game: MockMatch, is_shown: bool) -> Card:
    if is_shown and game.message_id is not None:
        return card(title, f"The card stands at {link_of(game)}.", meaning=Meaning.DONE)
    return card(
        title,
        "Its card in the channel could not be renewed: it was deleted, or I may not write there any more.",
        meaning=Meaning.ATTENTION,
        rows=[[PostMock(game.id, label="Post its card here")]],
    )


def _over_card() -> Card:
    return card(OVER.what_happened, OVER.what_to_do, meaning=Meaning.ATTENTION)


def _source(services: Services) -> str:
    return source_line(citations(services, "algorithm", "couples_left_out"))


ITEMS = (Reveal, AskStop, Stop, PostMock)
