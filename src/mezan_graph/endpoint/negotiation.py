"""Content negotiation as pure functions (RFC 9110, section 12): header text in, a choice out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_MEMBER = re.compile(r'(?:[^",]|"(?:[^"\\]|\\.)*(?:"|$))+')
_RANGE = re.compile(rf"\s*({_NAME})/({_NAME})\s*")
_PARAMETER = re.compile(rf'\s*({_NAME})\s*=\s*({_NAME}|"(?:[^"\\]|\\.)*")\s*')
_SEMICOLON = re.compile(r'((?:[^";]|"(?:[^"\\]|\\.)*")*);?')
_LANGUAGE = re.compile(r"\s*(\*|[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*")
_WEIGHT = re.compile(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\Z")
_MOST = 100
"""Most members of a list that are looked at; a header with more is not written by a client."""


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One member of an ``Accept`` header.

    Attributes:
        type: Type in lower case, or ``*``.
        subtype: Subtype in lower case, or ``*``.
        parameters: Parameters before ``q``, names and values in lower case.
        quality: Weight from 0 to 1.
    """

    type: str
    subtype: str
    parameters: frozenset[tuple[str, str]]
    quality: float

    def specificity(self, media_type: str) -> int | None:
        """Return how closely the range names ``media_type``; ``None`` where it does not match."""
        essence, _, rest = media_type.partition(";")
        kind, _, subtype = essence.strip().lower().partition("/")
        if self.type not in {"*", kind} or self.subtype not in {"*", subtype}:
            return None
        offered = _parameters(rest)[0]
        if not self.parameters <= offered:
            return None
        return 100 * (self.type != "*") + 10 * (self.subtype != "*") + len(self.parameters)


def parse_accept(header: str) -> list[MediaRange]:
    """Return the media ranges of an ``Accept`` header; members that break its grammar are skipped.

    An absent or empty header accepts everything (RFC 9110, section 12.5.1).
    """
    ranges = []
    for member in _MEMBER.findall(header)[:_MOST]:
        match = _RANGE.match(member)
        if match is None or (match[1] == "*" != match[2]):
            continue
        rest = member[match.end() :]
        parameters, quality = _parameters(rest.removeprefix(";"))
        ranges.append(MediaRange(match[1].lower(), match[2].lower(), parameters, quality))
    return ranges or [MediaRange("*", "*", frozenset(), 1.0)]


def _parameters(text: str) -> tuple[frozenset[tuple[str, str]], float]:
    """Return the parameters before ``q``, and the weight; what follows ``q`` is no parameter."""
    found: set[tuple[str, str]] = set()
    for part in _SEMICOLON.findall(text):
        match = _PARAMETER.fullmatch(part)
        if match is None:
            continue
        name, value = match[1].lower(), match[2].strip('"')
        if name == "q":
            return frozenset(found), float(value) if _WEIGHT.match(value) else 0.0
        found.add((name, value.lower()))
    # Text is UTF-8 whether or not a range says so.
    return frozenset(found - {("charset", "utf-8")}), 1.0


def choose(header: str | None, offered: Sequence[str]) -> str | None:
    """Return the media type of ``offered`` that ``header`` prefers.

    Args:
        header: The value of ``Accept``; ``None`` where there is none.
        offered: Media types, the server's favourite first; it decides between equal weights.

    Returns:
        One of ``offered``, or ``None`` where none is acceptable.
    """
    if not header or not header.strip():
        return offered[0]
    ranges = parse_accept(header)
    best, best_quality = None, 0.0
    for media_type in offered:
        quality = _quality(ranges, media_type)
        if quality > best_quality:
            best, best_quality = media_type, quality
    return best


def _quality(ranges: Iterable[MediaRange], media_type: str) -> float:
    """Return the weight of the most specific range that matches (section 12.5.1)."""
    closest, quality = -1, 0.0
    for each in ranges:
        specificity = each.specificity(media_type)
        if specificity is not None and specificity > closest:
            closest, quality = specificity, each.quality
    return quality


def choose_language(header: str | None, offered: Sequence[str]) -> str:
    """Return the language tag of ``offered`` that ``Accept-Language`` prefers.

    Lookup of RFC 4647, section 3.4: ``ar-PS`` finds ``ar``. Where nothing fits, the first of
    ``offered`` is returned, since a page in another language serves better than none.
    """
    weights: list[tuple[float, int, str]] = []
    for index, member in enumerate((header or "").split(",")[:_MOST]):
        match = _LANGUAGE.match(member)
        if match is None:
            continue
        quality = _parameters(member[match.end() :].removeprefix(";"))[1]
        weights.append((-quality, index, match[1].lower()))
    refused = {tag for negative, _, tag in weights if negative == 0}
    for negative, _, wanted in sorted(weights):
        if negative == 0:
            break
        tag = wanted
        while tag:
            found = next((each for each in offered if each.lower() == tag), None)
            if found is not None:
                return found
            tag = tag.rpartition("-")[0]
        if wanted == "*":
            return next((each for each in offered if each.lower() not in refused), offered[0])
    return offered[0]


def matches(header: str | None, etag: str) -> bool:
    """Whether ``If-None-Match`` names ``etag``, by weak comparison (RFC 9110, section 13.1.2)."""
    if header is None:
        return False
    listed = [each.strip() for each in header.split(",")]
    return "*" in listed or etag.removeprefix("W/") in {each.removeprefix("W/") for each in listed}
