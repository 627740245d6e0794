"""Boxes never lie over one another, whatever they are linked with."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from mezan_graph.site.layout import Layout, layered

Size = tuple[float, float]


@st.composite
def networks(draw) -> tuple[list[Size], list[tuple[int, int]]]:
    count = draw(st.integers(2, 25))
    sizes = [(208.0, float(draw(st.integers(40, 130)))) for _ in range(count)]
    arrows: dict[tuple[int, int], None] = {}
    for index in range(1, count):
        other = draw(st.integers(0, index - 1))
        arrows[(index, other) if draw(st.booleans()) else (other, index)] = None
    for one, other in draw(st.lists(st.tuples(*[st.integers(0, count - 1)] * 2), max_size=count)):
        if one != other and (other, one) not in arrows:
            arrows[one, other] = None
    return sizes, list(arrows)


def overlaps(layout: Layout, sizes: list[Size]) -> list[tuple[int, int]]:
    found = []
    for one, ((x, y), (width, height)) in enumerate(zip(layout.centres, sizes, strict=True)):
        for other in range(one):
            (u, v), (w, h) = layout.centres[other], sizes[other]
            if abs(x - u) < (width + w) / 2 - 1 and abs(y - v) < (height + h) / 2 - 1:
                found.append((other, one))
    return found


@settings(max_examples=40, deadline=None)
@given(networks())
def test_no_box_lies_over_another_and_all_are_inside(network):
    sizes, arrows = network
    layout = layered(sizes, arrows)
    assert overlaps(layout, sizes) == []
    for (x, y), (width, height) in zip(layout.centres, sizes, strict=True):
        assert x - width / 2 >= -0.2
        assert x + width / 2 <= layout.width + 0.2
        assert y - height / 2 >= -0.2
        assert y + height / 2 <= layout.height + 0.2
    assert len(layout.paths) == len(arrows)
    assert layout == layered(sizes, arrows)


def test_arrows_lead_from_left_to_right_and_mirrored_from_right_to_left():
    layout = layered([(208, 40)] * 3, [(1, 0), (0, 2)])
    left, middle, right = layout.centres[1][0], layout.centres[0][0], layout.centres[2][0]
    assert left < middle < right
    assert [x for x, _ in layout.mirrored().centres] == [middle, right, left]


def test_what_leads_to_the_first_box_stands_in_the_order_given():
    layout = layered([(208, 40)] * 7, [(each, 0) for each in range(1, 5)] + [(0, 5), (0, 6)])
    heights = [y for _, y in layout.centres]
    assert heights[1:5] == sorted(heights[1:5])
    assert heights[5:7] == sorted(heights[5:7])
