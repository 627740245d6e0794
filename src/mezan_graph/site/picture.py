"""A neighbourhood drawn: boxes with their names, arrows told apart by line and tip, and a table.

The picture is SVG inside the page, without styles of its own: ``assets/network.css`` colours it,
for light, dark and paper. Each box and each arrow says in words what it shows, and the table below
says the same once more.
"""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from mezan_graph.languages import direction
from mezan_graph.site.addresses import relative
from mezan_graph.site.layout import layered
from mezan_graph.site.lettering import direction_of, lines
from mezan_graph.site.texts import shown

if TYPE_CHECKING:
    import pyoxigraph as ox

    from mezan_graph.site.layout import Layout, Point
    from mezan_graph.site.network import Kind, Neighbourhood, Network, Relation
    from mezan_graph.site.view import View

LETTER = 15
"""Size of the letters in the units of the picture; the style sheet has the same."""
WHOLE = 810
"""Height up to which a wide screen shows the picture at once, with letters of 11 pixels or more."""
BROAD = 1470
"""Width from which a picture is not made to fit a page, for the same reason; it can be scrolled."""
_LINE = 19
_BOX = 208
_MARGIN = 12
_INSIDE = 9
_MOST_LINES = 4
_APART = 9
_LONGEST_NAME = 300


@dataclass(frozen=True, slots=True)
class Box:
    """A thing of the picture: its name in lines, and where it stands (middle, width, height)."""

    iri: ox.NamedNode
    name: str
    language: str | None
    direction: str
    lines: tuple[tuple[str, float], ...]
    x: float
    y: float
    width: float
    height: float
    href: str | None
    person: bool
    centre: bool


@dataclass(frozen=True, slots=True)
class Arrow:
    """A relation of the picture: its class, its way as SVG path data, and what it says."""

    source: str
    target: str
    node: str | None
    style: str
    path: str
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """The same relation in the table."""

    source: Markup
    kind: Markup
    target: Markup
    record: Markup | None


def network_figure(
    view: View, network: Network, centre: ox.NamedNode, page: str, *, name: str = "network"
) -> Markup | None:
    """Return the picture of the network around ``centre`` with legend and table.

    Args:
        view: The language of the page.
        network: The relations of the graph.
        centre: The thing in the middle.
        page: Path of the page, for its links.
        name: Identifier of the figure, one on each page.

    Returns:
        An HTML ``figure``, or ``None`` where the data has no relations of ``centre``.
    """
    near = network.around(centre)
    if not near.relations:
        return None
    folder = page.rpartition("/")[0]
    boxes, layout = _drawn(view, near, page)
    index = {box.iri: box for box in boxes}
    template = view.environment.get_template("network.html")
    styles = {each.kind: network.style(each.kind) for each in near.relations}
    html = template.render(
        view=view,
        name=name,
        title=view.name(centre),
        near=near,
        boxes=boxes,
        arrows=_arrows(view, network, near, index, layout),
        width=layout.width + 2 * _MARGIN,
        height=layout.height + 2 * _MARGIN,
        letter=LETTER,
        whole=WHOLE,
        broad=BROAD,
        legend=[
            (style, kind_name(view, kind))
            for kind, style in sorted(styles.items(), key=lambda item: item[0].order)
        ],
        rows=[_row(view, each, folder) for each in near.relations],
    )
    return Markup(html)  # noqa: S704 -- an autoescaped template made it


def kind_name(view: View, kind: Kind) -> Markup:
    """Return what a kind of relation is called."""
    if kind.concept is not None:
        return view.named(kind.concept)
    names = {
        "funding": view.gettext("funding"),
        "membership": view.gettext("membership"),
        "status": view.gettext("status granted"),
        "office": view.gettext("office"),
        "part": view.gettext("part of"),
    }
    return Markup.escape(names[kind.family])


