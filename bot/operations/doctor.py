"""``matchday doctor``: what is wrong with an installation, and how to mend it."""

import argparse
import asyncio
import json
import logging
from typing import TYPE_CHECKING

from bot.errors import StartError
from bot.operations.verb import EXIT_OK, EXIT_PROBLEMS, Verbs, read_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.doctor.finding import Finding

WIDTH = 9


def add(verbs: Verbs) -> None:
    """Add the verb."""
    about = "look what is wrong with this installation and say how to mend it; changes nothing; 0 where nothing has to be mended, else 1"
    looking = verbs.add_parser("doctor", help=about)
    where = looking.add_mutually_exclusive_group()
    where.add_argument("--online", action="store_true", default=None, help="ask Discord, too; so it is where there is a token or a sandbox")
    where.add_argument("--offline", action="store_false", dest="online", help="ask nobody beyond this host and its database")
    looking.add_argument("--json", action="store_true", help="print the findings as JSON")
    looking.set_defaults(call=look)


def look(given: argparse.Namespace) -> int:
    """Print every finding."""
    from bot.doctor.finding import is_well

    logging.getLogger().addHandler(logging.NullHandler())  # what libraries would say of a fault, the findings say
    findings, secrets = _examine(given.online)
    told = _as_json(findings) if given.json else _as_text(findings)
    for secret in secrets:  # no finding repeats one; should a sentence ever do, it goes no further than here
        told = told.replace(secret, "(secret)")
    print(told)
    return EXIT_OK if is_well(findings) else EXIT_PROBLEMS


def _examine(online: bool | None) -> "tuple[list[Finding], list[str]]":
    from bot.doctor.examination import SETTINGS, examine
    from bot.doctor.finding import problem

    try:
        settings = read_settings()
    except StartError as error:
        return [problem(SETTINGS, error.what_happened, error.what_to_do)], []
    if online is None:
        online = settings.token is not None or bool(settings.sandbox_url)
    token = settings.token.get_secret_value().strip() if settings.token is not None else ""
    return asyncio.run(examine(settings, online=online)), [token] if len(token) > 4 else []


def _as_json(findings: "Sequence[Finding]") -> str:
    from bot.doctor.finding import is_well

    return json.dumps({"is_well": is_well(findings), "findings": [each.shown() for each in findings]}, indent=2)


def _as_text(findings: "Sequence[Finding]") -> str:
    from bot.doctor.finding import Level

    lines: list[str] = []
    for each in findings:
        lines.append(f"{each.level.value:{WIDTH}}{each.check}: {each.what}")
        lines += [f"{'':{WIDTH}}{each.mend}"] if each.mend else []
    problems, warnings = (sum(each.level is level for each in findings) for level in (Level.PROBLEM, Level.WARNING))
    return "\n".join([*lines, "", f"{problems} problems, {warnings} warnings."])
