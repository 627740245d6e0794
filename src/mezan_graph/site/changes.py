"""``changes.atom``: the versions of the data set as an Atom feed (RFC 4287).

The feed says what is known and nothing else: this version with its date of issue, and, where the
last published release is at hand, what its dump does not hold or holds besides, and the entries of
its own feed. Without a date of issue there is no feed, because Atom wants a date for each entry.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from mezan_graph.description import dataset_iri
from mezan_graph.display import visible
from mezan_graph.errors import SourceError
from mezan_graph.formats import NQUADS
from mezan_graph.serialization import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from mezan_graph.graph import Graph
    from mezan_graph.project import Project

FEED = "changes.atom"
_ATOM = "http://www.w3.org/2005/Atom"
_NAMED = 50
_SUBJECT = re.compile(r"<([^>]*)>")


@dataclass(frozen=True, slots=True)
class Entry:
    """One version of the data set.

    Attributes:
        iri: IRI of the version.
        title: Title and version.
        updated: Date and time of issue, RFC 3339.
        summary: What changed, in plain text.
    """

    iri: str
    title: str
    updated: str
    summary: str


def feed(project: Project, graph: Graph, previous: Path | None = None) -> bytes | None:
    """Return the feed of ``project``, or ``None`` where its version has no date of issue.

    Args:
        project: Title, version, date of issue, attribution, licence.
        graph: The published graph.
        previous: Folder of the release that was published last.

    Raises:
        SourceError: ``previous`` holds no readable dump and feed, or is of the same version.
    """
    if project.issued is None:
        return None
    iri = f"{dataset_iri(project).value}/{project.version}"
    title = f"{_title(project)}, version {project.version}"
    updated = f"{project.issued.isoformat()}T00:00:00Z"
    if previous is None:
        return _document(project, [Entry(iri, title, updated, "Published.")])
    earlier = _entries(previous / FEED)
    if any(entry.iri == iri for entry in earlier):
        raise SourceError(
            f"is of version {project.version}, the same as this one",
            place=previous,
            hint="change project.version and project.issued in mezan.toml",
        )
    summary = _difference(_lines(previous / f"dump{NQUADS.suffix}"), canonical(graph).lines)
    entries = sorted([Entry(iri, title, updated, summary), *earlier], key=lambda each: each.iri)
    return _document(project, sorted(entries, key=lambda each: each.updated, reverse=True))


def _title(project: Project) -> str:
    return project.title.get("en") or next(iter(project.title.values()))


def _document(project: Project, entries: list[Entry]) -> bytes:
    ET.register_namespace("", _ATOM)
    root = ET.Element(_name("feed"))
    _text(root, "id", f"{dataset_iri(project).value}#changes")
    _text(root, "title", _title(project))
    _text(root, "updated", entries[0].updated)
    _text(root, "rights", f"{project.attribution}; {project.license}")
    ET.SubElement(root, _name("link"), rel="self", href=f"{project.site}{FEED}")
    ET.SubElement(root, _name("link"), rel="alternate", href=project.site, type="text/html")
    ET.SubElement(root, _name("link"), rel="license", href=project.license)
    _text(ET.SubElement(root, _name("author")), "name", project.attribution)
    for entry in entries:
        node = ET.SubElement(root, _name("entry"))
        _text(node, "id", entry.iri)
        _text(node, "title", entry.title)
        _text(node, "updated", entry.updated)
        _text(node, "summary", entry.summary)
        ET.SubElement(node, _name("link"), rel="alternate", href=entry.iri)
    ET.indent(root)
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


def _name(local: str) -> str:
    return f"{{{_ATOM}}}{local}"


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, _name(name)).text = visible(text, keep="\n")


def _entries(path: Path) -> list[Entry]:
    content = _content(path)
    try:
        if b"<!" in content:
            raise SourceError("holds a DTD, which no feed of ours has", place=path)
        root = ET.fromstring(content)  # noqa: S314 - without a DTD there are no entities
    except ET.ParseError as error:
        line, column = error.position
        raise SourceError("not XML", place=path, line=line, column=column + 1) from None
    return [
        Entry(*(node.findtext(_name(each), "") for each in ("id", "title", "updated", "summary")))
        for node in root.iter(_name("entry"))
    ]


def _lines(path: Path) -> list[str]:
    text = _content(path).decode("utf-8", "replace")
    return [line for line in text.split("\n") if line and not line.startswith("#")]


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SourceError(
            f"cannot be read: {error.strerror}",
            place=path,
            hint="name the folder of the release that was published last",
        ) from None


def _difference(old: Iterable[str], new: Iterable[str]) -> str:
    """Return what differs between two canonical N-Quads documents, as text.

    Blank nodes take part by their canonical labels, so that a change beside one may count twice.
    """
    before, after = set(old), set(new)
    added, removed = after - before, before - after
    if not added and not removed:
        return "The same statements as in the version before."
    text = f"{len(added)} statements added, {len(removed)} removed."
    subjects = sorted({match[1] for line in added | removed if (match := _SUBJECT.match(line))})
    if subjects:
        more = f"\nand {len(subjects) - _NAMED} more" if len(subjects) > _NAMED else ""
        text += "\nChanged:\n" + "\n".join(subjects[:_NAMED]) + more
    return text
