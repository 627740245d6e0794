"""Frames: which properties of a class are embedded, how deep, and in which order.

A frame is a file of the JSON-LD 1.1 framing syntax in ``frames/``. People edit it; what it may hold
is a part of that syntax, so that nothing in it is passed over in silence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mezan_graph.documents import load_json
from mezan_graph.embedding.context import ADDRESSES
from mezan_graph.errors import SourceError
from mezan_graph.folders import inside_project
from mezan_graph.namespaces import SCHEMA
from mezan_graph.project import packaged_root
from mezan_graph.settings import Limits
from mezan_graph.vocabularies import described_terms, superclasses

if TYPE_CHECKING:
    from pathlib import Path

    from mezan_graph.project import Project

FOLDER = "frames"
_KEYWORDS = ("@context", "@type", "@explicit", "@embed", "@reverse")


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame, or the part of one that is below a property.

    Attributes:
        types: Types that a node must have, one of them or of their subtypes; empty for any node.
        properties: What is embedded, in order: names of schema.org with the frames below them.
        reverse: The same for triples that point at the node.
        reference: Whether only the IRI of a node is given.
        is_role: Whether it asks for a node that stands between a thing and the value of a property.
        is_empty: Whether it asks for nothing but the value.
    """

    types: tuple[str, ...] = ()
    properties: tuple[tuple[str, Frame], ...] = ()
    reverse: tuple[tuple[str, Frame], ...] = ()
    reference: bool = False
    is_role: bool = field(init=False)
    is_empty: bool = field(init=False)

    def __post_init__(self) -> None:
        """Find out what is asked often."""
        roles = any("Role" in superclasses(SCHEMA.iri, each) for each in self.types)
        object.__setattr__(self, "is_role", roles)
        empty = not (self.types or self.properties or self.reverse or self.reference)
        object.__setattr__(self, "is_empty", empty)

    def takes(self, types: tuple[str, ...]) -> bool:
        """Whether a node with these types matches."""
        return not self.types or any(
            wanted in superclasses(SCHEMA.iri, each) or wanted == each
            for each in types
            for wanted in self.types
        )


class Frames:
    """The frames of a project, and those that ship with the package for what it has none of.

    Args:
        project: The project.

    Raises:
        InputError: A frame cannot be read, or holds something that no frame means.
    """

    def __init__(self, project: Project) -> None:
        own = project.folders.get(FOLDER)
        self._frames: dict[str, Frame] = {}
        for folder in dict.fromkeys((packaged_root() / FOLDER, own)):
            if folder is None or not folder.is_dir():
                continue
            for path in sorted(folder.glob("*.jsonld")):
                if folder == own:
                    inside_project(project, path)
                frame = read_frame(path, project.limits)
                self._frames |= dict.fromkeys(frame.types, frame)

    def of(self, types: tuple[str, ...]) -> Frame:
        """Return the frame of the nearest type above ``types``, the narrowest first."""
        terms = described_terms(SCHEMA.iri)
        waiting = list(types)
        seen = set(waiting)
        while waiting:
            each = waiting.pop(0)
            if each in self._frames:
                return self._frames[each]
            above = terms[each].above if each in terms else ()
            waiting += [name for name in above if name not in seen]
            seen.update(above)
        return self._frames.get("Thing", _NAME_ONLY)


_NAME_ONLY = Frame(properties=(("name", Frame()),))


def read_frame(path: Path, limits: Limits | None = None) -> Frame:
    """Return the frame in the file ``path``.

    Raises:
        ParseError: The file is not JSON.
        SourceError: It is not a frame, or names something that schema.org does not have.
    """
    limits = limits or Limits()
    content = path.read_bytes()
    reader = _Reader(path, content.decode("utf-8", "replace").splitlines())
    frame = reader.frame(load_json(content, str(path), limits))
    if not frame.types:
        raise reader.error("@type", "a frame says with @type which class it is for")
    return frame


class _Reader:
    def __init__(self, path: Path, lines: list[str]) -> None:
        self._path = path
        self._lines = lines

    def error(self, key: str, message: str, hint: str | None = None) -> SourceError:
        wanted = f'"{key}"'
        line = next((number for number, text in enumerate(self._lines, 1) if wanted in text), None)
        return SourceError(message, place=self._path, line=line, hint=hint)

    def frame(self, value: Any, name: str = "") -> Frame:
        if not isinstance(value, dict):
            raise self.error(name, f"{name or 'a frame'} must be an object", "write {}")
        properties = []
        for key, below in value.items():
            if not key.startswith("@"):
                self._known(key, "property")
                properties.append((key, self.frame(below, key)))
            elif key not in _KEYWORDS:
                raise self.error(key, f"{key} means nothing here", f"one of {', '.join(_KEYWORDS)}")
        context = value.get("@context", {"@vocab": SCHEMA.iri})
        if context not in ({"@vocab": SCHEMA.iri}, *ADDRESSES):
            hint = f'write "@context": {{"@vocab": "{SCHEMA.iri}"}}'
            raise self.error("@context", "the context of a frame is schema.org", hint)
        if value.get("@explicit", True) is not True:
            raise self.error("@explicit", "only what a frame names is embedded", "write true")
        embed = value.get("@embed", "@always")
        if embed not in {"@always", "@never"}:
            raise self.error("@embed", "must be @always or @never")
        reverse = self.frame(value["@reverse"], "@reverse") if "@reverse" in value else Frame()
        return Frame(
            self._types(value.get("@type", [])),
            tuple(properties),
            reverse.properties,
            embed == "@never",
        )

    def _types(self, value: Any) -> tuple[str, ...]:
        types = value if isinstance(value, list) else [value]
        for each in types:
            if not isinstance(each, str):
                raise self.error("@type", "must be a name of schema.org, or a list of them")
            self._known(each, "class")
        return tuple(types)

    def _known(self, name: str, kind: str) -> None:
        terms = described_terms(SCHEMA.iri)
        if name not in terms or terms[name].kind != kind:
            import difflib

            known = [each for each, term in terms.items() if term.kind == kind]
            near = difflib.get_close_matches(name, known, 1)
            hint = f"did you mean {near[0]}?" if near else None
            raise self.error(name, f"{name} is not a {kind} of schema.org", hint)
