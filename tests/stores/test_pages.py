"""The pages of docs/stores/: their commands run, and the loaded graph answers as they say."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import CHECKOUT
from tests.stores.servers import SERVERS

ADDRESSES = {
    "oxigraph": "http://127.0.0.1:7878",
    "fuseki": "http://127.0.0.1:3030/ds",
    "virtuoso": "http://127.0.0.1:8890/sparql",
    "rdf4j": "http://127.0.0.1:8080/rdf4j-server/repositories/test",
}
DIFFERENT: dict[str, set[str]] = {
    "oxigraph": set(),
    "fuseki": {"authored-shortcut", "incident-claims"},
    "virtuoso": {
        "activities",
        "authored-shortcut",
        "examples",
        "funders-by-kind",
        "incident-claims",
        "terms-in-use",
    },
    "rdf4j": {"incident-claims"},
}
"""Queries that a store answers differently; docs/stores/ tells why."""


def commands(kind):
    page = (CHECKOUT / "docs" / "stores" / f"{kind}.md").read_text(encoding="utf-8")
    for block in re.findall(r"^```sh\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        yield from (line for line in block.splitlines() if line.startswith("mezan "))


@pytest.fixture
def project_folder(copied):
    """The Al Mezan project; without its one duration, which Virtuoso cannot hold."""

    def folder(kind):
        if kind == "virtuoso":
            claims = copied / "data" / "claims.ttl"
            text = claims.read_text(encoding="utf-8")
            without = re.sub(r'\n *mz:statedDuration "PT24H"\^\^xsd:duration ;', "", text)
            assert without != text
            claims.write_text(without, encoding="utf-8")
        return copied

    return folder


@pytest.mark.parametrize("kind", list(SERVERS))
def test_the_commands_of_a_page_run(kind, running, project_folder):
    server = running(kind)
    folder = project_folder(kind)
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "MEZAN_PUSH_USER": server.credentials.user or "",
        "MEZAN_PUSH_PASSWORD": server.credentials.password,
    }
    if server.credentials.user is None:
        del environment["MEZAN_PUSH_USER"]

    def run(command):
        words = shlex.split(command.replace(ADDRESSES[kind], server.url))
        return subprocess.run(
            words, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )

    *loading, asking = commands(kind)
    assert len(loading) == 2
    for command in loading:
        done = run(command)
        assert done.returncode == 0, f"{command}\n{done.stderr}{done.stdout}"
    answer = run(asking)
    assert answer.stdout == run("mezan query funders").stdout != ""
    endpoint = asking.partition("--endpoint ")[2]
    tested = run(f"mezan test --endpoint {endpoint}")
    differing = set(re.findall(r"^differs (\S+)$", tested.stdout, re.MULTILINE))
    assert differing == DIFFERENT[kind], tested.stdout
