"""Running ``mezan push`` without leaving the process."""

from __future__ import annotations

import functools
import sys

import pytest
from tests.cli.conftest import Done

from mezan_graph import cli
from mezan_graph.push import Patience


@pytest.fixture
def mezan(monkeypatch, capfd):
    """The command line; it does not wait long for a server."""
    impatient = functools.partial(Patience, tries=2, pause=0.01)
    monkeypatch.setattr("mezan_graph.push.Patience", impatient)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["mezan", *arguments])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        return Done(int(stopped.value.code or 0), out, err)

    return run
