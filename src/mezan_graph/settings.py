"""``mezan.toml`` read and checked: every value has its type, every unknown key is an error.

The file is TOML 1.0; ``docs/project-file.md`` describes every key. A misspelt setting that is
ignored is worse than none, so it is refused with its line and a near miss.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from typing import TYPE_CHECKING, Any, NamedTuple

from mezan_graph.errors import ProjectError
from mezan_graph.policy import PolicyReader
from mezan_graph.service_limits import MAY_BE_ZERO, ServiceLimits

if TYPE_CHECKING:
    from pathlib import Path

_ABSOLUTE_HTTP = re.compile(r"https?://[^\s<>\"{}|\\^`]+[/#]\Z")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*\Z")


class Limits(NamedTuple):
    """Bounds that keep hostile or accidental input from taking the machine down.

    Attributes:
        file_bytes: Largest RDF file that is read, in bytes.
        document_bytes: Largest JSON-LD or RDF/XML file, in bytes; these are not streamed.
        nesting: Deepest nesting of JSON, XML, Turtle blank nodes and lists, and query groups.
        canonical_seconds: Longest time given to RDFC-1.0 for blank nodes, in seconds.
        query_seconds: Longest time given to a query, in seconds: on a remote endpoint, of a SPARQL
            constraint, of a check.
        query_mebibytes: Memory that a SPARQL constraint or a check may take, beside the graph.
        reference_seconds: Longest time given to pySHACL, in seconds.
        reference_mebibytes: Memory that pySHACL may take.
        results: Most results of a validation.
    """

    file_bytes: int = 4 * 1024**3
    document_bytes: int = 256 * 1024**2
    nesting: int = 100
    canonical_seconds: int = 60
    query_seconds: int = 60
    query_mebibytes: int = 2048
    reference_seconds: int = 1800
    reference_mebibytes: int = 8192
    results: int = 500_000


def read_settings(path: Path) -> dict[str, Any]:
    """Return what the project file at ``path`` says, as arguments for ``Project``.

    Raises:
        ProjectError: The file cannot be read, or does not say what it must.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ProjectError(
            f"there is no {path.name} in this folder",
            place=path.parent,
            hint=f"name a folder with a {path.name}: mezan -C DIR …",
        ) from None
    except UnicodeDecodeError as error:
        raise ProjectError("the file is not UTF-8", place=path, hint=str(error)) from None
    except OSError as error:
        raise ProjectError(f"cannot be read: {error.strerror}", place=path) from None
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProjectError(f"not valid TOML: {error}", place=path) from None
    return _Settings(path, text).arguments(table)


_KEYS: dict[str, tuple[str, ...]] = {
    "": (
        "project", "folders", "graphs", "sources", "site", "prefixes", "limits", "silence",
        "severity", "serve", "categories",
    ),
    "project": (
        "name", "base", "title", "description", "languages", "version", "issued", "license",
        "attribution", "creator", "contact", "keywords", "subject", "withdrawn",
    ),
    "folders": ("ontology", "data", "shapes", "queries", "frames"),
    "sources": ("texts",),
    "site": ("url",),
    "limits": Limits._fields,
    "serve": ServiceLimits._fields,
}  # fmt: skip


