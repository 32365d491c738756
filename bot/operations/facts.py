"""``matchday data check``: the structure and the age of the curated facts."""

import argparse
import sys
from datetime import UTC, datetime

from bot.operations.verb import EXIT_OK, EXIT_PROBLEMS, Verbs


def add(verbs: Verbs) -> None:
    """Add the verb."""
    nouns = verbs.add_parser("data", help="the curated facts").add_subparsers(dest="noun", required=True, metavar="check")
    nouns.add_parser("check", help="check the facts' structure and report their age").set_defaults(call=check)


def check(_given: argparse.Namespace) -> int:
    """Print how old the facts are, and every problem of their structure."""
    from bot.catalogue.check import check_data

    report = check_data()
    today = datetime.now(UTC).date()
    for age in report.ages:
        print(f"{age.what}: {age.facts} facts as of {age.as_of}, {age.days(today)} days ago")
    for problem in report.problems:
        print(f"problem: {problem}", file=sys.stderr)
    print(f"{sum(age.facts for age in report.ages)} facts, {len(report.problems)} problems")
    return EXIT_PROBLEMS if report.problems else EXIT_OK
