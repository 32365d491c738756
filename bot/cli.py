"""The command line: finds the verb, calls it, prints what stops it; no logic. The verbs are in ``bot.operations``."""

import argparse
import sys

from bot.errors import StartError
from bot.operations import backing_up, doctor, erasing, facts, keys, migrating, restoring, running, server_export, syncing
from bot.operations.verb import EXIT_CANNOT_START, EXIT_OK

VERBS = (running, doctor, syncing, migrating, backing_up, restoring, facts, keys, erasing, server_export)
"""In the order of the help; each has ``add``, and imports what is heavy only when it is called."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit code: 0 well, 1 problems found, 2 can't start."""
    parser = argparse.ArgumentParser(prog="matchday", description="A Discord bot for international medical graduates.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="command")
    for each in VERBS:
        each.add(verbs)
    chosen = parser.parse_args(arguments)
    try:
        return chosen.call(chosen)
    except StartError as error:
        print(f"matchday can't start. {error.what_happened}\n{error.what_to_do}", file=sys.stderr)
        return EXIT_CANNOT_START
    except KeyboardInterrupt:
        return EXIT_OK


if __name__ == "__main__":
    sys.exit(main())
