"""Whatever is typed into any text field of any form is refused in words or kept harmless; no form exists that is not tried."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
import simcord
import sqlalchemy as sa

from bot.domain.facts import Certainty
from bot.domain.slots import SlotKind
from bot.storage.question_tables import question as questions
from cogs._ui.forms import Form
from cogs.eligibility._shown import View, key_of
from cogs.letters._kept import KeptForm
from cogs.programs._ways import View as ProgramView
from cogs.ranklist._ways import SEPARATOR
from tests.cogs.conftest import World, text
from tests.support.eligibility_cards import ANSWERS
from tests.support.every_card import answers_of, looked_at, press
from tests.support.filled_server import Circle, a_circle, filled
from tests.support.reply_limits import assert_nobody_is_mentioned

pytestmark = pytest.mark.simcord(settle_timeout=60.0)
TEXT, MODAL = 4, 9
EVIL = "https://evil.example"
HOSTILE = (
    "@everyone @here <@1> <@&1> <#1> <a:evil:123456789012345678> <t:99999999999999:R> </start:1> <id:customize>",
    f"[nrmp.org]({EVIL}) [https://www.nrmp.org](<{EVIL}>)",
    "``` `` ` ||s|| **b** __u__ ~~s~~ *",
    "\u202eevil\u202c \u2066x\u2069 a\u200bb\u200d\ufeff",
    " \u200b\u2060\u3164 ",
    "# x\n-# y\n> z\n>>> q\n- l\n1. n",
    "a\x00b\x1b[31m",
    "'; DROP TABLE member;-- %s %d {0} {x.__class__} ${1}",
    "https://[ https://a.example/](x) https://u:p@[::1/%0a.png",
    "in 99999999999999999999 weeks",
    "\u0663\u0663-1e999",
)
"""What fits is sent as it is; cut, where a field holds less."""
LONG = ("*", "\n#", "\U0001f469\u200d\U0001f469\u200d\U0001f467", "z\u0301", "<@1>")
"""What is repeated until a field is full."""
VALID = {
    "Where you read it": "https://www.nrmp.org/dates",
    "Date": "March 5 2027 9:00 PM ET",
    "Specialty": "IM",
    "First and last day": "3 Aug 2026 to 28 Aug 2026",
    "To which day": "2027-02-01",
    "By when should letters be there?": "2027-02-01",
    "When": "in 3 weeks",
    "When the first one begins": "2 December 2026 18:00 ET",
    "When it begins": "2 December 2026 18:00 ET",
    "Minutes": "30",
    "Places": "1",
}
"""What stands in the other fields where nothing does."""
OPTIONAL = ("Their specialty", "A second one", "Weeks together", "Last day together", "A target date of its own", "From", "Until")

Opened = tuple[Any, simcord.InteractionResult]
Opening = Callable[[Circle], Awaitable[Opened]]


def pressed(name: str, custom_id: Callable[[Circle], str], *values: str) -> Opening:
    """Return how a form is opened by somebody who presses a button."""

    async def opened(circle: Circle) -> Opened:
        who = getattr(circle, name)
        return who, await press(circle.world, who, circle.general, custom_id(circle), values)

    return opened


def used(name: str, command: str) -> Opening:
    """Return how a form is opened by a command."""

    async def opened(circle: Circle) -> Opened:
        who = getattr(circle, name)
        return who, await who.slash(circle.general, command)

    return opened


async def about_a_message(circle: Circle) -> Opened:
    message = await circle.other.send(circle.general, HOSTILE[0])
    return circle.member, await circle.member.context_menu(circle.general, "Remind me about this", message)


async def snoozed(circle: Circle) -> Opened:
    """Press the button of the reminder that was pushed to her."""
    for message in circle.member.user.dm_channel.history():
        for row in message.components:
            for each in row.children:
                if (each.custom_id or "").startswith("remind:choose:"):
                    return circle.member.user, await circle.member.user.click(message, custom_id=each.custom_id)
    raise AssertionError("no reminder was pushed")


async def lifted(circle: Circle) -> Opened:
    """Lift a name, as if for the first time."""
    async with circle.world.house.database.write() as connection:
        await connection.execute(sa.update(questions).values(lifted_at=None))
    return await pressed("moderator", lambda circle: f"advisor:name:{circle.rows[-1]}")(circle)


async def added(circle: Circle, custom_id: str = "letters:add:") -> Opened:
    """Add a letter where there is room for one."""
    letters = circle.world.services.letters
    for each in await letters.letters_of(circle.member.id):
        if each.id != circle.own_rows[0]:
            await letters.delete(circle.member.id, each.id)
    return await pressed("member", lambda _: custom_id)(circle)


def movable(circle: Circle) -> str:
    found = circle.world.services.server_dates.suggest("")
    return next(each.id for each in found if each.citation.certainty is not Certainty.ANNOUNCED)


OPENINGS: dict[str, Opening] = {
    "_ui.SnoozeForm": snoozed,
    "advisor.AnswerForm": pressed("advisor", lambda circle: f"advisor:answer:{circle.rows[-2]}"),
    "advisor.LiftForm": lifted,
    "advisor.MeetForm": pressed("advisor", lambda circle: f"slots:meet:{circle.named['slot']}"),
    "advisor.MoveForm": pressed("advisor", lambda circle: f"slots:move:{circle.named['slot']}"),
    "advisor.OfferForm": pressed("advisor", lambda _: "slots:offer:", SlotKind.OFFICE_HOURS),
    "ask.AskForm": used("other", "ask new"),
    "ask.ReplyForm": pressed("member", lambda circle: f"ask:reply:{circle.rows[-2]}"),
    "broadcast.NewNotice": used("manager", "broadcast new"),
    "eligibility.OwnTime": pressed("member", lambda _: f"eligibility:remindon:{key_of(ANSWERS, View.PLAN)}", "us-eras"),
    "interviews.InterviewForm": pressed("member", lambda _: "interviews:add:"),
    "interviews.NoteForm": pressed("member", lambda circle: f"practice:note:{circle.named['round']}.0"),
    "interviews.ReportForm": pressed("member", lambda _: "heard:report:"),
    "journey.NoteForm": pressed("member", lambda _: "journey:note:money-bank"),
    "journey.ExperiencesForm": pressed("member", lambda _: "journey:experiences:"),
    "journey.ExamForm": pressed("member", lambda _: "journey:fill:step2"),
    "letters.AddForm": added,
    "letters.DetailsForm": pressed("member", lambda circle: f"rotation:form:details-{circle.own_rows[1]}"),
    "letters.ImportForm": lambda circle: added(circle, "letters:import_other:"),
    "letters.LetterForm": pressed("member", lambda circle: f"letters:details:{circle.own_rows[0]}-letter"),
    "letters.MoveForm": pressed("member", lambda circle: f"letters:move:{circle.own_rows[0]}-two_weeks"),
    "letters.PlaceForm": pressed("member", lambda circle: f"rotation:form:place-{circle.own_rows[1]}"),
    "letters.ProgramsForm": pressed("member", lambda circle: f"letters:programs:{circle.own_rows[0]}"),
    "letters.SpecialtyForm": pressed("member", lambda _: "letters:specialty_typed:"),
    "letters.TargetForm": pressed("member", lambda _: "letters:day:"),
    "letters.TogetherForm": pressed("member", lambda circle: f"letters:details:{circle.own_rows[0]}-together"),
    "letters.WhoForm": pressed("member", lambda circle: f"letters:details:{circle.own_rows[0]}-who"),
    "programs.ProgramForm": pressed("member", lambda _: f"programs:add:{ProgramView(2027).pack()}"),
    "ranklist.CertifiedForm": pressed("member", lambda _: "ranklist:certifiedon:"),
    "ranklist.CriterionForm": pressed("member", lambda _: "ranklist:own:"),
    "ranklist.PlaceForm": pressed("member", lambda circle: f"ranklist:askplace:{circle.named['program']}{SEPARATOR}"),
    "remind.AboutForm": about_a_message,
    "remind.ChangeForm": pressed("member", lambda circle: f"remind:change:{circle.own_rows[-1]}"),
    "remind.QuietForm": pressed("member", lambda _: "remind:quiet:"),
    "server.AnswerForm": pressed("manager", lambda _: "serverfaq:write:"),
    "server.DateForm": pressed("manager", lambda circle: f"server:correct:{movable(circle)}"),
    "server.OwnForm": pressed("manager", lambda _: "server:event_write:"),
    "server.ZoneForm": pressed("manager", lambda _: "server:zone:"),
}
"""How each form is opened, by its package and its name."""
WITHOUT_TEXT = {"eligibility.AnswersForm", "interviews.PartnerForm", "programs.UploadForm", "server.ChannelsForm", "server.VoiceForm"}
SHOWN = {
    "journey.ExperiencesForm": ("member", "journey documents"),
    "remind.AboutForm": ("member", "remind list"),
    "letters.AddForm": ("member", "letters board"),
    "advisor.AnswerForm": ("member", "ask mine"),
    "advisor.MeetForm": ("member", "ask slots"),
    "remind.ChangeForm": ("member", "remind list"),
    "server.DateForm": ("manager", "server audit"),
    "letters.DetailsForm": ("member", "letters rotations"),
    "letters.LetterForm": ("member", "letters followups"),
    "interviews.InterviewForm": ("member", "interviews list"),
    "interviews.NoteForm": ("member", "interviews practice"),
    "interviews.ReportForm": ("member", "interviews heard"),
    "broadcast.NewNotice": ("manager", "broadcast status"),
    "letters.PlaceForm": ("member", "letters packet"),
    "programs.ProgramForm": ("member", "programs list"),
    "ranklist.CriterionForm": ("member", "ranklist board"),
    "remind.QuietForm": ("member", "remind settings"),
    "ask.ReplyForm": ("advisor", "advisor queue"),
    "server.AnswerForm": ("manager", "server faq"),
    "server.OwnForm": ("manager", "server events"),
    "letters.WhoForm": ("member", "letters draft"),
}
"""Where what was kept is seen afterwards."""
RAW = {"broadcast.NewNotice", "server.AnswerForm"}
"""What moderators write for their own server keeps its formatting; the guard names masked links to them."""


def forms(kind: type[Form] = Form) -> Iterator[str]:
    """Return every form by name; what only others build upon is none."""
    below = kind.__subclasses__()
    if below:
        for each in below:
            yield from forms(each)
    elif kind.__module__.startswith("cogs."):
        yield name_of(kind)


def name_of(kind: type[Form]) -> str:
    """Return a form's package and name."""
    return f"{kind.__module__.split('.')[1]}.{kind.__name__}"


