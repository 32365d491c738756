"""The bot that runs on this data folder, and whoever else serves the database."""

import socket
from collections.abc import Iterator, Sequence

from bot.doctor.finding import Finding, problem, warning, well
from bot.health import Beat, Gateway, Verdict

BOT = "bot"
START_SECONDS = 60.0
START = "matchday run, or systemctl start matchday; docs/install.md says more."


def check_bot(beat: Beat | None, verdict: Verdict, holders: Sequence[str]) -> Iterator[Finding]:
    """Yield how the bot fares, by its heartbeat and by the sending leases that are held."""
    here = socket.gethostname()[:40]
    elsewhere = sorted({owner.partition(":")[0] for owner in holders} - {here})
    if beat is None and elsewhere:
        yield well(BOT, f"No bot runs on this data folder; one on {', '.join(elsewhere)} serves the database.")
    elif beat is None and holders:
        said = "A bot of this host serves the database from another data folder."
        yield warning(BOT, said, "Set MATCHDAY_DATA_DIR to the folder of that bot, or stop the one that should not run.")
    elif beat is None:
        yield warning(BOT, "No bot runs on this data folder: nothing is sent.", START)
    elif verdict.is_well:
        yield well(BOT, verdict.sentence)
        if elsewhere:
            yield well(BOT, f"Another one on {', '.join(elsewhere)} holds a sending lease.")
    elif beat.state.gateway is Gateway.STARTING and beat.state.gateway_seconds < START_SECONDS:
        yield warning(BOT, verdict.sentence, "Ask again in a minute.")
    else:
        yield problem(BOT, verdict.sentence, "See its log; if that says nothing, restart it: what is due is sent then, once.")
