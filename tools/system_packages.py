"""Install the Debian packages of ``tests/system-packages.txt`` that are missing.

Needs apt-get, and root or a sudo that asks no password. Where these are not at hand it names what
is missing and exits with 0: the tests that need a package say so themselves.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

LIST = Path(__file__).resolve().parents[1] / "tests" / "system-packages.txt"


def wanted() -> list[str]:
    """Return the names in the list, without comments."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def is_installed(package: str) -> bool:
    """Whether dpkg knows ``package`` as installed."""
    done = subprocess.run(
        ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout == "installed"


def main() -> int:
    """Install what is missing, and say what is left."""
    if shutil.which("apt-get") is None or shutil.which("dpkg-query") is None:
        print(f"no apt-get: tests may skip that need {', '.join(wanted())}", file=sys.stderr)
        return 0
    missing = [package for package in wanted() if not is_installed(package)]
    if not missing:
        return 0
    sudo = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
    if sudo and shutil.which("sudo") is None:
        print(f"not root: tests may skip that need {', '.join(missing)}", file=sys.stderr)
        return 0
    # Services of these packages are started by the tests, on ports of their own.
    environment = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1"]
    subprocess.run([*environment, "apt-get", "-qq", "update"], check=False)
    install = [*environment, "apt-get", "-qq", "install", "--yes", "--no-install-recommends"]
    done = subprocess.run([*install, *missing], stdout=subprocess.DEVNULL, check=False)
    if done.returncode:
        print(f"not installed, tests may skip: {', '.join(missing)}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
