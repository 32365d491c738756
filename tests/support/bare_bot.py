"""A bare discord.py bot with no code of ours, which uses every part of Discord that the sandbox serves.

``python -m tests.support.bare_bot URL`` runs it as a process of its own.
"""

import asyncio
import io
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
import yarl
from discord import app_commands
from discord.asset import Asset
from discord.gateway import DiscordWebSocket
from discord.http import Route

TOKEN = "sandbox-token"
START_SECONDS = 20.0
PICTURE = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489")
BOOKS = ("Gray's Anatomy", "Harrison's Principles", "First Aid")


def point_at(url: str) -> None:
    """Change the three addresses of discord.py, and nothing else."""
    Route.BASE = f"{url}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url.replace("http", "ws", 1) + "/gateway")
    Asset.BASE = f"{url}/cdn"


class Bare(discord.Client):
    """Register the commands at start and remember what was heard."""

    def __init__(self, **options: Any) -> None:
        given = {"intents": discord.Intents(guilds=True, guild_messages=True, dm_messages=True), "guild_ready_timeout": 0.05}
        super().__init__(**{**given, **options})
        self.tree = app_commands.CommandTree(self)
        self.heard: list[discord.Message] = []
        self.events: list[str] = []
        self.form: dict[str, Any] = {}

    async def setup_hook(self) -> None:
        for command in (ping, tell, board, form, slow, files, layout, write, broken):
            self.tree.add_command(command)
        self.tree.add_command(book)
        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        self.heard.append(message)

    async def on_socket_event_type(self, name: str) -> None:
        self.events.append(name)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Don't wait five seconds between shards: this sandbox counts no identifies."""


class BareSharded(Bare, discord.AutoShardedClient):
    """The same over several shards."""


@app_commands.command()
async def ping(interaction: discord.Interaction) -> None:
    """Answer with nothing but a word."""
    await interaction.response.send_message("pong")


@app_commands.command()
@app_commands.describe(text="any text", number="1 to 10", colour="one of three")
@app_commands.choices(colour=[app_commands.Choice(name=name, value=name.lower()) for name in ("Red", "Green", "Blue")])
async def tell(
    interaction: discord.Interaction,
    text: str,
    number: app_commands.Range[int, 1, 10] = 1,
    colour: str = "red",
    member: discord.Member | None = None,
    place: discord.TextChannel | None = None,
    loud: bool = False,
) -> None:
    """Repeat every kind of option, privately."""
    embed = discord.Embed(title=text, description=f"{number} {colour} {loud}", colour=discord.Colour.teal())
    embed.add_field(name="who", value=member.display_name if member else "nobody")
    embed.add_field(name="where", value=place.name if place else "nowhere")
    await interaction.response.send_message(embed=embed, ephemeral=True)


book = app_commands.Group(name="book", description="Books")


@book.command()
async def find(interaction: discord.Interaction, title: str) -> None:
    """Find a book."""
    await interaction.response.send_message(f"Found {title}", ephemeral=True)


@find.autocomplete("title")
async def find_title(_: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=each, value=each) for each in BOOKS if current.lower() in each.lower()]


class BoardView(discord.ui.View):
    """Hold a counter, a menu and a link."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        self.add_item(discord.ui.Button(label="Site", url="https://example.org"))

    @discord.ui.button(label="Count", custom_id="board:count", style=discord.ButtonStyle.primary)
    async def count(self, interaction: discord.Interaction, _: discord.ui.Button[Any]) -> None:
        assert interaction.message is not None
        number = int(interaction.message.content.rsplit(" ", 1)[-1]) + 1
        await interaction.response.edit_message(content=f"Counted {number}", view=self)

    @discord.ui.button(label="Later", custom_id="board:later")
    async def later(self, interaction: discord.Interaction, _: discord.ui.Button[Any]) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content="Edited later 0")

    @discord.ui.button(label="Form", custom_id="board:form")
    async def open_form(self, interaction: discord.Interaction, _: discord.ui.Button[Any]) -> None:
        await interaction.response.send_modal(Form())

    @discord.ui.select(custom_id="board:menu", options=[discord.SelectOption(label=each) for each in "ABC"], max_values=2)
    async def menu(self, interaction: discord.Interaction, select: discord.ui.Select[Any]) -> None:
        await interaction.response.send_message(f"Chose {', '.join(select.values)}", ephemeral=True)


@app_commands.command()
async def board(interaction: discord.Interaction) -> None:
    """Show buttons and a menu."""
    await interaction.response.send_message("Counted 0", view=BoardView())


class Form(discord.ui.Modal, title="Everything"):
    """Hold a field of every kind."""

    name = discord.ui.Label(text="Name", component=discord.ui.TextInput(custom_id="name", max_length=20))
    note = discord.ui.Label(text="Note", component=discord.ui.TextInput(custom_id="note", required=False, style=discord.TextStyle.long))
    year = discord.ui.Label(
        text="Year",
        description="of the Match",
        component=discord.ui.Select(custom_id="year", options=[discord.SelectOption(label=each) for each in ("2027", "2028")]),
    )
    country = discord.ui.Label(
        text="Country",
        component=discord.ui.RadioGroup(
            custom_id="country", options=[discord.RadioGroupOption(label=each, value=each) for each in ("us", "ca")]
        ),
    )
    topics = discord.ui.Label(
        text="Topics",
        component=discord.ui.CheckboxGroup(
            custom_id="topics", options=[discord.CheckboxGroupOption(label=each, value=each) for each in ("exams", "visas", "letters")]
        ),
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        client = interaction.client
        assert isinstance(client, Bare)
        client.form = {
            "name": self.name.component.value,  # type: ignore[attr-defined]
            "note": self.note.component.value,  # type: ignore[attr-defined]
            "year": self.year.component.values,  # type: ignore[attr-defined]
            "country": self.country.component.value,  # type: ignore[attr-defined]
            "topics": self.topics.component.values,  # type: ignore[attr-defined]
        }
        await interaction.response.send_message(f"Thank you, {client.form['name']}", ephemeral=True)


class Papers(discord.ui.Modal, title="Papers"):
    """Hold a checkbox and a file."""

    intro = discord.ui.TextDisplay("Only a **test**.")
    agreed = discord.ui.Label(text="Agreed", component=discord.ui.Checkbox(custom_id="agreed"))
    paper = discord.ui.Label(text="Paper", component=discord.ui.FileUpload(custom_id="paper", max_values=2))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        uploads: list[discord.Attachment] = self.paper.component.values  # type: ignore[attr-defined]
        sizes = [len(await upload.read()) for upload in uploads]
        agreed = self.agreed.component.value  # type: ignore[attr-defined]
        await interaction.response.send_message(f"{agreed} {[upload.filename for upload in uploads]} {sizes}", ephemeral=True)


@app_commands.command()
async def form(interaction: discord.Interaction, papers: bool = False) -> None:
    """Open a form."""
    await interaction.response.send_modal(Papers() if papers else Form())


@app_commands.command()
async def slow(interaction: discord.Interaction) -> None:
    """Think, edit, follow up, delete."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    await interaction.edit_original_response(content="Half done")
    await interaction.edit_original_response(content="Done")
    more = await interaction.followup.send("One more", ephemeral=True, wait=True)
    await more.edit(content="One more, edited")
    gone = await interaction.followup.send("Too many", ephemeral=True, wait=True)
    await gone.delete()
    original = await interaction.original_response()
    await interaction.followup.send(f"It said {original.content}", ephemeral=True)


