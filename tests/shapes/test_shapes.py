"""Every constraint of the shapes rejects what it must and accepts what it may.

Beside ``given.ttl``, which all fixtures may refer to, a folder for each shapes file holds
``valid.ttl`` and, for every constraint, a graph that breaks it: ``<shape>.<parameter>.ttl``. The
first line of a failing graph says what is wrong. Where the edit cannot but break a further
constraint, a line ``# also: <shape>.<parameter>`` says so. The constraints are enumerated from the
shapes graph, so that one without its failing graph fails here.

All graphs are validated in one pass together with the data of the project, each in a namespace of
its own, because pySHACL is slow.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from mezan_graph.graph import Graph, Part, build_graph, shapes_graph
from mezan_graph.namespaces import RDF, RDFS, SH
from mezan_graph.project import Project
from mezan_graph.validation import engine, reference

HERE = Path(__file__).resolve().parent
PROJECT = Project.open(HERE.parents[1])
SHAPES = shapes_graph(PROJECT)
EXAMPLE = "https://example.org/"
ENGINES = {"compiled": engine.validate_graph, "reference": reference.validate_graph}
PARAMETERS = """
    class datatype nodeKind minCount maxCount minExclusive minInclusive maxExclusive maxInclusive
    minLength maxLength pattern languageIn uniqueLang equals disjoint lessThan lessThanOrEquals
    not and or xone node qualifiedMinCount qualifiedMaxCount closed hasValue in sparql
