"""What to prepare for an interview and drafts of mails after it, as ``interviews/preparation.toml`` holds them: our own words."""

from pathlib import Path
from string import Formatter
from typing import Annotated

from pydantic import ConfigDict, Field

from bot.catalogue.loading import Loaded, read_toml, validated
from bot.catalogue.record import Record
from bot.domain.interviews import MailDraft, Phase, Preparation, PreparationStep

FILE = "interviews/preparation.toml"
DRAFTS = ("thanks", "update", "interest")
FILLED_IN = frozenset(("program", "who"))
Id = Annotated[str, Field(pattern=r"^[a-z0-9-]{2,24}$")]


class _Record(Record):
    model_config = ConfigDict(str_strip_whitespace=True)


class StepRecord(_Record):
    """Hold one thing to prepare."""

    key: Id
    phase: Phase
    text: Annotated[str, Field(min_length=10, max_length=160)]


class DraftRecord(_Record):
    """Hold one draft."""

    title: Annotated[str, Field(min_length=2, max_length=40)]
    about: Annotated[str, Field(min_length=10, max_length=240)]
    text: Annotated[str, Field(min_length=40, max_length=900)]


class PreparationRecord(_Record):
    """Hold the whole file."""

    step: Annotated[tuple[StepRecord, ...], Field(min_length=1, max_length=25)]
    draft: dict[Id, DraftRecord]


def load_preparation(folder: Path, loaded: Loaded) -> Preparation:
    """Read the file; whatever is wrong is noted in ``loaded``."""
    content = read_toml(folder / FILE, loaded.problems)
    record = validated(PreparationRecord, content, FILE, loaded.problems) if content else None
    if record is None:
        return Preparation((), ())
    keys = [each.key for each in record.step]
    loaded.problems.extend(f"{FILE}: {each} stands twice" for each in sorted({key for key in keys if keys.count(key) > 1}))
    loaded.problems.extend(f"{FILE}: draft.{each} is missing" for each in DRAFTS if each not in record.draft)
    for key, each in record.draft.items():
        wrong = {name for _, name, _, _ in Formatter().parse(each.text) if name is not None} - FILLED_IN
        loaded.problems.extend(f"{FILE}: draft.{key}: no placeholder is called {name}" for name in sorted(wrong))
    return Preparation(
        tuple(PreparationStep(each.key, each.phase, each.text) for each in record.step),
        tuple(MailDraft(key, each.title, each.about, each.text) for key, each in record.draft.items()),
    )