@app_commands.command()
async def files(interaction: discord.Interaction) -> None:
    """Send two files, one shown in an embed."""
    picture = discord.File(io.BytesIO(PICTURE), "dot.png", description="A dot")
    embed = discord.Embed(title="Dot").set_image(url="attachment://dot.png")
    await interaction.response.send_message(files=[picture, discord.File(io.BytesIO(b"a,b\n1,2\n"), "table.csv")], embed=embed)
    await interaction.edit_original_response(attachments=[discord.File(io.BytesIO(b"new"), "new.txt")], embed=None, content="Replaced")


class Layout(discord.ui.LayoutView):
    """Hold every Components V2 part."""

    def __init__(self, word: str = "Once") -> None:
        super().__init__(timeout=None)
        knob = discord.ui.Button[Any](label="Again", custom_id="layout:again")
        knob.callback = self.again  # type: ignore[method-assign]
        menu = discord.ui.UserSelect[Any](custom_id="layout:who")
        menu.callback = self.who  # type: ignore[method-assign]
        self.menu = menu
        box = discord.ui.Container[Any](accent_colour=discord.Colour.teal())
        box.add_item(discord.ui.TextDisplay(f"## {word}"))
        box.add_item(discord.ui.Section("Beside a button", accessory=knob))
        box.add_item(discord.ui.Section("Beside a picture", accessory=discord.ui.Thumbnail("attachment://dot.png", description="A dot")))
        box.add_item(discord.ui.Separator())
        box.add_item(discord.ui.MediaGallery(discord.MediaGalleryItem("attachment://dot.png", description="A dot")))
        box.add_item(discord.ui.File("attachment://table.csv"))
        box.add_item(discord.ui.ActionRow(menu))
        self.add_item(box)

    async def again(self, interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(view=Layout("Twice"), attachments=pieces())

    async def who(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"Chose {self.menu.values[0].display_name}", ephemeral=True)


def pieces() -> list[discord.File]:
    return [discord.File(io.BytesIO(PICTURE), "dot.png"), discord.File(io.BytesIO(b"a,b\n"), "table.csv")]


@app_commands.command()
async def layout(interaction: discord.Interaction) -> None:
    """Show Components V2."""
    await interaction.response.send_message(view=Layout(), files=pieces())


@app_commands.command()
async def write(interaction: discord.Interaction, text: str, nonce: str | None = None) -> None:
    """Write a direct message, with a nonce where one is given."""
    try:
        await interaction.user.send(text, nonce=nonce)  # type: ignore[call-arg]
    except discord.Forbidden as error:
        await interaction.response.send_message(f"Refused: {error.code}", ephemeral=True)
        return
    await interaction.response.send_message("Written", ephemeral=True)


@app_commands.command()
async def broken(interaction: discord.Interaction) -> None:
    """Never answer."""


@asynccontextmanager
async def running(bot: Bare, token: str = TOKEN) -> AsyncIterator[Bare]:
    """Run a bot in this loop until the end of the block; raise what keeps it from starting."""
    async with bot:
        await bot.login(token)
        connection = asyncio.create_task(bot.connect())
        ready = asyncio.create_task(bot.wait_until_ready())
        try:
            async with asyncio.timeout(START_SECONDS):
                await asyncio.wait({connection, ready}, return_when=asyncio.FIRST_COMPLETED)
            if connection.done():
                connection.result()
            yield bot
        finally:
            await bot.close()
            ready.cancel()
            await asyncio.gather(connection, ready, return_exceptions=True)


if __name__ == "__main__":
    point_at(sys.argv[1])
    asyncio.run(Bare().start(TOKEN))
