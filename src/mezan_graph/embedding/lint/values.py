"""Rules about values: addresses, dates, languages."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from mezan_graph.embedding.lint.fault import Fault
from mezan_graph.namespaces import SCHEMA
from mezan_graph.vocabularies import described_terms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mezan_graph.embedding.lint.located import Located
    from mezan_graph.embedding.lint.nodes import Node, Property

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_WEB = re.compile(r"https?://[^\s/?#<>\"\\^`{|}]+[^\s<>\"\\^`{|}]*\Z", re.IGNORECASE)
_OBEYED = frozenset({"javascript", "data", "vbscript"})
_DATE = re.compile(
    r"(?P<year>-?\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2})"
    r"(?:[T ](?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?"
    r"(?P<zone>Z|[+-]\d{2}:?\d{2})?)?)?)?\Z"
)
_LONGEST_SHOWN = 60


def check_values(node: Node) -> Iterator[Fault]:
    """Yield what is wrong with the values of the properties of ``node``, and with its ``@id``."""
    if node.identifier is not None:
        yield from _identifier(node.identifier)
    for each in node.properties:
        if each.iri is not None and each.iri.startswith(SCHEMA.iri):
            yield from _addresses(each)
            yield from _dates(each)
        yield from _languages(node, each)


def _identifier(value: Located) -> Iterator[Fault]:
    text = value.value
    if not isinstance(text, str):
        yield Fault("MZ510", "violation", "@id must be an IRI", value.offset)
    elif not text.startswith("_:") and not _SCHEME.match(text):
        yield Fault(
            "MZ510", "warning", f"the @id {_shown(text)} is not absolute", value.offset,
            "it means another thing on each page; write the whole IRI",
        )  # fmt: skip


def _addresses(each: Property) -> Iterator[Fault]:
    if each.coerced != "@id":
        return
    for value in each.values:
        text = value.value
        if isinstance(text, str) and (fault := _address_fault(text)) is not None:
            message = f"{each.key}: {_shown(text)} {fault[0]}"
            yield Fault("MZ510", "violation", message, value.offset, fault[1])


def _address_fault(text: str) -> tuple[str, str] | None:
    scheme = _SCHEME.match(text)
    if scheme is None:
        host = re.match(r"[\w-]+(\.[\w-]+)+(/|\Z)", text)
        hint = f"https://{text}" if host else "write it with https:// and the host"
        return "is not an absolute URL", hint
    name = scheme[1].lower()
    if name in _OBEYED:
        return "is not the address of anything", "write an https URL"
    if name in {"http", "https"} and not _WEB.match(text):
        return "is not a valid URL", "look for spaces, and for a missing host"
    return None


def _dates(each: Property) -> Iterator[Fault]:
    term = described_terms(SCHEMA.iri).get((each.iri or "").removeprefix(SCHEMA.iri))
    ranges = set(term.ranges) if term is not None else set()
    if not ranges & {"Date", "DateTime"} or ranges & {"Text", "URL", "Integer", "Number"}:
        return
    for value in each.values:
        text = value.value
        if isinstance(text, bool | float | int) or (
            isinstance(text, str) and not _is_date(text) and "Time" not in ranges
        ):
            yield Fault(
                "MZ511", "violation", f"{each.key}: {_shown(str(text))} is not an ISO 8601 date",
                value.offset, "write 2026-01-31, 2026-01, 2026 or 2026-01-31T12:00:00Z, as a text",
            )  # fmt: skip


def _is_date(text: str) -> bool:
    match = _DATE.match(text)
    if match is None:
        return False
    numbers = [int(match[name] or default) for name, default in _PARTS.items()]
    if numbers[0] < 1:
        return True
    try:
        dt.datetime(*numbers, tzinfo=dt.UTC)  # type: ignore[arg-type, misc]
    except ValueError:
        return False
    return True


_PARTS = {"year": "1", "month": "1", "day": "1", "hour": "0", "minute": "0", "second": "0"}


def _languages(node: Node, each: Property) -> Iterator[Fault]:
    """Find texts with a language beside texts without one, which validators trip over."""
    if "@language" in each.containers:
        return
    plain = [value for value in each.values if isinstance(value.value, str)]
    tagged = [
        value
        for value in each.values
        if any(node.context.iri(member.key) == "@language" for member in value.members)
    ]
    if plain and tagged and each.coerced is None:
        yield Fault(
            "MZ512", "warning", f"{each.key} mixes texts with and without a language",
            plain[0].offset, "write plain texts, in the language of the page",
        )  # fmt: skip


def _shown(text: str) -> str:
    return repr(text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…")
