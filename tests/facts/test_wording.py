"""No sentence of the article is copied: no run of six of its words, other than in names."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("ontology", "data", "shapes", "queries", "docs", "tests/facts")
SUFFIXES = {".ttl", ".rq", ".md", ".json", ".jsonld", ".toml", ".csv", ".tsv", ".txt", ".html"}
RUN = 6


def words(text: str) -> list[str]:
    """Give the words of a text, in lower case, NFC, without punctuation."""
    return re.findall(r"\w+", unicodedata.normalize("NFC", text).casefold())


def runs(text: str) -> set[tuple[str, ...]]:
    """Give every run of six consecutive words of a text."""
    every = words(text)
    return {tuple(every[start : start + RUN]) for start in range(len(every) - RUN + 1)}


def without_names(article: str) -> list[str]:
    """Give the article's running text in pieces, cut where a name (title or list item) stands.

    A name in the running text keeps its own words from counting, so the text is cut there; the
    items themselves are names and are left out.
    """
    lines = article.splitlines()
    title = lines[0].strip("= ")
    prose = [
        line for line in lines[1:] if line and line != title and not line.startswith(("- ", "="))
    ]
    return [piece for line in prose for piece in line.split(title)]


def copied_runs(text: str, article: str) -> set[tuple[str, ...]]:
    """Give the runs of six words that a text shares with the article's running text."""
    pieces = without_names(article)
    return runs(text) & {run for piece in pieces for run in runs(piece)}


def project_texts() -> list[Path]:
    """List the text files that must be in our own words."""
    inside = (path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*")))
    return [ROOT / "README.md", *(path for path in inside if path.suffix in SUFFIXES)]


@pytest.fixture(scope="module")
def article(source_texts: Path) -> str:
    return (source_texts / "al-mezan-article.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", project_texts(), ids=lambda path: str(path.relative_to(ROOT)))
def test_text_is_in_our_own_words(path: Path, article: str) -> None:
    copied = copied_runs(path.read_text(encoding="utf-8"), article)
    assert copied == set(), [" ".join(run) for run in copied]


def test_a_copied_sentence_is_found(article: str) -> None:
    longest = max(without_names(article), key=len)
    assert copied_runs(longest, article)


def test_list_items_count_as_names(article: str) -> None:
    names = [line[2:] for line in article.splitlines() if line.startswith("- ")]
    assert any(runs(name) for name in names)
    assert all(copied_runs(name, article) == set() for name in names)
    assert all(copied_runs(f"{one} {two}", article) == set() for one, two in pairwise(names))
