"""``/journey week``: what to do this week, what is due first, each with the command that does it; honest where nothing is due."""

from bot.domain.journey import GuideKey
from bot.services.bundle import Services
from bot.services.journey import JourneyBoard
from bot.services.journey_week import Urgency, WeekLine
from bot.services.season import ORGANISER
from cogs._ui.actions import Interaction
from cogs._ui.cards import Card, Meaning, card, plain, shortened
from cogs._ui.times import days_left, on_clock
from cogs.journey import _words as words
from cogs.journey._ways import View, go, shows

NOTHING = "Nothing is due this week, by what you told and by the calendar. Rest counts."
HEADINGS = {Urgency.NOW: "**Waits for you**", Urgency.DATED: "**By a date**", Urgency.NEXT: "**Next on your way**"}


@shows(View.WEEK)
async def week_card(interaction: Interaction, board: JourneyBoard, rest: str, done: str) -> Card:
    """Return what this week asks."""
    del rest
    services: Services = interaction.client.services
    lines = await services.journey_week.lines(board)
    blocks = [
        "\n".join([heading, *(_line(board, each) for each in lines if each.urgency is urgency)])
        for urgency, heading in HEADINGS.items()
        if any(each.urgency is urgency for each in lines)
    ]
    pressing = any(each.urgency is not Urgency.NEXT for each in lines)
    return card(
        "This week",
        done,
        "" if pressing else NOTHING,
        *blocks,
        meaning=Meaning.YOURS,
        rows=[[go("Your way", View.GUIDE, GuideKey.STEPS.value), go("Exams", View.GUIDE, GuideKey.EXAMS.value)]],
        quiet=f"Read from what you told and marked, and from the season's dates; /countdown has their sources. {words.PRIVATE}",
    )


def _line(board: JourneyBoard, line: WeekLine) -> str:
    title = shortened(line.title, 110)
    title = plain(title) if line.is_her_text else title
    if line.at is None:
        return f"- {title}: {line.command}"
    zone = board.member.zone or ORGANISER.key
    left = days_left(board.now, line.at, zone)
    local = line.at.astimezone(line.at.tzinfo) if line.is_day else line.at
    when = f"{local.day} {local:%b %Y}" if line.is_day else on_clock(line.at, zone)
    return f"- {title}: {when}, {left} · {line.command}"


ITEMS = ()
