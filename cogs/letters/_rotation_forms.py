"""The two forms of a rotation: what, where and when; who could write, and what the summary is made of."""

from collections.abc import Mapping
from typing import Any

import discord
from discord import ui

from bot.domain.letter_drafts import day_in_words
from bot.domain.letters import WriterCountry
from bot.domain.member import Member
from bot.domain.rotations import MAX_DETAIL, MAX_PLACE, MAX_SPECIALTY, MAX_WRITERS, MAX_WRITERS_TEXT, Details, Rotation, RotationKind
from bot.errors import UserFacingError
from bot.services.bundle import Services
from bot.services.rotations import Entry
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, Meaning, card, send_card
from cogs._ui.forms import Form
from cogs.letters._buttons import Shows, show
from cogs.letters._guidance import KINDS, STALE
from cogs.letters._words import COUNTRIES

PLACE, DETAILS = "place", "details"
NEW = "new"
MAX_DATES = 80
DATES_EXAMPLE = "3 Aug 2026 to 28 Aug 2026"
_LONG = discord.TextStyle.paragraph

Values = Mapping[str, str]


class RotationForm(Form):
    """Ask for the common part of both forms: what is refused is held, so that nothing has to be typed twice."""

    form = ""

    def __init__(self, title: str, services: Services, rotation: Rotation | None) -> None:
        super().__init__(title)
        self.services = services
        self.rotation_id = rotation.id if rotation else NEW
        self.texts: dict[str, ui.TextInput[Any]] = {}

    def text(self, name: str, label: str, limit: int, default: str, help_: str | None = None, **options: Any) -> None:  # noqa: ANN401 - TextInput's own
        """Add a question answered in text."""
        self.texts[name] = ui.TextInput(max_length=limit, default=default[:limit] or None, **options)
        self.ask(label, self.texts[name], help_)

    def values(self) -> dict[str, str]:
        """Return what stands in the form."""
        return {name: str(field.value) for name, field in self.texts.items()}

    async def submitted(self, interaction: Interaction) -> None:
        """Store it and show the rotation; where it is refused, say why and offer the form again as it was."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        member = await self.services.members.get(interaction.user.id)
        try:
            rotation = await self.stored(member)
        except UserFacingError as refusal:
            self.services.rotations.keep_unsent(member.id, self.form, self.rotation_id, self.values())
            await send_card(interaction, refused_card(refusal, self.form, self.rotation_id))
            return
        self.services.rotations.forget(member.id)
        await show(interaction, Shows.ROTATION, rotation.id, edit=False)

    async def stored(self, member: Member) -> Rotation:
        """Store what stands in the form."""
        raise NotImplementedError


class PlaceForm(RotationForm):
    """Ask what a rotation is, where and when."""

    form = PLACE

    def __init__(self, services: Services, rotation: Rotation | None, before: Values | None = None) -> None:
        super().__init__("Change the rotation" if rotation else "A rotation", services, rotation)
        held = before or (_place_values(services, rotation) if rotation else {})
        self.kind: ui.Select[Any] = ui.Select(options=_options(KINDS, held.get("kind", "")), placeholder="What kind of rotation it is")
        self.country: ui.Select[Any] = ui.Select(options=_options(COUNTRIES, held.get("country", "")), placeholder="Where it is")
        self.ask("Kind", self.kind)
        self.text("place", "Place", MAX_PLACE, held.get("place", ""), "Hospital or practice, and department.")
        self.ask("Country", self.country)
        self.text(
            "specialty", "Specialty", MAX_SPECIALTY, held.get("specialty", ""), "As you call it: IM, peds, cardiology.", required=False
        )
        self.text("dates", "First and last day", MAX_DATES, held.get("dates", ""), f"{DATES_EXAMPLE}, or: 3 Aug 2026, 4 weeks")

    def values(self) -> dict[str, str]:
        """Return what stands in the form."""
        return super().values() | {"kind": _chosen(self.kind), "country": _chosen(self.country)}

    async def stored(self, member: Member) -> Rotation:
        """Store the rotation, new or changed."""
        said = self.values()
        kind, country = said["kind"], said["country"]
        if kind not in {each.value for each in KINDS} or country not in {each.value for each in COUNTRIES}:
            raise STALE
        entry = Entry(RotationKind(kind), said["place"], WriterCountry(country), said["specialty"], said["dates"])
        if self.rotation_id == NEW:
            return await self.services.rotations.add(member, entry)
        return await self.services.rotations.change(member, self.rotation_id, entry)


class DetailsForm(RotationForm):
    """Ask who could write, and what the summary is made of."""

    form = DETAILS

    def __init__(self, services: Services, rotation: Rotation, before: Values | None = None) -> None:
        super().__init__("Writers and summary", services, rotation)
        held = before or _details_values(rotation)
        self.text(
            "writers",
            "Who could write a letter",
            MAX_WRITERS_TEXT,
            held.get("writers", ""),
            f"One name per line, at most {MAX_WRITERS}: those who saw your work.",
            style=_LONG,
            required=False,
        )
        for name, label, help_ in (
            ("duties", "What you did", "Setting, patients a day, presentations, calls, procedures."),
            ("cases", "Cases and projects they may remember", "Nothing that identifies a patient."),
            ("feedback", "Feedback you were given", "And what you changed because of it."),
            ("strengths", "Strengths to mention, if accurate", "Two or three; the letter itself is the writer's."),
        ):
            self.text(name, label, MAX_DETAIL, held.get(name, ""), help_, style=_LONG, required=False)

    async def stored(self, member: Member) -> Rotation:
        """Store the details."""
        said = self.values()
        writers = (said.pop("writers"),)
        return await self.services.rotations.describe(member.id, self.rotation_id, Details(writers, **said))


def _options(words: Mapping[Any, str], chosen: str) -> list[discord.SelectOption]:
    return [discord.SelectOption(label=label, value=value.value, default=value.value == chosen) for value, label in words.items()]


def _chosen(select: ui.Select[Any]) -> str:
    return str(select.values[0]) if select.values else ""


def _place_values(services: Services, rotation: Rotation) -> Values:
    about = rotation.about
    return {
        "kind": about.kind.value,
        "country": about.country.value,
        "place": about.place,
        "specialty": services.rotations.specialty_name(rotation),
        "dates": f"{day_in_words(about.starts_on)} to {day_in_words(about.ends_on)}",
    }


def _details_values(rotation: Rotation) -> Values:
    details = rotation.details
    return {
        "writers": "\n".join(details.writers),
        "duties": details.duties,
        "cases": details.cases,
        "feedback": details.feedback,
        "strengths": details.strengths,
    }


def refused_card(refusal: UserFacingError, form: str, rotation_id: str) -> Card:
    """Return why a form was refused, with the button that opens it again as it was."""
    again = OpenFormAgain(f"{form}-{rotation_id}", label="Open the form again", style=discord.ButtonStyle.primary)
    return card(
        refusal.what_happened,
        refusal.what_to_do,
        meaning=Meaning.ATTENTION,
        rows=[[again]],
        quiet="What you typed is kept for an hour, for you alone.",
    )


async def open_form(interaction: Interaction, form: str, rotation_id: str, before: Values | None = None) -> None:
    """Open one of the forms, filled with what is stored or with what was refused."""
    services: Services = interaction.client.services
    if form not in (PLACE, DETAILS) or (form == DETAILS and rotation_id == NEW):
        raise STALE
    rotation = None if rotation_id == NEW else await services.rotations.get(interaction.user.id, rotation_id)
    if form == PLACE or rotation is None:
        await interaction.response.send_modal(PlaceForm(services, rotation, before))
    else:
        await interaction.response.send_modal(DetailsForm(services, rotation, before))


class OpenForm(Action, prefix="rotation:form"):
    """Open the form in the key, with what is stored."""

    async def act(self, interaction: Interaction) -> None:
        """Open it."""
        form, _, rotation_id = self.key.partition("-")
        await open_form(interaction, form, rotation_id)


class OpenFormAgain(Action, prefix="rotation:again"):
    """Open the form in the key as it was when it was refused."""

    async def act(self, interaction: Interaction) -> None:
        """Open it; after an hour it comes with what is stored."""
        form, _, rotation_id = self.key.partition("-")
        before = interaction.client.services.rotations.unsent(interaction.user.id, form, rotation_id)
        await open_form(interaction, form, rotation_id, before)


ITEMS = (OpenForm, OpenFormAgain)
