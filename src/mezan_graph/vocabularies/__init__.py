"""What released vocabularies define: their terms, read from lists that ship with the package.

``index.tsv`` records each vocabulary with the edition, the package that the list was made from and
its licence; ``tools/vocabularies.py`` writes them all. A list is read when its namespace is first
asked for. A line is ``name``, kind, what it stands below, its range and its successor, separated by
tabs; several names are separated by spaces.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

_FOLDER = Path(__file__).resolve().parent

Extent = Literal["closed", "growing", "partial"]


class Vocabulary(NamedTuple):
    """A vocabulary whose terms are known.

    Attributes:
        namespace: Namespace IRI.
        file: Name of its list, without the suffix.
        title: Its name.
        edition: Which release of the vocabulary the list holds.
        extent: ``closed`` where the list is complete for good; ``growing`` where later releases
            may define more; ``partial`` where the list holds only a part.
        source: The package that the list was made from, with its version.
        licence: Licence of that package.
        size: Number of terms.
    """

    namespace: str
    file: str
    title: str
    edition: str
    extent: Extent
    source: str
    licence: str
    size: int


class VocabularyTerm(NamedTuple):
    """One term of a vocabulary. Names are local: without the namespace.

    Attributes:
        name: Its name.
        kind: What it is.
        above: Direct superclasses of a class, the classes that a property is declared for
            (``rdfs:domain``, ``schema:domainIncludes``), or the classes of an individual, as far
            as they are in the same namespace.
        ranges: Classes and datatypes of a property's values, in the same namespace.
        successor: The term that takes its place, where it is superseded.
    """

    name: str
    kind: Literal["class", "property", "individual", "datatype"]
    above: tuple[str, ...] = ()
    ranges: tuple[str, ...] = ()
    successor: str | None = None


_NAMES = re.compile(r"^[^\t\n]+", re.MULTILINE)
_LAST_COLUMN = 4
_KINDS: dict[str, Literal["class", "property", "individual", "datatype"]] = {
    "C": "class",
    "P": "property",
    "I": "individual",
    "D": "datatype",
}


def _index() -> dict[str, Vocabulary]:
    found = {}
    for line in _lines("index"):
        namespace, file, title, edition, extent, source, licence, size = line.split("\t")
        found[namespace] = Vocabulary(
            namespace, file, title, edition, extent, source, licence, int(size)  # type: ignore[arg-type]
        )  # fmt: skip
    return found


@cache
def _text(file: str) -> str:
    return (_FOLDER / f"{file}.tsv").read_text(encoding="utf-8")


def _lines(file: str) -> list[str]:
    return [line for line in _text(file).splitlines() if not line.startswith("#")]


VOCABULARIES: dict[str, Vocabulary] = _index()
"""Every known vocabulary by its namespace IRI."""


@cache
def defined_terms(namespace: str) -> frozenset[str] | None:
    """Return the local names that the vocabulary of ``namespace`` defines; ``None`` if unknown."""
    if namespace not in VOCABULARIES:
        return None
    return frozenset(_NAMES.findall(_text(VOCABULARIES[namespace].file)))


@cache
def superseded_terms(namespace: str) -> dict[str, str]:
    """Return the terms of ``namespace`` that another has taken the place of, and which one."""
    if namespace not in VOCABULARIES:
        return {}
    lines = _text(VOCABULARIES[namespace].file).splitlines()
    rows = (line.split("\t") for line in lines if line.count("\t") == _LAST_COLUMN)
    return {row[0]: row[_LAST_COLUMN] for row in rows}


@cache
def described_terms(namespace: str) -> dict[str, VocabularyTerm]:
    """Return what is known of each term of ``namespace``, by local name; empty if unknown."""
    if namespace not in VOCABULARIES:
        return {}
    found = {}
    for line in _lines(VOCABULARIES[namespace].file):
        name, kind, above, ranges, successor = (*line.split("\t"), "", "", "")[:5]
        found[name] = VocabularyTerm(
            name, _KINDS[kind], tuple(above.split()), tuple(ranges.split()), successor or None
        )
    return found


@cache
def superclasses(namespace: str, name: str) -> frozenset[str]:
    """Return the local names of every class above the class ``name``, itself included."""
    terms = described_terms(namespace)
    found: set[str] = set()
    waiting = [name]
    while waiting:
        each = waiting.pop()
        if each not in found and each in terms:
            found.add(each)
            waiting.extend(terms[each].above)
    return frozenset(found)


def namespace_of(iri: str) -> str:
    """Return the namespace part of ``iri``: up to and with its last ``#``, else its last ``/``."""
    cut = iri.rfind("#")
    return iri[: (cut if cut >= 0 else iri.rfind("/")) + 1]
