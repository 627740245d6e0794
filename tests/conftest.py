"""What every test may need: the project, and material that lies beside a checkout."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mezan_graph.project import Project

CHECKOUT = Path(__file__).resolve().parents[1]


def beside(variable: str, default: str) -> Path:
    """Return the folder that ``variable`` names, else ``default`` relative to the checkout.

    Skips the test, with the reason, where there is no such folder.
    """
    folder = Path(os.environ.get(variable, CHECKOUT / default)).resolve()
    if not folder.is_dir():
        pytest.skip(f"{variable} names no folder: {folder}")
    return folder


@pytest.fixture(scope="session")
def w3c_suites() -> Path:
    """Folder of the official W3C test suites."""
    return beside("MEZAN_W3C_SUITES", "../shared/w3c")


@pytest.fixture(scope="session")
def source_texts() -> Path:
    """Folder with the text of the source article."""
    return beside("MEZAN_SOURCE_TEXTS", "../shared/source")


@pytest.fixture(scope="session")
def project() -> Project:
    """The Al Mezan project of this checkout."""
    return Project.open(CHECKOUT)
