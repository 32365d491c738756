"""Reports of failures to a Sentry server, where one is configured: the way through the code, and no word of anybody.

An event is not stripped of what it should not hold: it is made anew of what it may. What the library adds with its next version stays here.
"""

import atexit
import logging
from typing import TYPE_CHECKING, Any, cast

from bot import __version__
from bot.errors import StartError
from bot.observing.interactions import current
from bot.observing.logs import is_ours

if TYPE_CHECKING:
    from sentry_sdk.transport import Transport
    from sentry_sdk.types import Event, Hint

FLUSH_SECONDS = 2.0
KEPT = ("event_id", "timestamp", "platform", "level", "logger", "release", "environment", "sdk")
OF_A_FRAME = ("filename", "function", "module", "lineno", "in_app", "context_line", "pre_context", "post_context")
"""The place in the code and the lines around it: the source is public."""
A_LIBRARY = "A message of a library; the log has more."

Part = dict[str, Any]


def report_to(dsn: str, transport: "type[Transport] | None" = None) -> None:
    """Report what is logged as an error to a Sentry server from now on.

    Raises:
        StartError: The library is not installed, or the address is none.
    """
    try:
        import sentry_sdk
        from sentry_sdk.integrations.logging import LoggingIntegration
        from sentry_sdk.utils import BadDsn
    except ImportError as error:
        raise StartError(
            "MATCHDAY_SENTRY_DSN is set, but the library that reports to Sentry is not installed.",
            "Install it with pip install 'matchday[sentry]', or unset MATCHDAY_SENTRY_DSN.",
        ) from error
    try:
        sentry_sdk.init(
            dsn=dsn,
            transport=transport,
            before_send=made_anew,
            before_send_transaction=_nothing,
            before_breadcrumb=_nothing,
            max_breadcrumbs=0,
            include_local_variables=False,
            max_request_body_size="never",
            default_integrations=False,
            auto_enabling_integrations=False,
            integrations=[LoggingIntegration(level=None, event_level=logging.ERROR)],
            traces_sample_rate=None,
            auto_session_tracking=False,
            send_client_reports=False,
            server_name="matchday",
            release=f"matchday@{__version__}",
        )
    except BadDsn:
        raise StartError(
            "MATCHDAY_SENTRY_DSN is no address of a Sentry project.",
            "Copy it again from the project's settings (Client Keys), or unset it.",
        ) from None
    # At the very end, when also what nobody caught has been logged.
    atexit.register(sentry_sdk.flush, timeout=FLUSH_SECONDS)


def made_anew(event: "Event", _hint: "Hint") -> "Event | None":
    """Return an event that holds what may leave this machine, of the one that the library made."""
    old = cast("Part", event)
    new: Part = {key: old[key] for key in KEPT if key in old}
    if exceptions := _parts(_part(old.get("exception")).get("values")):
        new["exception"] = {"values": [_exception(each) for each in exceptions]}
    elif "logentry" in old or "message" in old:
        new["logentry"] = {"message": _template(old)}
    if handled := current():
        new["tags"] = {"interaction": handled.id, "kind": str(handled.kind), "name": handled.name}
    return cast("Event", new)


def _exception(old: Part) -> Part:
    mechanism = _part(old.get("mechanism"))
    frames = _parts(_part(old.get("stacktrace")).get("frames"))
    return {
        "type": old.get("type"),
        "module": old.get("module"),
        "mechanism": {key: mechanism[key] for key in ("type", "handled") if key in mechanism},
        "stacktrace": {"frames": [{key: frame[key] for key in OF_A_FRAME if key in frame} for frame in frames]},
    }


def _template(old: Part) -> str:
    """Return a message without what was put in; of a library nothing: some put in what they say before they log it."""
    written = _part(old.get("logentry")).get("message")
    return written if isinstance(written, str) and is_ours(str(old.get("logger", ""))) else A_LIBRARY


def _part(value: object) -> Part:
    return cast("Part", value) if isinstance(value, dict) else {}


def _parts(value: object) -> list[Part]:
    return [_part(each) for each in cast("list[object]", value)] if isinstance(value, list) else []


def _nothing(*_given: object) -> None:
    """Let nothing through."""
