"""The one kind of error that a person is meant to read."""


class UserFacingError(Exception):
    """Tell a person what happened and what to do about it.

    Both parts are whole sentences in plain text, written for the person who caused the error; anything else that goes wrong is logged
    under a short code and never shown.
    """

    def __init__(self, what_happened: str, what_to_do: str) -> None:
        super().__init__(f"{what_happened} {what_to_do}")
        self.what_happened = what_happened
        self.what_to_do = what_to_do


class StartError(UserFacingError):
    """Say why the bot can't start and how to mend it; the command line prints it and exits with 2."""
