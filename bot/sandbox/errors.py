"""Discord's refusals: status, code and sentence, and the nested form of 50035."""

from collections.abc import Sequence
from typing import Any


class DiscordError(Exception):
    """Refuse a request as Discord does."""

    def __init__(self, status: int, code: int, message: str, errors: dict[str, Any] | None = None) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    def body(self) -> dict[str, Any]:
        """Return the JSON body that Discord sends with it."""
        body: dict[str, Any] = {"message": self.message, "code": self.code}
        if self.errors:
            body["errors"] = self.errors
        return body


_KNOWN: dict[int, tuple[int, str]] = {
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10011: (404, "Unknown Role"),
    10013: (404, "Unknown User"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    10066: (404, "Unknown application command permissions"),
    10070: (404, "Unknown Guild Scheduled Event"),
    20029: (403, "This action cannot be performed on a channel of this type"),
    30032: (400, "Maximum number of application commands reached (100)"),
    30038: (400, "Maximum number of guild scheduled events reached (100)"),
    40005: (413, "Request entity too large"),
    40033: (400, "This message has already been crossposted"),
    40060: (400, "Interaction has already been acknowledged."),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "Missing Permissions"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50033: (400, "Invalid Recipient(s)"),
    50109: (400, "The request body contains invalid JSON."),
    50278: (403, "Cannot send messages to this user due to having no mutual guilds"),
    180000: (400, "Cannot update a finished event"),
}


def refusal(code: int) -> DiscordError:
    """Return the known refusal of this code."""
    status, message = _KNOWN[code]
    return DiscordError(status, code, message)


def unauthorized() -> DiscordError:
    """Return the refusal of a wrong or missing token."""
    return DiscordError(401, 0, "401: Unauthorized")


class Problems:
    """Gather what is wrong with a body, by path, and refuse it once with everything."""

    def __init__(self) -> None:
        self.found: dict[str, Any] = {}

    def __bool__(self) -> bool:
        return bool(self.found)

    def add(self, path: Sequence[str | int], code: str, message: str) -> None:
        """Note one problem at a path such as ``("embeds", 0, "title")``."""
        node = self.found
        for part in path:
            node = node.setdefault(str(part), {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def length(self, path: Sequence[str | int], value: object, most: int, least: int = 0) -> None:
        """Check that a text, where there is one, has from least to most characters."""
        if value is None:
            return
        if not isinstance(value, str):
            self.add(path, "STRING_TYPE_CONVERT", "Could not interpret value as string.")
            return
        size = len(value)
        if least <= size <= most:
            return
        if least == 1 and size == 0:
            self.required(path)
        elif least:
            self.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        else:
            self.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")

    def required(self, path: Sequence[str | int]) -> None:
        """Note a missing field."""
        self.add(path, "BASE_TYPE_REQUIRED", "This field is required")

    def choice(self, path: Sequence[str | int], allowed: Sequence[object]) -> None:
        """Note a value outside a fixed set."""
        names = ", ".join(str(each) for each in allowed)
        self.add(path, "BASE_TYPE_CHOICES", f"Value must be one of {{{names}}}.")

    def refuse(self) -> None:
        """Raise 50035 if anything was found."""
        if self.found:
            raise DiscordError(400, 50035, "Invalid Form Body", self.found)


def invalid(path: Sequence[str | int], code: str, message: str) -> DiscordError:
    """Return 50035 with a single problem."""
    problems = Problems()
    problems.add(path, code, message)
    return DiscordError(400, 50035, "Invalid Form Body", problems.found)


class PersonRefused(DiscordError):  # noqa: N818 -- a refusal in the page's words, no failure
    """Refuse what a person tried on the page, with a sentence for her."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(status, 0, message)
