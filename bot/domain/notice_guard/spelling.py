"""Undoes tricks of spelling: a draft as plain words and sentences, each knowing where it stands in the draft."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text, which stand in it apart by blanks."""
    return frozenset(text.split())


_LOOK_ALIKES = {
    other: latin
    for latin, others in {
        "a": "аɑα", "b": "вβ", "c": "сϲ", "d": "ԁđ", "e": "еε", "g": "ɡ", "h": "һн", "i": "іιı", "j": "ј", "k": "кκ", "l": "ł", "m": "м",  # noqa: RUF001
        "n": "пη", "o": "оοø", "p": "рρ", "q": "ԛ", "r": "г", "s": "ѕ", "t": "тτ", "u": "υ", "v": "ν", "w": "ԝ", "x": "хχ", "y": "у",  # noqa: RUF001
    }.items()
    for other in others
}  # fmt: skip
"""Letters of other alphabets that look like Latin ones."""
_SIGNS = {"\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u2013": "-", "\u2014": "-", "\u2212": "-", "\u2010": "-", "\u2011": "-"}
_MARKDOWN = frozenset("*~`|")
_DIGIT_LETTERS = tuple(str.maketrans("013457@$", letters) for letters in ("oleastas", "oieastas"))
_SPACED = re.compile(r"(?<![a-z0-9])[a-z]([ ._-])(?:[a-z]\1){2,}[a-z](?![a-z0-9])")
_WORD = re.compile(r"[a-z0-9$@'%]+")
_REPEATED = re.compile(r"(.)\1{2,}")
_BREAK = re.compile(r"\n|[.!?](?=\s|$)|;")
_SHORTENED = word_set("dr mr mrs ms st vs am pm e.g i.e a.m p.m no jan feb mar apr aug sept sep oct nov dec etc a p m approx")


@dataclass(frozen=True, slots=True)
class Word:
    """Hold one word in its plain forms, and where it stands in the plain text."""

    forms: tuple[str, ...]
    start: int
    end: int
    opens_clause: bool = False
    """A colon, a dash or the like stands before it."""
    after_comma: bool = False

    @property
    def text(self) -> str:
        """Return the word as it reads first."""
        return self.forms[0]


@dataclass(frozen=True, slots=True)
class Sentence:
    """Hold the words of one sentence, and where it stands in the plain text."""

    words: tuple[Word, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PlainText:
    """Hold a draft in plain lower-case Latin letters, and for every one of them where it came from."""

    draft: str
    text: str
    origins: tuple[int, ...]

    def original(self, start: int, end: int) -> str:
        """Return the words of the draft behind a stretch of the plain text."""
        return self.draft[self.origin(start) : self.origins[end - 1] + 1] if start < end else ""

    def origin(self, position: int) -> int:
        """Return where in the draft a position of the plain text lies."""
        return self.origins[position] if position < len(self.origins) else len(self.draft)


def plain_text(draft: str) -> PlainText:
    """Return a draft without marks, markdown, invisible characters and letters of other alphabets that look like Latin ones."""
    letters: list[str] = []
    origins: list[int] = []
    for position, character in enumerate(draft):
        for each in _plain(character):
            letters.append(each)
            origins.append(position)
    return PlainText(draft, "".join(letters), tuple(origins))


def _plain(character: str) -> Iterator[str]:
    if character in "\n\t ":
        yield "\n" if character == "\n" else " "
        return
    for part in unicodedata.normalize("NFKD", character).casefold():
        category = unicodedata.category(part)
        if category in {"Cf", "Mn", "Me", "Cs", "Co", "Cn"} or part in _MARKDOWN:
            continue
        if category == "Nd":
            yield str(unicodedata.decimal(part))
        elif category[0] in "ZC":
            yield " "
        else:
            yield _SIGNS.get(part) or _LOOK_ALIKES.get(part, part)


def sentences(plain: PlainText) -> list[Sentence]:
    """Return the sentences of a plain text, those without a word left out."""
    found: list[Sentence] = []
    start = 0
    for match in _BREAK.finditer(plain.text):
        if match[0] == "." and _is_shortened(plain.text[start : match.start()]):
            continue
        found.append(_sentence(plain.text, start, match.start()))
        start = match.end()
    found.append(_sentence(plain.text, start, len(plain.text)))
    return [each for each in found if each.words]


def _is_shortened(before: str) -> bool:
    return before[-8:].rpartition(" ")[2].lstrip("(") in _SHORTENED


def _sentence(text: str, start: int, end: int) -> Sentence:
    words: list[Word] = []
    position = start
    for match in _SPACED.finditer(text, start, end):
        words += _words(text, position, match.start())
        words.append(_word(text, "".join(each for each in match[0] if each.isalpha()), match.start(), match.end()))
        position = match.end()
    words += _words(text, position, end)
    return Sentence(tuple(words), start, end)


def _words(text: str, start: int, end: int) -> Iterator[Word]:
    for match in _WORD.finditer(text, start, end):
        if word := match[0].strip("'"):
            yield _word(text, word, match.start(), match.end())


def _word(text: str, word: str, start: int, end: int) -> Word:
    before = text[max(0, start - 3) : start]
    forms = [word.removesuffix("'s")]
    if sum(each.isalpha() for each in word) >= 2 and word[0] not in "$@":
        forms += [forms[0].translate(letters) for letters in _DIGIT_LETTERS]
    forms += [_REPEATED.sub(r"\1" * times, form) for form in forms[:3] for times in (1, 2)]
    return Word(tuple(dict.fromkeys(forms)), start, end, ":" in before or " - " in before or "(" in before, "," in before)