def as_it_fits(typed: str, most: int) -> str:
    return typed if len(typed) <= most else typed[:most]


def full(typed: str, most: int) -> str:
    return (typed * most)[:most]


def values_of(circle: Circle, form: simcord.InteractionResult) -> tuple[dict[str, Any], list[tuple[str, int]]]:
    """Return what a form is sent with, and its text fields with the most that each holds."""
    assert form.modal is not None, [text(each) for each in answers_of(form)]
    values: dict[str, Any] = {}
    fields: list[tuple[str, int]] = []
    for label in form.modal["components"]:
        each, name = label["component"], label["label"]
        if each["type"] == TEXT:
            fields.append((each["custom_id"], each.get("max_length") or 4_000))
            given = each.get("value") or ("" if name in OPTIONAL or not each.get("required", True) else VALID.get(name, "some words"))
            values[each["custom_id"]] = given
        elif each["type"] == 8:
            values[each["custom_id"]] = [circle.general]
        elif each.get("options") and each.get("required", True):
            chosen = [option["value"] for option in each["options"] if option.get("default")] or [each["options"][0]["value"]]
            values[each["custom_id"]] = chosen[0] if each["type"] == 21 else chosen
    return {key: value for key, value in values.items() if value}, fields


def harmless(result: simcord.InteractionResult, name: str) -> None:
    """Check a reply: readable, within the limits, and what was typed links and hides nothing."""
    if name == "_ui.SnoozeForm" and not answers_of(result):
        return
    if not all(message.content for message in answers_of(result)) or name != "_ui.SnoozeForm":
        looked_at(result)
    for message in answers_of(result):
        said = text(message)
        if name not in RAW:
            assert f"]({EVIL}" not in said
            assert f"](<{EVIL}" not in said
            assert "\n# x" not in said


