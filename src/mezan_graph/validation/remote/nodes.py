"""Sets of nodes at an endpoint, each told by a graph pattern: targets, and where paths lead."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from mezan_graph.namespaces import RDF, RDFS, SH
from mezan_graph.validation.remote.asking import Asking, NotCarriedError
from mezan_graph.validation.targets import TARGETS

if TYPE_CHECKING:
    from mezan_graph.validation.paths import Path
    from mezan_graph.validation.shapes_graph import ShapesGraph, Term


_CLASS, _TYPE, _ANY = "?mezan_class", "?mezan_type", "?mezan_any"


class Nodes(NamedTuple):
    """The bindings of one variable of a graph pattern.

    Attributes:
        pattern: The pattern, to stand between braces.
        number: Number of the variable.
        step: The triple pattern by which the path last followed leads here.
    """

    pattern: str
    number: int = 0
    step: str = ""

    @property
    def variable(self) -> str:
        """The variable, with its question mark."""
        return f"?mezan_{self.number}"

    def along(self, path: Path | None) -> Nodes:
        """Return where ``path`` leads from these nodes; without a path, the nodes themselves."""
        if path is None:
            return self
        step = f"{self.variable} {path} ?mezan_{self.number + 1} . "
        return Nodes(f"{self.pattern}{step}", self.number + 1, step)


class Classes:
    """The classes of an endpoint's data, with their subclasses there."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    @cached_property
    def _below(self) -> dict[Term, list[Term]]:
        pattern = f"?below {RDFS.subClassOf} ?above"
        if self._asking.count(f"{{ {pattern} FILTER(isBlank(?below)) }}"):
            raise NotCarriedError("a class without a name has a superclass")
        body = f"SELECT DISTINCT ?below ?above WHERE {{ {pattern} FILTER(isIRI(?above)) }}"
        found: dict[Term, list[Term]] = {}
        for below, above in self._asking.rows(("?below", "?above"), body):
            found.setdefault(above, []).append(below)  # type: ignore[arg-type]
        return found

    def subclasses(self, rdf_class: ox.NamedNode) -> list[Term]:
        """Return ``rdf_class`` and its subclasses (SHACL, section 1.1)."""
        found: dict[Term, None] = {rdf_class: None}
        waiting: list[Term] = [rdf_class]
        while waiting:
            for each in self._below.get(waiting.pop(), ()):
                if each not in found:
                    found[each] = None
                    waiting.append(each)
        return list(found)

    def instances(self, variable: str, rdf_class: ox.NamedNode) -> str:
        """Return a pattern that gives ``variable`` the SHACL instances of ``rdf_class``."""
        classes = self.subclasses(rdf_class)
        if len(classes) == 1:
            return f"{variable} {RDF.type} {rdf_class} . "
        return (
            f"VALUES {_CLASS} {{ {' '.join(map(str, classes))} }} {variable} {RDF.type} {_CLASS} . "
        )

    def is_instance(self, variable: str, rdf_class: ox.NamedNode) -> str:
        """Return a pattern that matches where the value of ``variable`` is such an instance."""
        classes = ", ".join(map(str, self.subclasses(rdf_class)))
        return f"{variable} {RDF.type} {_TYPE} . FILTER({_TYPE} IN ({classes})) "


def target(  # noqa: C901 - one branch for each kind of target
    rdf: ShapesGraph, shape: Term, classes: Classes
) -> Nodes:
    """Return the focus nodes of ``shape`` (SHACL, section 2.1.3).

    Raises:
        ShapeError: A target is not an IRI, or for ``sh:targetNode`` is a blank node.
        NotCarriedError: The classes of the data cannot be told.
    """
    variable = Nodes("").variable
    patterns: list[str] = []
    named: list[str] = []
    subjects_of: list[str] = []
    objects_of: list[str] = []
    for name in TARGETS:
        for term in rdf.objects(shape, SH[name]):
            if name == "targetNode" and not isinstance(term, ox.BlankNode):
                named.append(str(term))
            elif not isinstance(term, ox.NamedNode):
                raise rdf.error(shape, f"sh:{name} cannot be {term}")
            elif name == "targetClass":
                patterns.append(classes.instances(variable, term))
            else:
                (subjects_of if name == "targetSubjectsOf" else objects_of).append(str(term))
    if shape in rdf.implicit_classes:
        if not isinstance(shape, ox.NamedNode):
            raise rdf.error(shape, "a shape that is a class as well needs an IRI")
        patterns.append(classes.instances(variable, shape))
    if subjects_of:
        patterns.append(f"{variable} {'|'.join(subjects_of)} {_ANY} . ")
    if objects_of:
        patterns.append(f"{_ANY} {'|'.join(objects_of)} {variable} . ")
    if named:
        patterns.append(f"VALUES {variable} {{ {' '.join(named)} }} ")
    if len(patterns) == 1:
        return Nodes(patterns[0])
    return Nodes(" UNION ".join(f"{{ {each}}}" for each in patterns) + " ")


def is_matched(rdf: ShapesGraph, shape: Term, nodes: Nodes, asking: Asking) -> bool:
    """Whether the target of ``shape`` matches anything in the data; a node named there has to."""
    variable = nodes.variable
    text = f"SELECT DISTINCT {variable} WHERE {{ {nodes.pattern}"
    if rdf.objects(shape, SH.targetNode):
        text += (
            f"FILTER(EXISTS {{ {variable} ?mezan_p ?mezan_o }} || "
            f"EXISTS {{ ?mezan_s ?mezan_p {variable} }}) "
        )
    return asking.count(f"{{ {text}}} LIMIT 1 }}") > 0
