"""Where the boxes of a picture stand: layers from left to right, laid out by grandalf.

The method is Sugiyama's, with the sizes of the boxes known, so that none lies over another.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Point = tuple[float, float]

_BETWEEN_LAYERS = 96
_BETWEEN_BOXES = 12
_ROUNDS = 3


@dataclass(slots=True)
class _Box:
    """What grandalf asks of a vertex; it layers from top to bottom, so the axes are swapped."""

    h: float
    w: float
    xy: Point = (0.0, 0.0)


@dataclass(slots=True)
class _Path:
    """What grandalf asks of an edge."""

    points: list[Point] = field(default_factory=list)

    def setpath(self, points: list[Point]) -> None:
        """Take the way that was found."""
        self.points = list(points)


@dataclass(frozen=True, slots=True)
class Layout:
    """A picture's geometry, in the units of the sizes, the origin at the top left.

    Attributes:
        width: Of everything.
        height: Of everything.
        centres: The middle of each box, in the order of the sizes.
        paths: The way of each arrow from middle to middle, through the gaps between boxes.
    """

    width: float
    height: float
    centres: tuple[Point, ...]
    paths: tuple[tuple[Point, ...], ...]

    def mirrored(self) -> Layout:
        """Return the layout as readers from right to left expect it."""
        return Layout(
            self.width,
            self.height,
            tuple((self.width - x, y) for x, y in self.centres),
            tuple(tuple((self.width - x, y) for x, y in path) for path in self.paths),
        )

    def with_paths(self, paths: tuple[tuple[Point, ...], ...]) -> Layout:
        """Return the same layout with other arrows."""
        return Layout(self.width, self.height, self.centres, paths)


def layered(sizes: Sequence[tuple[float, float]], arrows: Iterable[tuple[int, int]]) -> Layout:
    """Lay out boxes that are all linked with one another.

    Args:
        sizes: Width and height of each box.
        arrows: Pairs of indexes into ``sizes``, from the box on the left to the one on the right
            where that is possible; each pair of different boxes, each pair once.
    """
    from grandalf.graphs import Edge, Vertex, graph_core
    from grandalf.layouts import SugiyamaLayout

    vertices = [Vertex(index) for index in range(len(sizes))]
    for vertex, (width, height) in zip(vertices, sizes, strict=True):
        vertex.view = _Box(h=width, w=height)
    edges = [Edge(vertices[begin], vertices[end]) for begin, end in arrows]
    for edge in edges:
        edge.view = _Path()
    # Its rounds turn the first layer round: what leads to the first box is given backwards. Its
    # class Graph would keep the arrows in a set, whose order differs at every run.
    inwards = [edge for edge in edges if edge.v[0] is not vertices[0]]
    outwards = [edge for edge in edges if edge.v[0] is vertices[0]]
    component = graph_core(vertices, inwards[::-1] + outwards, directed=True)
    sugiyama = SugiyamaLayout(component)
    sugiyama.init_all()
    sugiyama.xspace, sugiyama.yspace = _BETWEEN_BOXES, _BETWEEN_LAYERS
    sugiyama.draw(_ROUNDS)
    centres = [(vertex.view.xy[1], vertex.view.xy[0]) for vertex in vertices]
    lefts = [x - width / 2 for (x, _), (width, _) in zip(centres, sizes, strict=True)]
    tops = [y - height / 2 for (_, y), (_, height) in zip(centres, sizes, strict=True)]
    across = [point[0] for edge in edges for point in edge.view.points]
    left, top = min(lefts), min(tops + across)
    right = max(each + width for each, (width, _) in zip(lefts, sizes, strict=True))
    bottoms = [each + height for each, (_, height) in zip(tops, sizes, strict=True)]

    def moved(x: float, y: float) -> Point:
        return round(x - left, 1), round(y - top, 1)

    return Layout(
        round(right - left, 1),
        round(max(bottoms + across) - top, 1),
        tuple(moved(x, y) for x, y in centres),
        tuple(tuple(moved(y[1], y[0]) for y in edge.view.points) for edge in edges),
    )
