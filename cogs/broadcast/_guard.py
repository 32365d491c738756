"""What the guard says of a draft, in words: what it found, the rule, its source, and that no warning is no clearance."""

import unicodedata
from collections.abc import Sequence

from bot.domain.facts import Certainty, Citation
from bot.domain.notice_guard.findings import Finding, FindingKind, NoticeGuard, NoticeRule
from cogs._ui.cards import shortened
from cogs._ui.sources import link
from cogs._ui.times import provenance_short, two_clocks

LONGEST_EXCERPT = 90
MOST_EXCERPTS = 3
_ROOM_FOR_REST = 90
NO_SOURCE = "commonly-stated"
_DIFFERS = {
    Certainty.ANNOUNCED: "Your draft differs from the announced date.",
    Certainty.EXPECTED: "Your draft differs from what others expect; nothing is announced yet.",
    Certainty.ESTIMATED: "Your draft differs from the estimate; nothing is announced yet.",
}
_DIFFERS_HERE = "Your draft differs from the date that this server confirmed."
_SURE = {
    Certainty.ANNOUNCED: "Stated by its owner",
    Certainty.EXPECTED: "Read on another's page",
    Certainty.ESTIMATED: "Inferred",
}


def guard_lines(findings: Sequence[Finding], guard: NoticeGuard, room: int, before: str = "send") -> str:
    """Return what was found in at most ``room`` characters, the gravest first, with "and 5 more" where not all fits.

    ``before`` is what the reader is about to do.
    """
    if not findings:
        return shortened(f"The guard found nothing to warn of. {guard.no_clearance}", room)
    head = f"**Read this before you {before}.** Nothing is blocked: you decide."
    left = room - len(head) - len(guard.no_clearance) - _ROOM_FOR_REST
    groups = _grouped(findings)
    blocks: list[str] = []
    for group in groups:
        block = _block(group, guard.rules[group[0].kind])
        if len(block) + 1 > left:
            break
        blocks.append(block)
        left -= len(block) + 1
    rest = len(groups) - len(blocks)
    more = [f"And {rest} more: they show as you mend these."] if rest and blocks else []
    if rest and not blocks:
        more = [f"{rest} things were found; shorten the draft to read what they are."]
    return "\n".join([head, *blocks, *more, guard.no_clearance])


def _grouped(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Return findings together that name the same rule, dates apart by their event."""
    groups: dict[tuple[FindingKind, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.kind, finding.event.id if finding.event else ""), []).append(finding)
    return list(groups.values())


def _block(group: Sequence[Finding], rule: NoticeRule) -> str:
    shown = " · ".join(quoted(finding.excerpt) for finding in group[:MOST_EXCERPTS])
    if len(group) > MOST_EXCERPTS:
        shown += f" and {len(group) - MOST_EXCERPTS} more"
    event = group[0].event
    if event is None:
        return f"**{rule.title}:** {shown}\n{rule.text}\n-# {citation_line(rule.citation)}"
    when = two_clocks(event, None)
    differs = _DIFFERS.get(event.citation.certainty, "") if event.confirmed is None else _DIFFERS_HERE
    as_of = event.citation.as_of
    source = f"{provenance_short(event)} · as of {as_of.day} {as_of:%b %Y}"
    return f"**{rule.title}:** {shown}\n{rule.text} {event.name}: {when}. {differs}\n-# {source}"


def quoted(excerpt: str) -> str:
    """Return words of a draft so that nothing in them is formatted, links, pings or hides."""
    spaced = " ".join(excerpt.replace("`", "'").split())
    visible = "".join(each for each in spaced if unicodedata.category(each)[0] != "C")
    return f"`{shortened(visible, LONGEST_EXCERPT) or '…'}`"


def citation_line(citation: Citation) -> str:
    """Return how sure a rule is, its source, the day, and where to confirm it."""
    as_of = f"as of {citation.as_of.day} {citation.as_of:%b %Y}"
    owner = citation.confirm_at
    confirm = f" Confirm at {link(owner)}." if owner and owner not in citation.sources else ""
    if any(source.id == NO_SOURCE for source in citation.sources):
        return f"{', '.join(link(source) for source in citation.sources)}; {as_of}.{confirm}"
    named = ", ".join(link(source) for source in citation.sources)
    return f"{_SURE.get(citation.certainty, 'Not known')}. Source: {named}; {as_of}.{confirm}"
