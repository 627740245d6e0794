"""The layers of docs/architecture.md, held: data flows one way, each engine has one door."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "mezan_graph"

LAYERS = [
    {"errors", "namespaces", "display", "filenames", "atomic", "languages", "processes", "forked"},
    {"formats", "service_limits", "settings", "policy", "vocabularies"},
    {"project", "exchange"},
    {"documents", "folders", "turtle"},
    {"sources"},
    {"numbering"},
    {"graph"},
    {"revisions"},
    {"interoperability", "positions", "formatting"},
    {"queries", "serialization"},
    {"validation", "description"},
    {"exports"},
    {"embedding"},
    {"site"},
    {"publication"},
    {"endpoint", "push"},
    {"deployment"},
    {"cli"},
]
"""Every module or package of mezan_graph, lowest first; a layer imports from those below it.

Within the first two layers modules may import one another; outputs may not."""

DOORS = {
    "click": {"cli"},
    "SPARQLWrapper": {"queries/remote.py"},
    "pyshacl": {"validation/reference.py"},
    "pyld": {"serialization/framing.py"},
    "grandalf": {"site/layout.py"},
    "pagefind_bin": {"site/search.py"},
    "httpx": {"exchange/http.py", "deployment/client.py"},
    "prometheus_client": {"endpoint/metrics.py"},
    "rapidfuzz": {"endpoint/labels.py"},
    "starlette": {"endpoint/application.py", "endpoint/sending.py"},
    "uvicorn": {"endpoint/connections.py", "endpoint/listening.py"},
}
"""Libraries that are known to one place only."""


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def part_of(path: Path) -> str:
    relative = path.relative_to(PACKAGE)
    return relative.parts[0].removesuffix(".py")


def imported(path: Path, *, for_types: bool = True) -> set[str]:
    """Every module that ``path`` imports, at the top or inside a function.

    Without ``for_types``, imports for the type checker alone do not count.
    """
    names: set[str] = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if not for_types:
        tree.body = [
            node
            for node in tree.body
            if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
        ]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return names


def own_parts(path: Path) -> set[str]:
    return {name.split(".")[1] for name in imported(path) if name.startswith("mezan_graph.")} - {
        "__version__"
    }


def test_every_module_has_a_layer():
    known = set().union(*LAYERS) | {"__init__", "__main__"}
    assert {part_of(path) for path in modules()} <= known


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_from_its_layer_and_below(path):
    part = part_of(path)
    if part in {"__init__", "__main__"}:
        pytest.skip("the public names and the program come from every layer")
    index = next(index for index, layer in enumerate(LAYERS) if part in layer)
    below: set[str] = set().union(*LAYERS[:index])
    allowed = below | ({part} if path.parent != PACKAGE else set())
    if index < 2:
        allowed |= LAYERS[index]
    # Only a function may reach across: Graph.to_rdflib opens the door to rdflib when it is called.
    allowed |= {"interoperability"} if part == "graph" else set()
    assert own_parts(path) <= allowed


@pytest.mark.parametrize("library", DOORS)
def test_a_library_is_known_to_one_place(library):
    users = {
        path.relative_to(PACKAGE).as_posix()
        for path in modules()
        if any(name.split(".")[0] == library for name in imported(path))
    }
    assert users, f"nothing imports {library}"
    for user in users:
        assert user in DOORS[library] or user.split("/")[0] in DOORS[library]


def test_rdflib_and_pyoxigraph_meet_in_one_module():
    both = {
        path.relative_to(PACKAGE).as_posix()
        for path in modules()
        if {"rdflib", "pyoxigraph"}
        <= {name.split(".")[0] for name in imported(path, for_types=False)}
    }
    assert both == {"interoperability.py"}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_grows_past_300_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


HEAVY = {"grandalf", "rdflib", "pyshacl", "pyld", "SPARQLWrapper", "pandas", "polars"}


@pytest.mark.parametrize(
    "arguments",
    [["validate"], ["query", "funders"], ["query", "--list"], ["--help"], ["test", "funders"]],
    ids=" ".join,
)
def test_a_command_imports_nothing_heavy_that_it_does_not_use(arguments):
    script = (
        "import sys, mezan_graph.cli as cli\n"
        f"sys.argv = ['mezan', '-C', {str(PACKAGE.parents[1])!r}, *{arguments!r}]\n"
        "try: cli.main()\n"
        "except SystemExit as stop: code = stop.code\n"
        f"print(code, sorted({HEAVY!r} & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stderr.splitlines()[-1] == "0 []"
