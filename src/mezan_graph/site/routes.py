"""What an address that negotiates leads to: one table for every host and for the static server.

Paths are below the folder that the site is hosted in. A route gives 303 to the page in the
reader's language or to the file in the wanted format; ``id/x`` gives 303 to ``doc/x``, and that
answers with the data itself, or with 302 to the page in the reader's language.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from mezan_graph.formats import JSONLD, NTRIPLES, TURTLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mezan_graph.project import Project
    from mezan_graph.site.addresses import Addresses

HTML = "text/html"
SIBLINGS = (TURTLE, JSONLD, NTRIPLES)
"""The formats that lie beside every page of an entity, the server's favourite first."""

OFFERED = (HTML, *(each.media_type for each in SIBLINGS))
"""Media types of a resource that negotiates; the first answers a client that names none."""

RANGES = (*OFFERED, "text/*", "*/*")
"""What a member of an ``Accept`` header may name to be heard."""

SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
NEGOTIATED = (
    r"id/.+|doc/[^/.]+|concept/(?!.*\.(?:html|ttl|jsonld|nt)$).+|dataset/.+|graph/[^/.]+|def|shapes"
)
"""Pattern (PCRE and Python) of every path that answers according to the request's headers."""

_UNASKABLE = re.compile(r"[\x00-\x1f\x7f\ufffd]|/(?:\.{0,2})(?:/|$)")


ONTOLOGY = "graphs/ontology.ttl"
"""Path of the project's own vocabulary, where it has one."""


@dataclass(frozen=True, slots=True)
class Route:
    """One kind of address.

    Attributes:
        pattern: Pattern of its path (PCRE and Python).
        page: Path of its page below a language.
        files: Paths of its data by suffix, in the order of :data:`SIBLINGS`; ``{}`` is the group
            of the pattern.
    """

    pattern: str
    page: str
    files: dict[str, str]


def routes(*, ontology: bool) -> tuple[Route, ...]:
    """Return every route but those of ``id/``, ``doc/`` and ``concept/``, which name entities.

    Args:
        ontology: Whether the project defines a vocabulary of its own.
    """
    found = [
        Route(
            r"dataset/.+",
            "data.html",
            {".ttl": "void.ttl", ".jsonld": "dataset.jsonld", ".nt": "dataset.nt"},
        ),
        Route(rf"graph/({SLUG})", "data.html", _alike("graphs/{}.ttl")),
        Route(r"shapes", "shapes.html", _alike("shapes.ttl")),
    ]
    if ontology:
        found.append(Route(r"def", "vocabulary.html", _alike(ONTOLOGY)))
    return tuple(found)


def _alike(path: str) -> dict[str, str]:
    """One Turtle file for whoever asks for data."""
    return {each.suffix: path for each in SIBLINGS}


def hosted_path(project: Project) -> str:
    """Return the path of the folder that the site is hosted in: ``/`` or ``/…/``."""
    return urlsplit(project.site).path or "/"


class OtherName(NamedTuple):
    """A name that is not its own file stem.

    Attributes:
        path: Path below the site, decoded.
        stem: Path of its files, without suffix.
        alone: Whether no other name differs from it in letter case alone.
    """

    path: str
    stem: str
    alone: bool


def other_names(project: Project, addresses: Addresses) -> list[OtherName]:
    """Return every entity and concept whose name is not its own file stem.

    Names that no client can ask for are left out: with a query or a fragment, with dot segments
    or empty ones (RFC 3986, section 5.2.4), or with control characters. Of names that are one
    address to HTTP, such as ``é`` and ``%C3%A9``, the first counts.
    """
    found: dict[str, str] = {}
    plain: set[str] = set()
    for iri, stem in addresses.stems.items():
        folder, _, name = stem.partition("/")
        space = {"doc": "id/", "concept": "concept/"}.get(folder)
        if space is None:
            continue
        local = iri.value.removeprefix(f"{project.base}{space}")
        path = space + unquote(local)
        if name == local:
            plain.add(path)
        elif not (re.search(r"[?#]", local) or _UNASKABLE.search(path)):
            found.setdefault(path, stem)
    counts = Counter(path.lower() for path in (*plain, *found.keys() - plain))
    return [
        OtherName(path, stem, counts[path.lower()] == 1)
        for path, stem in found.items()
        if path not in plain
    ]


def weighed(names: Iterable[str], group: str) -> Iterator[str]:
    """Yield patterns (PCRE) that find the first of ``names`` in a header, by falling weight.

    Weights (RFC 9110, section 12.4.2) count to one decimal place; zero is never found. ``group``
    is the pattern of a member, with ``{}`` for the names.
    """
    named = group.format("|".join(exact(each) for each in names))
    member = rf"(?:^|,)\s*{named}\s*"
    yield rf"{member}(?:,|$|;(?![^,]*q=0))"
    for tenths in range(9, 0, -1):
        yield rf"{member};(?:[^,]*;)?\s*q=0\.{tenths}"
    yield rf"{member};(?:[^,]*;)?\s*q=0\.0+[1-9]"


def exact(name: str) -> str:
    """Return the pattern (PCRE) for a media range or a language tag."""
    return re.sub(r"([.+*])", r"\\\1", name)
