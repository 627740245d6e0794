"""A composite GitHub Action run without GitHub: its metadata, expressions and scripts."""

from __future__ import annotations

import re
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
BASH = ("bash", "--noprofile", "--norc", "-eo", "pipefail")
"""What ``shell: bash`` means, as GitHub documents it."""


@dataclass(frozen=True)
class Run:
    """What came out of a run.

    Attributes:
        code: Exit code of the last step that ran.
        log: Standard output and standard error, as they were written.
        outputs: The outputs of the action.
    """

    code: int
    log: str
    outputs: Mapping[str, str]


@dataclass
class Action:
    """A composite action in the folder ``root``."""

    root: Path
    metadata: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.metadata = yaml.safe_load((self.root / "action.yml").read_text(encoding="utf-8"))

    @property
    def steps(self) -> list[dict[str, Any]]:
        steps: list[dict[str, Any]] = self.metadata["runs"]["steps"]
        return steps

    def run(
        self, workspace: Path, temporary: Path, environment: Mapping[str, str], **inputs: str
    ) -> Run:
        """Run every step until one fails, as a runner does; ``fail_on`` stands for ``fail-on``."""
        temporary.mkdir(parents=True, exist_ok=True)
        own = Path(tempfile.mkdtemp(dir=temporary))
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        declared = self.metadata["inputs"]
        assert given.keys() <= declared.keys(), "a runner warns of an input that is not declared"
        known = {
            f"inputs.{name}": given.get(name, each["default"]) for name, each in declared.items()
        }
        code, log = 0, ""
        for step in self.steps:
            file = own / "output"
            file.write_text("")
            script = own / "script.sh"
            script.write_text(step["run"], encoding="utf-8")
            assert step["shell"] == "bash"
            done = subprocess.run(
                [*BASH, str(script)],
                cwd=workspace,
                env={
                    **environment,
                    "GITHUB_ACTIONS": "true",
                    "GITHUB_ACTION_PATH": str(self.root),
                    "GITHUB_OUTPUT": str(file),
                    "GITHUB_WORKSPACE": str(workspace),
                    "RUNNER_TEMP": str(temporary),
                    **{name: expand(text, known) for name, text in step.get("env", {}).items()},
                },
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            log += done.stdout
            for name, value in read_outputs(file.read_text(encoding="utf-8")):
                known[f"steps.{step['id']}.outputs.{name}"] = value
            code = done.returncode
            if code:
                break
        outputs = {
            name: expand(each["value"], known) for name, each in self.metadata["outputs"].items()
        }
        return Run(code, log, outputs)


def expand(text: str, known: Mapping[str, str]) -> str:
    """Replace the expressions in ``text``; one that has no value is empty, as on GitHub."""
    return EXPRESSION.sub(lambda match: known.get(match[1], ""), text)


def read_outputs(text: str) -> Iterator[tuple[str, str]]:
    """Yield what a step has written to ``GITHUB_OUTPUT``: ``name=value`` or ``name<<END``."""
    lines = iter(text.splitlines())
    for line in lines:
        name, separator, end = line.partition("<<")
        if separator and "=" not in name:
            yield name, "\n".join(iter(lines.__next__, end))
        else:
            name, _, value = line.partition("=")
            yield name, value


def strings(value: object) -> Iterator[str]:
    """Yield every string in a YAML document, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)
