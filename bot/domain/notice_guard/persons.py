"""Finds mentions of many, and what tells of a single person: addresses, numbers, and results beside a name."""

import re
from collections.abc import Iterator, Sequence

from bot.domain.notice_guard.concepts import Read
from bot.domain.notice_guard.findings import Finding, FindingKind, GuardWords
from bot.domain.notice_guard.spelling import PlainText

_MASS = re.compile(r"@ ?(?:everyone|everybody|here)\b|<@& ?\d{1,22}>")
_MAIL = re.compile(r"([a-z0-9._%+-]{1,64}) ?(?:@|[\[(]at[\])]) ?([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,5})")
_SPOKEN_MAIL = re.compile(r"\b[a-z0-9]{1,30}(?: dot [a-z0-9]{1,30}){0,4} at ([a-z0-9-]{2,30}) dot (?:com|org|net|edu|co|in|uk|ca)\b")
_PHONE = re.compile(r"(?<![\w.$/@&<:#-])(?:\+|00)?\(?\d{1,4}\)?(?:[ ./-]?\(?\d{1,4}\)?){2,6}(?![\w/-])")
_NUMBERS = (
    re.compile(r"(?<!\d)\d-\d{3}-\d{3}-\d(?!\d)"),
    re.compile(
        r"\b(?:aamc|eras|nrmp|ecfmg|usmle|mccqe|carms|intealth|myintealth)"
        r"(?: id| number| no| #|-id|/ecfmg id){1,2}[\s:#.=]{0,4}(?:is )?n?\d{6,10}\b"
    ),
    re.compile(r"\bpassport(?: \w{1,12}){0,5}[\s:#.=]{0,4} ?(?=[a-z0-9]{0,8}\d{3})[a-z0-9]{6,10}\b"),
    re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])"),
)
_MEMBER = re.compile(r"<@!?\d{1,22}>|(?<![\w<@])@(?!everyone\b|everybody\b|here\b)[a-z][a-z0-9_.]{2,31}\b")
_LEAST_DIGITS, _MOST_DIGITS = 9, 15
RESULT = "result"


def mention_findings(plain: PlainText) -> list[Finding]:
    """Return the mentions of many."""
    return [_finding(FindingKind.MASS_MENTION, plain, match) for match in _MASS.finditer(plain.text)]


def personal_findings(plain: PlainText, reads: Sequence[Read], words: GuardWords) -> list[Finding]:
    """Return addresses, numbers and results of single persons."""
    matches = [*_mails(plain.text, words), *_phones(plain.text)]
    matches += [match for pattern in _NUMBERS for match in pattern.finditer(plain.text)]
    found = [_finding(FindingKind.PERSONAL_DATA, plain, match) for match in matches]
    for read in reads:
        sentence = read.sentence
        if RESULT in read.uses and any(not read.denied[use.first] or use.last > use.first for use in read.uses[RESULT]):
            found += [
                Finding(FindingKind.PERSONAL_DATA, plain.original(sentence.start, sentence.end).strip(), plain.origin(match.start()))
                for match in list(_MEMBER.finditer(plain.text, sentence.start, sentence.end))[:1]
            ]
    return found


def _mails(text: str, words: GuardWords) -> Iterator[re.Match[str]]:
    for match in _MAIL.finditer(text):
        # A user's name before the host of a link is told of as a masked link.
        if (
            not any(match[2] == owner or match[2].endswith("." + owner) for owner in words.owners)
            and text[match.start() - 2 : match.start()] != "//"
        ):
            yield match
    yield from _SPOKEN_MAIL.finditer(text)


def _phones(text: str) -> Iterator[re.Match[str]]:
    for match in _PHONE.finditer(text):
        digits = sum(each.isdigit() for each in match[0])
        parts = re.findall(r"\d+", match[0])
        is_dates = re.match(r"(19|20)\d\d[-./ ]", match[0]) or re.fullmatch(r"(\d{1,2}[ /.-])?\d{1,2}[ /.-]20\d\d.*", match[0])
        if _LEAST_DIGITS <= digits <= _MOST_DIGITS and not is_dates and len(parts[-1]) >= 2:
            yield match


def _finding(kind: FindingKind, plain: PlainText, match: re.Match[str]) -> Finding:
    return Finding(kind, plain.original(*match.span()).strip(), plain.origin(match.start()))
