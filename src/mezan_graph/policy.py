"""What a project decides about findings: codes, silences with their reasons, and severities.

A finding is silenced by a ``[[silence]]`` table in ``mezan.toml`` that says why; ``[severity]``
gives a code another severity. ``docs/findings.md`` has a section for every code.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from mezan_graph.errors import ProjectError

if TYPE_CHECKING:
    from pathlib import Path

SeverityName = Literal["violation", "warning", "info"]
SEVERITIES: tuple[SeverityName, ...] = ("violation", "warning", "info")
"""The severities of SHACL (section 2.1.4), the gravest first."""

CODES: dict[str, str] = {
    "MZ001": "a constraint of the shapes graph is not met",
    "MZ002": "the target of a shape matches nothing in the data",
    "MZ003": "pySHACL validated a shape that is not compiled",
    "MZ004": "a constraint was not validated at the endpoint",
    "MZ010": "a file breaks the grammar of its format",
    "MZ011": "a file cannot be read, or is refused",
    "MZ101": "an IRI stands in http://schema.org/ in place of https",
    "MZ102": "one prefix stands for two namespaces",
    "MZ103": "a literal is not in Unicode normalization form C",
    "MZ104": "a term is not defined by its vocabulary",
    "MZ105": "an IRI of the project's own base is used and not described",
    "MZ106": "the slug of an entity breaks the slug policy",
    "MZ107": "a label is missing",
    "MZ108": "a relationship is written down twice",
    "MZ109": "an IRI is valid and hardly what was meant",
    "MZ110": "a term has been superseded by another",
    "MZ111": "a language is none of the project's",
    "MZ112": "a link to another dataset stands outside of the graph for links",
    "MZ201": "a citation points outside of its source",
    "MZ202": "the digest of a citation differs from the passage",
    "MZ203": "the text of a source is not at hand, so its citations were not checked",
    "MZ204": "the text of a source has changed",
    "MZ301": "a stored query that must return nothing returned rows",
    "MZ302": "a silence of the project file silences nothing",
    "MZ401": "the two SHACL engines differ",
    "MZ501": "JSON-LD in a file or page cannot be read",
    "MZ502": "a JSON-LD document has no context, or one that is not looked up",
    "MZ503": "a page writes http://schema.org in place of https",
    "MZ504": "a type is unknown to schema.org, or missing",
    "MZ505": "a property is unknown to schema.org, or means nothing",
    "MZ506": "a term of a page has been superseded by another",
    "MZ507": "a property is not for the type that has it",
    "MZ508": "what search engines require for a rich result is missing",
    "MZ509": "what search engines recommend for a rich result is missing",
    "MZ510": "an address is not absolute",
    "MZ511": "a date is not ISO 8601",
    "MZ512": "texts with and without a language are mixed",
    "MZ513": "a script holds what keeps it from ending",
}
"""Every code with what it stands for; a code keeps its meaning for good."""

_HEADER = re.compile(r"\s*\[\[\s*\"?silence\"?\s*\]\]")
_SECTION = re.compile(r"\s*\[")
_KEYS = ("code", "reason", "files", "shape")


class Silence(NamedTuple):
    """Findings that a project has decided to live with.

    Attributes:
        code: Their code.
        reason: Why.
        files: Globs of files relative to the project root, ``*`` within a folder and ``**``
            across folders; empty for all files.
        shape: IRI or prefixed name of the shape of their results; ``None`` for any.
        line: 1-based line of the table in ``mezan.toml``.
    """

    code: str
    reason: str
    files: tuple[str, ...] = ()
    shape: str | None = None
    line: int | None = None


class PolicyReader:
    """Reads the two tables out of a project file.

    Args:
        path: The project file, for errors.
        lines: Its lines.
    """

    def __init__(self, path: Path, lines: list[str]) -> None:
        self._path = path
        self._lines = lines

    def silences(self, value: object) -> tuple[Silence, ...]:
        """Return the silences in the value of ``silence``.

        Raises:
            ProjectError: An entry has an unknown code or key, or does not say why.
        """
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise self._error("silence", None, "must be tables", "write [[silence]] before each")
        return tuple(self._silence(number, entry) for number, entry in enumerate(value))

    def severities(self, table: dict[str, Any]) -> dict[str, SeverityName]:
        """Return the severity of every code in the table ``severity``.

        Raises:
            ProjectError: A code or a severity does not exist.
        """
        for code, severity in table.items():
            pattern = re.compile(rf"\s*\"?{re.escape(code)}\"?\s*=")
            line = next((n for n, text in enumerate(self._lines, 1) if pattern.match(text)), None)
            if code not in CODES:
                raise self._error(f"severity.{code}", line, "is no code", _near(code))
            if severity not in SEVERITIES:
                hint = f"one of {', '.join(SEVERITIES)}"
                raise self._error(f"severity.{code}", line, "is no severity", hint)
        return dict(table)

    def _silence(self, number: int, entry: dict[str, Any]) -> Silence:
        for key in entry:
            if key not in _KEYS:
                import difflib

                near = difflib.get_close_matches(key, _KEYS, 1)
                hint = f"did you mean {near[0]}?" if near else f"one of {', '.join(_KEYS)}"
                raise self._wrong(number, key, "unknown key", hint)
        for key in ("code", "reason"):
            if key not in entry:
                raise self._wrong(number, key, "is required")
        for key in ("code", "reason", "shape"):
            value = entry.get(key, "-")
            if not isinstance(value, str) or not value.strip():
                raise self._wrong(number, key, "must be a non-empty string")
        code = entry["code"]
        if code not in CODES:
            raise self._wrong(number, "code", f"{code!r} is no code", _near(code))
        files = entry.get("files", [])
        if not isinstance(files, list) or not all(isinstance(each, str) and each for each in files):
            raise self._wrong(number, "files", "must be a list of globs, such as data/*.ttl")
        shape = entry.get("shape")
        if code == "MZ001" and not (files or shape):
            hint = "name the shape, or files: without them every shape would be silenced"
            raise self._wrong(number, "code", "MZ001 needs a shape or files", hint)
        return Silence(code, entry["reason"], tuple(files), shape, self._line(number, None))

    def _wrong(self, number: int, key: str, message: str, hint: str | None = None) -> ProjectError:
        return self._error(f"silence.{key}", self._line(number, key), message, hint)

    def _error(
        self, key: str, line: int | None, message: str, hint: str | None = None
    ) -> ProjectError:
        return ProjectError(f"{key}: {message}", place=self._path, line=line, hint=hint)

    def _line(self, number: int, key: str | None) -> int | None:
        """Return the line of ``key`` in an entry, else that where the entry begins."""
        headers = [n for n, text in enumerate(self._lines, 1) if _HEADER.match(text)]
        if number >= len(headers):
            return None
        start = headers[number]
        for line, text in enumerate(self._lines[start:] if key else (), start + 1):
            if _SECTION.match(text):
                break
            if re.match(rf"\s*\"?{re.escape(key or '')}\"?\s*=", text):
                return line
        return start


def _near(code: str) -> str:
    import difflib

    near = difflib.get_close_matches(code.upper(), CODES, 1, 0.8)
    return f"did you mean {near[0]}?" if near else f"one of {', '.join(CODES)}"