class _Settings:
    """Reads typed settings out of a TOML table and names the key and line of what is wrong."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.lines = text.splitlines()

    def error(self, key: str, message: str, hint: str | None = None) -> ProjectError:
        """Make the error for ``key``, with the line where its last part is first written."""
        last = re.escape(key.rsplit(".", 1)[-1])
        pattern = re.compile(rf"\s*(?:\[+(?:[\w.-]*\.)?)?\"?{last}\"?\s*[=\].]")
        line = next((n for n, text in enumerate(self.lines, 1) if pattern.match(text)), None)
        return ProjectError(f"{key}: {message}", place=self.path, line=line, hint=hint)

    def known(self, table: dict[str, Any], section: str) -> None:
        """Refuse keys of ``section`` that do not exist."""
        for key in table:
            if key not in _KEYS[section]:
                full = f"{section}.{key}" if section else key
                import difflib

                near = difflib.get_close_matches(key, _KEYS[section], 1)
                hint = f"did you mean {near[0]}?" if near else f"one of {', '.join(_KEYS[section])}"
                raise self.error(full, "unknown key", hint)

    def section(self, table: dict[str, Any], name: str) -> dict[str, Any]:
        """Return the table ``name``, empty where it is absent."""
        value = table.get(name, {})
        if not isinstance(value, dict):
            raise self.error(name, "must be a table")
        if name in _KEYS:
            self.known(value, name)
        return value

    def string(self, table: dict[str, Any], key: str, default: str | None = None) -> str:
        """Return the non-empty string at the last part of ``key``."""
        value = table.get(key.rsplit(".", 1)[-1], default)
        if value is None:
            raise self.error(key, "is required")
        if not isinstance(value, str) or not value.strip():
            raise self.error(key, "must be a non-empty string")
        return value

    def by_language(self, table: dict[str, Any], key: str, default: str) -> dict[str, str]:
        """Return a text by language tag; a plain string counts as English."""
        value = table.get(key.rsplit(".", 1)[-1], default)
        if isinstance(value, str):
            return {"en": value}
        if not isinstance(value, dict) or not value:
            raise self.error(key, "must be a string or a table of strings by language tag")
        for tag, text in value.items():
            if not _LANGUAGE.match(tag):
                raise self.error(f"{key}.{tag}", "is not a language tag")
            if not isinstance(text, str):
                raise self.error(f"{key}.{tag}", "must be a string")
        return value

    def inside(self, key: str, value: object) -> Path:
        """Return the path ``value`` below the project root."""
        if not isinstance(value, str) or not value:
            raise self.error(key, "must be a path relative to the project")
        root = self.path.parent
        path = (root / value).resolve()
        if path != root and root not in path.parents:
            raise self.error(key, f"leaves the project: {value}", "use a path below the project")
        return path

    def arguments(self, table: dict[str, Any]) -> dict[str, Any]:
        """Check the whole file and return the arguments of the project that it describes."""
        self.known(table, "")
        project = self.section(table, "project")
        if not project:
            raise self.error("project", "is required", "start the file with a [project] table")
        folders = self.section(table, "folders")
        base = self.string(project, "project.base")
        if not _ABSOLUTE_HTTP.match(base):
            raise self.error("project.base", "must be an absolute http(s) IRI ending in / or #")
        name = self.string(project, "project.name")
        if not _SLUG.match(name):
            raise self.error("project.name", "must be a slug: a-z, 0-9 and single hyphens")
        texts = self.section(table, "sources").get("texts")
        policy = PolicyReader(self.path, self.lines)
        return {
            "name": name,
            "base": base,
            "title": self.by_language(project, "project.title", name),
            "description": self.by_language(project, "project.description", name),
            "languages": self.languages(project),
            "version": self.string(project, "project.version", "0"),
            "issued": self.issued(project),
            "license": self.string(
                project, "project.license", "https://creativecommons.org/publicdomain/zero/1.0/"
            ),
            "attribution": self.string(project, "project.attribution", name),
            "creator": self.string(project, "project.creator") if "creator" in project else None,
            "contact": self.string(project, "project.contact") if "contact" in project else None,
            "keywords": self.keywords(project),
            "subject": self.string(project, "project.subject") if "subject" in project else None,
            "folders": {
                part: self.inside(f"folders.{part}", folders.get(part, part))
                for part in _KEYS["folders"]
            },
            "graphs": self.graphs(table),
            "source_texts": None if texts is None else self.inside("sources.texts", texts),
            "site_url": self.site_url(table),
            "extra_prefixes": self.prefixes(table),
            "limits": Limits(**self.numbers(table, "limits")),
            "serve": ServiceLimits(**self.numbers(table, "serve")),
            "categories": self.categories(table),
            "withdrawn": self.withdrawn(project),
            "silences": policy.silences(table.get("silence", [])),
            "severities": policy.severities(self.section(table, "severity")),
        }

    def languages(self, project: dict[str, Any]) -> tuple[str, ...]:
        """Return the languages of the project, ``en`` by default."""
        value = project.get("languages", ["en"])
        if not isinstance(value, list) or not value:
            raise self.error("project.languages", "must be a list of language tags")
        for tag in value:
            if not isinstance(tag, str) or not _LANGUAGE.match(tag):
                raise self.error("project.languages", f"{tag!r} is not a language tag")
        return tuple(value)

    def keywords(self, project: dict[str, Any]) -> dict[str, tuple[str, ...]]:
        """Return the keywords by language tag; a plain list counts as English."""
        value = project.get("keywords", {})
        table = {"en": value} if isinstance(value, list) else value
        if not isinstance(table, dict) or not all(
            _LANGUAGE.match(tag)
            and isinstance(words, list)
            and all(isinstance(word, str) and word.strip() for word in words)
            for tag, words in table.items()
        ):
            raise self.error("project.keywords", "must be lists of strings by language tag")
        return {tag: tuple(words) for tag, words in table.items()}

    def issued(self, project: dict[str, Any]) -> dt.date | None:
        """Return the date of issue."""
        value = project.get("issued")
        if value is not None and (not isinstance(value, dt.date) or isinstance(value, dt.datetime)):
            raise self.error("project.issued", "must be a date without quotes: 2026-01-31")
        return value

    def site_url(self, table: dict[str, Any]) -> str | None:
        """Return where the site is hosted, where that is said."""
        site = self.section(table, "site")
        if "url" not in site:
            return None
        url = self.string(site, "site.url")
        if not _ABSOLUTE_HTTP.match(url) or not url.endswith("/"):
            raise self.error("site.url", "must be an absolute http(s) URL ending in /")
        return url

    def graphs(self, table: dict[str, Any]) -> dict[str, tuple[Path, ...]]:
        """Return the extra named graphs with their files."""
        graphs = {}
        for name, files in self.section(table, "graphs").items():
            key = f"graphs.{name}"
            if not _SLUG.match(name):
                raise self.error(key, "must be a slug: a-z, 0-9 and single hyphens")
            if not isinstance(files, list):
                raise self.error(key, "must be a list of files")
            graphs[name] = tuple(self.inside(key, file) for file in files)
        return graphs

    def categories(self, table: dict[str, Any]) -> dict[str, dict[str, str]]:
        """Return the names of the folders of stored queries by language tag."""
        named = self.section(table, "categories")
        return {each: self.by_language(named, f"categories.{each}", each) for each in named}

    def prefixes(self, table: dict[str, Any]) -> dict[str, str]:
        """Return the project's own prefixes."""
        prefixes = self.section(table, "prefixes")
        for prefix, iri in prefixes.items():
            if not isinstance(iri, str) or not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", iri):
                raise self.error(f"prefixes.{prefix}", "must be an absolute IRI")
        return prefixes

    def numbers(self, table: dict[str, Any], name: str) -> dict[str, int]:
        """Return the table ``name``, whose values are whole numbers."""
        numbers = self.section(table, name)
        for key, value in numbers.items():
            least = 0 if key in MAY_BE_ZERO else 1
            if not isinstance(value, int) or isinstance(value, bool) or value < least:
                raise self.error(f"{name}.{key}", f"must be a whole number of at least {least}")
        return numbers

    def withdrawn(self, project: dict[str, Any]) -> frozenset[str]:
        """Return the slugs of the entities that were withdrawn."""
        slugs = project.get("withdrawn", [])
        if not isinstance(slugs, list) or not all(
            isinstance(slug, str) and _SLUG.match(slug) for slug in slugs
        ):
            raise self.error("project.withdrawn", "must be a list of slugs")
        return frozenset(slugs)
