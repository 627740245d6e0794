"""Fetch the Java stores of ``tests/stores/pom.xml`` from Maven Central into ``.venv/stores``.

Needs Maven. Without it, or without the network, it says so and exits with 0: the tests that need a
store say so themselves. Files that are there are not fetched again until the POM changes.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
POM = CHECKOUT / "tests" / "stores" / "pom.xml"
FOLDER = CHECKOUT / ".venv" / "stores"


def main() -> int:
    """Fetch what is missing."""
    digest = hashlib.sha256(POM.read_bytes()).hexdigest()
    stamp = FOLDER / digest
    if stamp.exists():
        return 0
    if shutil.which("mvn") is None:
        print("no Maven: tests may skip that need Fuseki or RDF4J", file=sys.stderr)
        return 0
    shutil.rmtree(FOLDER, ignore_errors=True)
    done = subprocess.run(
        [
            "mvn", "--quiet", "--batch-mode", "--file", str(POM), "dependency:copy-dependencies",
            f"-DoutputDirectory={FOLDER}", "-Dmdep.stripVersion=true",
        ],
        check=False,
    )  # fmt: skip
    if done.returncode:
        print("not fetched, tests may skip: Fuseki, RDF4J", file=sys.stderr)
        return 0
    stamp.touch()
    return 0


if __name__ == "__main__":
    sys.exit(main())