async def test_every_form_is_tried(world: World) -> None:
    client: Any = world.env.bot
    assert client.extensions  # whose forms are known from now on
    assert sorted(forms()) == sorted([*OPENINGS, *WITHOUT_TEXT])


async def test_no_text_in_any_field_does_harm(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    circle = await filled(await a_circle(world, "papaya"))
    sent: list[str] = []

    def note(kind: type[Form]) -> None:
        submit = kind.on_submit

        async def noted(self: Form, interaction: Any) -> None:
            sent.append(name_of(type(self)))
            await submit(self, interaction)

        monkeypatch.setattr(kind, "on_submit", noted)

    note(Form)
    note(KeptForm)  # which takes it over
    faults: list[str] = []
    for name, opening in OPENINGS.items():
        await world.restart()
        before, shown = len(world.env.http_requests), SHOWN.get(name)
        _, form = await opening(circle)
        _, fields = values_of(circle, form)
        for index in range(len(fields)):
            for typed in (*(as_it_fits(each, fields[index][1]) for each in HOSTILE), *(full(each, fields[index][1]) for each in LONG)):
                who, form = await opening(circle)
                values, now = values_of(circle, form)
                try:
                    result = await who.submit_modal(form, values | {now[index][0]: typed})
                    harmless(result, name)
                except (AssertionError, simcord.SetupError, simcord.BackendError) as error:
                    faults.append(f"{name} {index} {typed[:30]!r}: {error}"[:400])
            if shown:
                looked_at(await getattr(circle, shown[0]).slash(circle.general, shown[1]))
        assert sent[-1] == name, faults[-3:]
        requests = world.env.http_requests[before:]
        assert_nobody_is_mentioned([each for each in requests if not (isinstance(each.json, dict) and each.json.get("type") == MODAL)])
    assert faults == []
    world.env.raise_errors()