"""
TARGETS = ("targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode")
COMPONENTS = {
    SH[each]: SH[
        ("SPARQL" if each == "sparql" else each[0].upper() + each[1:]) + "ConstraintComponent"
    ]
    for each in re.findall(r"\w+", PARAMETERS)
}


def described(quads):
    """Objects by subject and predicate."""
    objects: dict[object, dict[object, list[object]]] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        objects[quad.subject][quad.predicate].append(quad.object)
    return objects


RDF_OF_SHAPES = described(SHAPES.triples())


def reporting(quads):
    """The shapes that can be a source of results: those with a target, and their properties."""
    objects = described(quads)
    targeted = [each for each in objects if any(SH[kind] in objects[each] for kind in TARGETS)]
    return [*targeted, *(shape for each in targeted for shape in objects[each][SH.property])]


REPORTING = {
    Path(part.source.name).stem: reporting(part.quads) for part in SHAPES.parts if part.source
}
CONSTRAINTS = {
    f"{stem}/{local}.{parameter.value.rpartition('#')[2]}": (shape, COMPONENTS[parameter])
    for stem, shapes in REPORTING.items()
    for shape in shapes
    for local in [str(shape).rstrip(">").rpartition("#")[2]]
    for parameter in RDF_OF_SHAPES[shape]
    if parameter in COMPONENTS
}


def fixture_name(path):
    return path.relative_to(HERE).with_suffix("").as_posix()


FILES = {fixture_name(path): path for path in sorted(HERE.glob("**/*.ttl"))}
FAILING = {name: path for name, path in FILES.items() if path.stem not in {"given", "valid"}}
VALID = {name: path for name, path in FILES.items() if name not in FAILING}


def read(name):
    """The quads of one fixture, in a namespace of its own."""
    text = FILES[name].read_text(encoding="utf-8")
    scoped = re.sub(f"{EXAMPLE}(?!given/)", f"{EXAMPLE}{name}/", text)
    return list(ox.parse(scoped, ox.RdfFormat.TURTLE, rename_blank_nodes=True))


FIXTURES = {name: read(name) for name in FILES}
PARTS = [Part(quads, ox.DefaultGraph()) for quads in FIXTURES.values()]
DATA = build_graph(PROJECT)


@cache
def results(engine_name):
    """The results of one engine by fixture, as (shape, component, focus node, value)."""
    outcome = ENGINES[engine_name](Graph([*DATA.parts, *PARTS]), SHAPES)
    owner = {quad.subject: name for name, quads in FIXTURES.items() for quad in quads}
    found: dict[str, set[tuple[object, ...]]] = {name: set() for name in [*FILES, "project"]}
    for each in outcome.results:
        name = owner.get(each.focus_node, "project")
        found[name].add((each.source_shape, each.component, each.focus_node, each.value))
    return found


@pytest.fixture(params=ENGINES)
def outcomes(request):
    return results(request.param)


def pairs(results):
    return {(shape, component) for shape, component, _, _ in results}


def test_every_constraint_has_a_failing_graph():
    assert sorted(CONSTRAINTS) == sorted(FAILING)


@pytest.mark.parametrize("name", FAILING)
def test_failing_graph_breaks_its_constraint(name, outcomes):
    text = FAILING[name].read_text(encoding="utf-8")
    folder = name.split("/")[0]
    also = re.findall(r"\S+", "".join(re.findall(r"^# also: (.*)$", text, re.MULTILINE)))
    expected = [name, *(each if "/" in each else f"{folder}/{each}" for each in also)]
    assert pairs(outcomes[name]) == {CONSTRAINTS[each] for each in expected}


@pytest.mark.parametrize("name", VALID)
def test_valid_graph_conforms(name, outcomes):
    assert outcomes[name] == set()


def test_data_of_the_project_conform(outcomes):
    assert outcomes["project"] == set()


def test_every_target_matches_data_of_the_project():
    assert engine.validate_graph(DATA, SHAPES).unmatched == ()


@pytest.mark.parametrize("name", FILES)
def test_engines_agree(name):
    assert results("compiled")[name] == results("reference")[name]


@pytest.mark.parametrize("name", FAILING)
def test_failing_graph_says_what_is_wrong(name):
    first = FAILING[name].read_text(encoding="utf-8").splitlines()[0]
    assert re.fullmatch(r"# [A-Z].{10,}\.", first)


def focus_exists(kind, target, quads):
    if kind == "targetClass":
        return any(q.predicate == RDF.type and q.object == target for q in quads)
    return any(q.predicate == target for q in quads)


@pytest.mark.parametrize("stem", [stem for stem, shapes in REPORTING.items() if shapes])
def test_valid_graph_has_a_focus_node_for_every_target(stem):
    quads = FIXTURES[f"{stem}/valid"] + FIXTURES["given"]
    everywhere = [quad for name in VALID for quad in FIXTURES[name]]
    crosscutting = stem in {"evidence", "iri", "resource", "text"}
    targets = [
        (str(shape), kind, target)
        for shape in REPORTING[stem]
        for kind in TARGETS
        for target in RDF_OF_SHAPES[shape][SH[kind]]
    ]
    assert targets
    found = everywhere if crosscutting else quads
    assert [each for each in targets if not focus_exists(each[1], each[2], found)] == []


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_constraint_has_a_name_a_severity_and_messages(name):
    shape, _ = CONSTRAINTS[name]
    assert isinstance(shape, ox.NamedNode)
    stated = RDF_OF_SHAPES[shape]
    assert stated[SH.severity] in ([SH.Violation], [SH.Warning], [SH.Info])
    messages = {each.language: each.value for each in stated[SH.message]}
    assert sorted(messages) == ["ar", "en"]
    assert min(map(len, messages.values())) >= 20
    assert re.search("[ء-ي]", messages["ar"])
    assert not re.search("[ء-ي]", messages["en"])


def test_shapes_name_no_entity_of_the_project():
    terms = {term for quad in SHAPES.triples() for term in (quad.subject, quad.object)}
    assert [each for each in terms if str(each).startswith(f"<{PROJECT.base}id/")] == []


def test_shapes_use_only_declared_terms_of_the_vocabulary():
    defined = {q.subject for q in DATA.triples() if q.predicate == RDFS.isDefinedBy}
    used = {
        match
        for quad in SHAPES.triples()
        for match in re.findall(rf"<({PROJECT.base}def#\w+)>|\bmz:(\w+)", str(quad))
    }
    terms = {ox.NamedNode(iri or f"{PROJECT.base}def#{local}") for iri, local in used}
    assert terms
    assert terms <= defined


@pytest.mark.parametrize(
    ("period", "valid"),
    [
        *((each, True) for each in ("2002", "2002-06", "2002-06-11", "2002-21", "200X", "2002-XX")),
        *((each, True) for each in ("2002?", "2002~", "2002-06%", "2002/2003", "2002-05~/2003")),
        *((each, True) for each in ("2000/", "2000/..", "/2003", "../2003", "1985-XX-XX")),
        *((each, False) for each in ("", "/", "../..", "02", "2002-13", "2002-06-32", "X002")),
        *((each, False) for each in ("2002-2003", "2002 to 2003", "/2002/2003", "2002/2003/2004")),
    ],
)
def test_pattern_of_periods_is_that_of_edtf_level_1(period, valid):
    shape = ox.NamedNode(f"{PROJECT.base}shapes#temporal-edtf")
    [pattern] = RDF_OF_SHAPES[shape][SH.pattern]
    assert bool(re.search(pattern.value, period)) is valid
