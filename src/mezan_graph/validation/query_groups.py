"""What the groups of a query tell about its variables, met token by token."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyoxigraph as ox

SUBJECT, PREDICATE, OBJECT = range(3)
"""What comes next in a triple."""


class Reach(NamedTuple):
    """The predicates of all triples that a query can match.

    Attributes:
        predicates: Those that it names.
        named_by: The objects of these predicates are predicates that it can match as well.
    """

    predicates: frozenset[ox.NamedNode]
    named_by: frozenset[ox.NamedNode] = frozenset()


class Group:
    """What is known in all solutions of a group of a query.

    Attributes:
        outer: The group around it, where that binds its variables: around EXISTS.
        nodes: Variables that stand as subject or object in its triple patterns.
        named: Variable to the predicates that it is an object of.
        allowed: Variable to the only IRIs that a filter lets pass.
        verbs: Variables that stand as a predicate.
        ends: The ends of each path that may lead from a node to itself, as far as variables.
        is_graph: Whether ``GRAPH`` stands before it, so that without triples it asks for graphs.
        has_triples: Whether a triple pattern stands in it.
    """

    def __init__(self, outer: Group | None = None) -> None:
        self.outer = outer
        self.nodes: set[str] = set()
        self.named: dict[str, set[ox.NamedNode]] = {}
        self.allowed: dict[str, set[ox.NamedNode]] = {}
        self.verbs: set[str] = set()
        self.ends: list[set[str]] = []
        self.is_graph = self.has_triples = False

    def around(self) -> Iterator[Group]:
        """Yield the group, and those around it that bind its variables."""
        group: Group | None = self
        while group is not None:
            yield group
            group = group.outer


class Frame:
    """A brace, bracket or parenthesis that is open.

    Attributes:
        kind: ``{``, ``[``, ``(`` of a collection, ``/`` of a path, ``FILTER`` or ``BIND`` of its
            expression.
        group: The group that it stands in, or is.
        state: What comes next in a triple.
        subject: The subject, if it is a variable.
        step: Whether a predicate has been read, so that a term is an object.
        verb: The predicate, where it is a single one and nothing else.
        loops: For each step of the path, whether it may lead from a node to itself.
        choice: Whether the path has alternatives outside of parentheses.
    """

    __slots__ = ("choice", "group", "kind", "loops", "state", "step", "subject", "verb")

    def __init__(self, kind: str, group: Group, state: int = SUBJECT) -> None:
        self.kind = kind
        self.group = group
        self.state = state
        self.subject = ""
        self.begin_verb()

    def begin_verb(self) -> None:
        """Begin a path."""
        self.step = self.choice = False
        self.verb: ox.NamedNode | None = None
        self.loops: list[bool] = []

    def add_step(self, *, loop: bool, verb: ox.NamedNode | None = None) -> None:
        """Add a step to the path."""
        self.verb = None if self.loops else verb
        self.loops.append(loop)
        self.step = True

    def add_sign(self, sign: str) -> None:
        """Change the path by what stands between or after its steps."""
        self.verb = None
        if sign == "|":
            self.choice = True
        elif sign in "*?":
            self.loops[-1] = True

    def loop(self) -> bool:
        """Whether the path may lead from a node to itself."""
        return any(self.loops) if self.choice else bool(self.loops) and all(self.loops)

    def add_object(self, value: str) -> None:
        """Add what the triple with this object says of its variables."""
        ends = {self.subject, value} - {""}
        if self.loop():
            self.group.ends.append(ends)
            return
        self.group.nodes |= ends
        if self.verb is not None:
            self.group.named.setdefault(value, set()).add(self.verb)