def _drawn(view: View, near: Neighbourhood, page: str) -> tuple[list[Box], Layout]:
    lettered = []
    for iri in near.nodes:
        label = view.label(iri)
        text = shown(label.text, _LONGEST_NAME)
        lettered.append((label, text, lines(text, (_BOX - 2 * _INSIDE) / LETTER, _MOST_LINES)))
    crowds = Counter(end for each in near.relations for end in (
        (each.source, "out"), (each.target, "in")
    ))  # fmt: skip
    sizes = [
        (_BOX, max(
            len(found) * _LINE + 2 * _INSIDE,
            max(crowds[iri, "in"], crowds[iri, "out"]) * _APART + _INSIDE,
        ))
        for iri, (_, _, found) in zip(near.nodes, lettered, strict=True)
    ]  # fmt: skip
    order = {iri: index for index, iri in enumerate(near.nodes)}
    pairs = dict.fromkeys((order[each.source], order[each.target]) for each in near.relations)
    # Two ways between the same boxes are one arrow to the layout, and drawn beside each other.
    arrows = [pair for pair in pairs if pair[::-1] not in pairs or pair[0] < pair[1]]
    layout = layered(sizes, arrows)
    if direction(view.language) == "rtl":
        layout = layout.mirrored()
    boxes = []
    for iri, (label, text, found), size, (x, y) in zip(
        near.nodes, lettered, sizes, layout.centres, strict=True
    ):
        known = label.direction if label.direction != "auto" else direction_of(text)
        first = y + _MARGIN - (len(found) - 1) * _LINE / 2
        path = view.addresses.page(iri, view.language)
        boxes.append(
            Box(
                iri=iri,
                name=text,
                language=label.language,
                direction=known,
                lines=tuple((line, round(first + at * _LINE, 1)) for at, line in enumerate(found)),
                x=round(x + _MARGIN, 1),
                y=round(y + _MARGIN, 1),
                width=size[0],
                height=size[1],
                href=None if path is None else relative(path, page),
                person=view.knowledge.is_person(iri),
                centre=iri == near.centre,
            )
        )
    ways = dict(zip(arrows, layout.paths, strict=True))
    ways |= {(end, begin): path[::-1] for (begin, end), path in ways.items()}
    return boxes, layout.with_paths(tuple(ways[order[each.source], order[each.target]]
                                          for each in near.relations))  # fmt: skip


def _arrows(
    view: View,
    network: Network,
    near: Neighbourhood,
    boxes: dict[ox.NamedNode, Box],
    layout: Layout,
) -> list[Arrow]:
    ways = []
    for relation, way in zip(near.relations, layout.paths, strict=True):
        source, target = boxes[relation.source], boxes[relation.target]
        across = _side(way[-1][0] - way[0][0]) * _BOX / 2
        middles = [
            (x + _MARGIN + step, y + _MARGIN) for x, y in way[1:-1] for step in (-across, across)
        ]
        towards = middles[0] if middles else (target.x, target.y)
        back = middles[-1] if middles else (source.x, source.y)
        ways.append((_Port(source, towards), middles, _Port(target, back)))
    heights = _heights([port for begin, _, end in ways for port in (begin, end)])
    found = []
    for relation, (begin, middles, end) in zip(near.relations, ways, strict=True):
        points = [(begin.x, heights[id(begin)]), *middles, (end.x, heights[id(end)])]
        words = {
            "source": begin.box.name,
            "target": end.box.name,
            "kind": kind_name(view, relation.kind).striptags(),
        }
        found.append(
            Arrow(
                source=relation.source.value,
                target=relation.target.value,
                node=None if relation.node is None else relation.node.value,
                style=network.style(relation.kind),
                path=_path(points),
                words=view.gettext("%(source)s → %(target)s: %(kind)s") % words,
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class _Port:
    """Where an arrow meets a box: the side that faces the point ``towards``."""

    box: Box
    towards: Point

    @property
    def x(self) -> float:
        return self.box.x + _side(self.towards[0] - self.box.x) * self.box.width / 2


def _heights(ports: list[_Port]) -> dict[int, float]:
    """Return for each port how far down it is: those of one side spread, in order of their ways."""
    sides: dict[tuple[ox.NamedNode, float], list[_Port]] = {}
    for port in ports:
        sides.setdefault((port.box.iri, port.x), []).append(port)
    heights = {}
    for side in sides.values():
        side.sort(key=lambda port: port.towards[1])
        apart = min(2 * _APART, (side[0].box.height - _INSIDE) / len(side))
        for at, port in enumerate(side):
            heights[id(port)] = port.box.y + (at - (len(side) - 1) / 2) * apart
    return heights


def _path(points: list[Point]) -> str:
    """Return a smooth way through ``points``, level wherever it leaves or meets one."""
    path = [f"M{points[0][0]:g},{points[0][1]:g}"]
    for (x, y), (u, v) in itertools.pairwise(points):
        half = (x + u) / 2
        path.append(f"C{half:g},{y:g} {half:g},{v:g} {u:g},{v:g}")
    return "".join(path)


def _side(distance: float) -> int:
    return (distance > 0) - (distance < 0)


def _row(view: View, relation: Relation, folder: str) -> Row:
    return Row(
        source=view.link(relation.source, folder),
        kind=kind_name(view, relation.kind),
        target=view.link(relation.target, folder),
        record=None if relation.node is None else view.link(relation.node, folder),
    )
