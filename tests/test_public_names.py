"""What `import mezan_graph` offers: about ten names, documented, typed, cheap to import."""

from __future__ import annotations

import doctest
import inspect
import subprocess
import sys

import pytest

import mezan_graph


def test_these_are_the_public_names():
    assert mezan_graph.__all__ == [
        "Graph",
        "MezanError",
        "Project",
        "Solutions",
        "build_graph",
        "embed",
        "export",
        "publish",
        "query",
        "serialize",
        "validate",
    ]
    assert dir(mezan_graph) == sorted(mezan_graph.__all__)


@pytest.mark.parametrize("name", mezan_graph.__all__)
def test_a_public_name_is_documented_and_typed(name):
    public = getattr(mezan_graph, name)
    assert len(inspect.getdoc(public) or "") > 40
    function = public.__init__ if inspect.isclass(public) else public
    if not issubclass(type(public), type) or not issubclass(public, Exception):
        assert "return" in function.__annotations__ or "__init__" in function.__qualname__


@pytest.mark.parametrize("name", [each for each in mezan_graph.__all__ if each[0].islower()])
def test_a_public_function_says_what_it_raises(name):
    assert "Raises:" in (inspect.getdoc(getattr(mezan_graph, name)) or "")


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = mezan_graph.nothing


def test_importing_the_package_loads_no_engine():
    script = "import sys, mezan_graph; print('pyoxigraph' in sys.modules, 'rdflib' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False False\n"


def test_the_example_of_the_package_is_true():
    results = doctest.testmod(mezan_graph)
    assert results.attempted >= 3
    assert results.failed == 0
