"""Finds addresses in a draft that show one place and lead to another, or hide where they lead."""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from bot.domain.notice_guard.findings import Finding, FindingKind, GuardWords
from bot.domain.notice_guard.spelling import plain_text, word_set

_LONGEST = 500
_MASKED = re.compile(r"\[([^\[\]\n]{1,200})\]\(\s{0,5}<?([^\s()<>]{1,500})")
_SCHEME = re.compile(r"(?<![a-z])([a-z][a-z0-9+.-]{1,10})://([^\s<>()\[\]\"']{1,500}|\[[0-9a-f:.]{2,45}\][^\s<>()]{0,400})", re.IGNORECASE)
_BARE = re.compile(r"(?<![\w@./:-])((?:[^\W_][\w-]{0,62}\.){1,6}[^\W\d_]{2,12})(?![\w@-])(/[^\s<>()]{0,400})?")
_IP = re.compile(r"(\d{1,3}\.){3}\d{1,3}|\d{6,10}|0x[0-9a-f]+|\[[0-9a-f:.]+\]")
_INVITE = re.compile(r"(?<![\w.])(?:discord(?:app)?\.com/invite|discord\.gg|dsc\.gg|discord\.me)/", re.IGNORECASE)
_SUFFIXES = word_set("com org net co edu gov info io me us ca uk in site online xyz app health academy live help link click")
_SHORTEST_FOR_FEWER = 5


@dataclass(frozen=True, slots=True)
class _Address:
    start: int
    end: int
    scheme: str
    user: str
    host: str


def link_findings(draft: str, words: GuardWords) -> list[Finding]:
    """Return what is wrong with the addresses of a draft, in order."""
    text = "".join(each if unicodedata.category(each) not in {"Cf", "Mn"} else " " for each in draft) if not draft.isascii() else draft
    found = [*_masked(text, words)]
    for address in _addresses(text):
        found += [Finding(kind, draft[address.start : address.end], address.start) for kind in _faults(address, words)]
    found += [
        Finding(FindingKind.INVITE, draft[each.start() : each.end() + 20].split(maxsplit=1)[0], each.start())
        for each in _INVITE.finditer(text)
    ]
    return found


def _addresses(text: str) -> Iterator[_Address]:
    ends: list[tuple[int, int]] = []
    for match in _SCHEME.finditer(text):
        scheme, rest = match[1].lower(), re.split(r"[/?#\\]", match[2], maxsplit=1)[0]
        user, _, host = rest.rpartition("@")
        host = host if host.startswith("[") else host.partition(":")[0]
        ends.append(match.span())
        yield _Address(match.start(), match.end(), scheme, user, host.rstrip(".,;!").lower())
    within = iter([*ends, (len(text) + 1, len(text) + 1)])
    start, end = next(within)
    for match in _BARE.finditer(text):
        while match.start() >= end:
            start, end = next(within)
        if match.start() < start and match[1].rpartition(".")[2].lower() in _SUFFIXES:
            yield _Address(match.start(), match.end(), "", "", match[1].lower())


def _faults(address: _Address, words: GuardWords) -> Iterator[FindingKind]:
    if address.user:
        yield FindingKind.MASKED_LINK
    if _IP.fullmatch(address.host) or address.scheme not in {"", "https"} or _is_of(address.host, words.shorteners):
        yield FindingKind.LINK
    if imitates(address.host, words):
        yield FindingKind.LOOK_ALIKE


def _masked(text: str, words: GuardWords) -> Iterator[Finding]:
    for match in _MASKED.finditer(text):
        shown, host = match[1], _host(match[2])
        named = _shown_hosts(shown)
        lies = any(not _is_same(each, host) for each in named)
        if host and (lies or (not named and not _is_of(host, words.owners) and _claims_owner(shown, words))):
            yield Finding(FindingKind.MASKED_LINK, match[0] + ")", match.start())


def _shown_hosts(shown: str) -> list[str]:
    return [address.host for address in _addresses(shown)]


def _host(url: str) -> str:
    found = next(_addresses(url), None)
    return found.host if found else ""


def _claims_owner(shown: str, words: GuardWords) -> bool:
    """Tell whether a text promises to lead to an owner's own pages ("NRMP login"), and not only to speak of it."""
    spoken = set(plain_text(shown).text.split())
    return bool(spoken & {domain.partition(".")[0] for domain in words.imitated}) and bool(
        spoken & {"login", "log", "sign", "portal", "page", "site", "website", "account", "official"}
    )


def _is_same(shown: str, host: str) -> bool:
    one, other = shown.removeprefix("www."), host.removeprefix("www.")
    return one == other or other.endswith("." + one)


def _is_of(host: str, domains: frozenset[str]) -> bool:
    parts = host.split(".")
    return any(".".join(parts[position:]) in domains for position in range(len(parts)))


def imitates(host: str, words: GuardWords) -> bool:
    """Tell whether a host reads like the address of an owner and is none."""
    if _is_of(host, words.owners):
        return False
    shown = _shown(host)
    parts = shown.split(".")
    for domain in words.imitated:
        label = domain.partition(".")[0]
        if any(label in re.split(r"[-_]", part) or _is_like(part, label) for part in parts[-3:]) or f"{domain}." in f"{shown}.":
            return True
    return False


def _shown(host: str) -> str:
    """Return a host as an eye reads it: punycode undone, look-alike letters and digits as the letters that they look like."""
    with suppress(UnicodeError, ValueError):
        host = host.encode("ascii").decode("idna") if "xn--" in host else host
    plain = plain_text(host).text.translate(str.maketrans("0135", "oles"))
    return plain.replace("rn", "m").replace("vv", "w")


def _is_like(part: str, label: str) -> bool:
    """Tell whether one letter was changed, added, left out (of a longer label) or exchanged with its neighbour."""
    label = label.replace("rn", "m")
    if part == label:
        return True
    if len(part) == len(label):
        differing = [position for position in range(len(part)) if part[position] != label[position]]
        swapped = len(differing) == 2 and differing[1] == differing[0] + 1
        if swapped:
            return part[differing[0]] == label[differing[1]] and part[differing[1]] == label[differing[0]]
        return len(differing) == 1 and len(label) >= _SHORTEST_FOR_FEWER
    longer, shorter = (part, label) if len(part) > len(label) else (label, part)
    if len(longer) - len(shorter) != 1 or (shorter == part and len(label) < _SHORTEST_FOR_FEWER):
        return False
    return any(longer[:position] + longer[position + 1 :] == shorter for position in range(len(longer)))
