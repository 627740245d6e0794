"""Running the command line as a person does, without leaving the process."""

from __future__ import annotations

import io
import socket
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pytest

from mezan_graph import cli

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Done:
    """What a run left behind."""

    code: int
    out: str
    err: str


class Run(Protocol):
    """Runs ``mezan`` with arguments, in a folder, with a text on standard input."""

    def __call__(self, *arguments: str | Path, cwd: Path = ..., stdin: str = ...) -> Done: ...


@pytest.fixture
def mezan(monkeypatch, capfdbinary, tmp_path) -> Run:
    """The command line; no socket may be opened, and no traceback shown."""

    class NoSocket(socket.socket):
        def __init__(self, *_: object, **__: object) -> None:
            raise AssertionError("a socket was opened")

    def run(*arguments: str | Path, cwd: Path = tmp_path, stdin: str = "") -> Done:
        monkeypatch.chdir(cwd)
        monkeypatch.setattr(sys, "argv", ["mezan", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        with monkeypatch.context() as patch, pytest.raises(SystemExit) as stopped:
            patch.setattr(socket, "socket", NoSocket)
            cli.main()
        out, err = capfdbinary.readouterr()
        done = Done(int(stopped.value.code or 0), out.decode(), err.decode())
        assert "Traceback" not in done.err
        return done

    return run


@pytest.fixture
def small(tmp_path) -> Path:
    """A small project of another organisation, which a test may spoil."""
    root = tmp_path / "relief"
    for name in ("ontology", "data", "shapes", "queries/funding"):
        (root / name).mkdir(parents=True)
    (root / "mezan.toml").write_text(
        '[project]\nname = "relief"\nbase = "https://example.org/relief/"\n'
    )
    (root / "data" / "organizations.ttl").write_text(
        "@prefix schema: <https://schema.org/> .\n"
        "@prefix id: <https://example.org/relief/id/> .\n\n"
        'id:relief a schema:NGO ;\n    schema:name "Relief"@en ;\n'
        "    schema:funder id:donor .\n\n"
        'id:donor a schema:Organization ;\n    schema:name "Donor"@en .\n'
    )
    (root / "shapes" / "organization.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "@prefix schema: <https://schema.org/> .\n"
        "@prefix shapes: <https://example.org/relief/shapes#> .\n\n"
        "shapes:Organization a sh:NodeShape ;\n    sh:targetClass schema:NGO ;\n"
        "    sh:property shapes:name .\n\n"
        "shapes:name a sh:PropertyShape ;\n    sh:path schema:name ;\n    sh:minCount 1 ;\n"
        '    sh:message "write a schema:name"@en .\n'
    )
    (root / "queries" / "funding" / "funders.rq").write_text(
        "#+ summary: Who funds an organisation\n"
        "#+ description: Which bodies fund this organisation?\n"
        "#+ parameters:\n"
        "#+   organization: {type: iri, default: relief, description: The organisation}\n"
        "SELECT ?funder WHERE { ?organization schema:funder ?funder } ORDER BY ?funder\n"
    )
    (root / "queries" / "funding" / "funders.expected.csv").write_text("funder\nid:donor\n")
    return root
