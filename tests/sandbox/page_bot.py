"""A bare discord.py bot with every kind of component, for the walk through the sandbox's page."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
import pytest
import yarl
from discord import app_commands, ui

# A picture of one point.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415478da63e0cf4a0400016600dbb86779b3"
    "0000000049454e44ae426082"
)
MARKDOWN = """# Heading
-# quiet
**bold** *italic* __under__ ~~gone~~ ||secret|| `code` <b>not html</b>
> quoted
- one
  - deeper
1. first
```py
print("<hi>")
# a line of code that is longer than any phone is wide, as a calendar address is: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
```
[a link](https://example.org/rules) <@{user}> <#{channel}> <@&{role}>
<t:{at}:t> <t:{at}:T> <t:{at}:d> <t:{at}:D> <t:{at}:f> <t:{at}:F> <t:{at}:s> <t:{at}:S> <t:{at}:R>"""
AT = 1_805_472_000  # 19 March 2027, 16:00 UTC

Reply = discord.Interaction["PageBot"]


async def echo(interaction: Reply) -> None:
    """Answer with what was pressed or chosen, for her alone."""
    data: Any = interaction.data
    values = ", ".join(str(each) for each in data.get("values", []))
    await interaction.response.send_message(f"got {data['custom_id']} [{values}]", ephemeral=True)


class Echoes:
    """Give an item a callback that says what came."""

    async def callback(self, interaction: Reply) -> None:
        """Say what came."""
        await echo(interaction)


class Button(Echoes, ui.Button[Any]):
    """A button that answers."""


class Strings(Echoes, ui.Select[Any]):
    """A string select that answers."""


class Users(Echoes, ui.UserSelect[Any]):
    """A user select that answers."""


class Roles(Echoes, ui.RoleSelect[Any]):
    """A role select that answers."""


class Mentionables(Echoes, ui.MentionableSelect[Any]):
    """A mentionable select that answers."""


class Channels(Echoes, ui.ChannelSelect[Any]):
    """A channel select that answers."""


class Silent(ui.Button[Any]):
    """A button that is never acknowledged."""

    async def callback(self, interaction: Reply) -> None:
        """Do nothing."""


class Edits(ui.Button[Any]):
    """A button that changes its own message."""

    async def callback(self, interaction: Reply) -> None:
        """Count in the label."""
        self.label = "Changed"
        await interaction.response.edit_message(view=self.view)


def every_component() -> ui.LayoutView:
    """Return a Components V2 message with everything."""
    leads = [discord.SelectOption(label=f"Lead {n}", value=f"lead-{n}", description=f"About {n}") for n in range(4)]
    style = discord.ButtonStyle
    view = ui.LayoutView(timeout=None)
    view.add_item(
        ui.Container(
            ui.TextDisplay(f"## The next date\nMatch Day <t:{AT}:F>"),
            ui.Section(ui.TextDisplay("With a picture"), accessory=ui.Thumbnail("attachment://mark.png", description="A small mark")),
            ui.Section(ui.TextDisplay("With a button"), accessory=Button(label="Beside", custom_id="beside")),
            ui.Separator(),
            ui.ActionRow(
                Button(label="Primary", style=style.primary, custom_id="primary"),
                Button(label="Secondary", style=style.secondary, custom_id="secondary"),
                Button(label="Success", style=style.success, custom_id="success"),
                Silent(label="Danger", style=style.danger, custom_id="danger"),
                ui.Button(label="Outside", url="https://example.org/"),
            ),
            ui.ActionRow(Button(label="Resting", disabled=True, custom_id="resting"), Edits(label="Change", custom_id="change")),
            accent_colour=discord.Colour(0x0F6A61),
        )
    )
    view.add_item(ui.MediaGallery(discord.MediaGalleryItem("attachment://chart.png", description="A chart of rates")))
    view.add_item(ui.File("attachment://season.ics"))
    for item in (
        Strings(placeholder="One lead", options=leads, custom_id="one"),
        Strings(placeholder="Some leads", options=leads, custom_id="some", min_values=1, max_values=3),
        Users(placeholder="A user", custom_id="user"),
        Roles(placeholder="A role", custom_id="role"),
        Mentionables(placeholder="A mentionable", custom_id="mentionable"),
        Channels(placeholder="A channel", custom_id="channel", max_values=2),
    ):
        view.add_item(ui.ActionRow(item))
    return view


def files() -> list[discord.File]:
    """Return the files that the components show."""
    return [
        discord.File(io.BytesIO(PIXEL), "mark.png"),
        discord.File(io.BytesIO(PIXEL), "chart.png"),
        discord.File(io.BytesIO(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"), "season.ics"),
    ]


class Form(ui.Modal, title="Ask an advisor"):
    """A form with every kind of field."""

    about = ui.TextDisplay("A **form** with every field.")
    question = ui.Label(
        text="Question", description="As exact as you can", component=ui.TextInput(style=discord.TextStyle.paragraph, min_length=5)
    )
    country = ui.Label(
        text="Country",
        component=ui.Select(
            options=[discord.SelectOption(label="United States", value="us"), discord.SelectOption(label="Canada", value="ca")]
        ),
    )
    form = ui.Label(
        text="Form",
        component=ui.RadioGroup(
            options=[
                discord.RadioGroupOption(label="Written", value="written", description="Within a week"),
                discord.RadioGroupOption(label="Spoken", value="spoken"),
            ]
        ),
    )
    topics = ui.Label(
        text="Topics",
        component=ui.CheckboxGroup(
            required=False,
            options=[discord.CheckboxGroupOption(label="Visa", value="visa"), discord.CheckboxGroupOption(label="Exams", value="exams")],
        ),
    )

    async def on_submit(self, interaction: Reply) -> None:
        """Say what came."""
        fields: tuple[Any, ...] = (self.question, self.country, self.form, self.topics)
        question, country, form, topics = (each.component for each in fields)
        text = f"{question.value} | {country.values} | {form.value} | {topics.values}"
        await interaction.response.send_message(f"form: {text}", ephemeral=True)


class Papers(ui.Modal, title="Papers"):
    """The kinds of field that did not fit into the first form."""

    agreed = ui.Label(text="Messages to me", component=ui.Checkbox())
    proof = ui.Label(text="A file", component=ui.FileUpload(max_values=2))
    advisor = ui.Label(text="An advisor", component=ui.UserSelect(required=True))
    place = ui.Label(text="A place", component=ui.ChannelSelect(required=False))

    async def on_submit(self, interaction: Reply) -> None:
        """Say what came, with the file's own content."""
        fields: tuple[Any, ...] = (self.agreed, self.proof, self.advisor, self.place)
        agreed, proof, advisor, place = (each.component for each in fields)
        texts = [(each.filename, (await each.read()).decode()) for each in proof.values]
        names = [each.name for each in advisor.values]
        await interaction.response.send_message(f"papers: {agreed.value} | {texts} | {names} | {place.values}", ephemeral=True)


class PageBot(discord.Client):
    """The bot; `release` lets a deferred answer go on."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.default())
        self.tree = app_commands.CommandTree(self)
        self.release = asyncio.Event()
        self.connected = asyncio.Event()

    async def setup_hook(self) -> None:
        """Register the commands."""
        for command in commands(self):
            self.tree.add_command(command)
        await self.tree.sync()

    async def on_ready(self) -> None:
        """Let the test go on."""
        self.connected.set()


def commands(bot: PageBot) -> list[Any]:
    """Return every command of the bot."""

    @app_commands.command(description="Show every component")
    async def every(interaction: Reply) -> None:
        await interaction.response.send_message(view=every_component(), files=files())

    @app_commands.command(description="Show text, an embed and a picture")
    async def text(interaction: Reply) -> None:
        assert interaction.guild is not None
        content = MARKDOWN.format(user=interaction.user.id, channel=interaction.channel_id, role=interaction.guild.roles[-1].id, at=AT)
        embed = discord.Embed(title="2027 Match", description="The *main* dates", colour=0xB3742B, timestamp=interaction.created_at)
        embed.add_field(name="Opens", value="15 January").set_footer(text="Source")
        picture = discord.File(io.BytesIO(PIXEL), "point.png", description="A single point")
        await interaction.response.send_message(content, embed=embed, files=[picture, discord.File(io.BytesIO(b"a,b"), "table.csv")])

    @app_commands.command(description="Open a form")
    async def form(interaction: Reply) -> None:
        await interaction.response.send_modal(Form())

    @app_commands.command(description="Open a form for papers")
    async def papers(interaction: Reply) -> None:
        await interaction.response.send_modal(Papers())

    @app_commands.command(description="Think, then answer")
    async def slow(interaction: Reply) -> None:
        await interaction.response.defer(ephemeral=True)
        await bot.release.wait()
        await interaction.edit_original_response(content="Here it is")

    @app_commands.command(description="Never answer")
    async def silent(interaction: Reply) -> None:
        """Do nothing."""

    @app_commands.command(description="Write to her directly")
    async def write(interaction: Reply) -> None:
        try:
            await interaction.user.send(f"Match Day is <t:{AT}:R>")
        except discord.Forbidden:
            await interaction.response.send_message("Your direct messages are closed", ephemeral=True)
        else:
            await interaction.response.send_message("Sent", ephemeral=True)

    return [every, text, form, papers, slow, silent, write, reminders()]


def reminders() -> app_commands.Group:
    """Return a group whose command has every kind of option list."""
    remind = app_commands.Group(name="remind", description="Reminders")

    @remind.command(name="me", description="Set a reminder of your own")
    @app_commands.describe(when="A date and time", how="How it is sent", who="For whom", count="How often")
    @app_commands.choices(how=[app_commands.Choice(name="Direct message", value="dm"), app_commands.Choice(name="Inbox", value="inbox")])
    async def me(interaction: Reply, when: str, how: str, who: discord.User | None = None, count: int | None = None) -> None:
        await interaction.response.send_message(f"at {when} by {how} for {who and who.name} times {count}", ephemeral=True)

    @me.autocomplete("when")
    async def understood(_: Reply, current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{current} understood", value=f"{current}!")]

    return remind


@asynccontextmanager
async def running(url: str, token: str, patch: pytest.MonkeyPatch) -> AsyncIterator[PageBot]:
    """Connect the bot to the sandbox at ``url`` until the block ends."""
    patch.setattr(discord.http.Route, "BASE", f"{url}/api/v10")
    patch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(f"{url.replace('http', 'ws', 1)}/gateway"))
    patch.setattr(discord.Asset, "BASE", f"{url}/cdn")
    bot = PageBot()
    task = asyncio.create_task(bot.start(token))
    try:
        await asyncio.wait_for(bot.connected.wait(), 20)
        yield bot
    finally:
        await bot.close()
        await asyncio.gather(task, return_exceptions=True)
