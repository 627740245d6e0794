"""The stored queries: a page for each with its question and answer, and the list of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox
from markupsafe import Markup, escape

from mezan_graph.errors import ParameterError
from mezan_graph.exports import write_answer
from mezan_graph.graph import Graph
from mezan_graph.languages import LocalText
from mezan_graph.queries import list_queries, run_stored
from mezan_graph.site.addresses import relative
from mezan_graph.site.claims import claim, is_claim, words
from mezan_graph.site.frame import page_names, rendered
from mezan_graph.site.listing import Section, listing
from mezan_graph.site.texts import anchor, code, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mezan_graph.project import Project
    from mezan_graph.queries import Answer, Parameter, StoredQuery
    from mezan_graph.queries.solutions import ResultTerm, Solutions
    from mezan_graph.site.page import Page
    from mezan_graph.site.view import View

MOST_ROWS = 100
"""Rows of an answer that a page shows."""
_MOST_BYTES = 50_000
_LONGEST_TEXT = 12_000
_ENTRY = Markup('<li>%s<br><span class="quiet">%s</span></li>')


@dataclass(frozen=True, slots=True)
class ShownParameter:
    """A parameter of a query as a page shows it.

    Attributes:
        name: Its name.
        type: Its type.
        description: What it means.
        default: Its default value, linked where it names a thing; empty where it has none.
        required: Whether it must be given.
        values: The values that it may have; empty where all of its type will do.
    """

    name: str
    type: str
    description: Markup
    default: Markup
    required: bool
    values: tuple[str, ...]


@dataclass(frozen=True)
class Answered:
    """A stored query with its answer, the same for every language.

    Attributes:
        query: The query.
        answer: What it answers with its default parameters; ``None`` where it needs parameters.
        files: Suffix and content of each file beside its page.
    """

    query: StoredQuery
    answer: Answer | None
    files: dict[str, bytes]


def answered(project: Project, graph: Graph, query: StoredQuery) -> Answered:
    """Return ``query`` with the answer that ``mezan query`` gives without parameters."""
    files = {".rq": query.text.encode()}
    try:
        answer = run_stored(graph, query, {}, project)
    except ParameterError:
        return Answered(query, None, files)
    if isinstance(answer, Graph):
        files[".ttl"] = write_answer(answer, "turtle")
    else:
        files |= {".csv": write_answer(answer, "csv"), ".json": write_answer(answer, "json")}
    return Answered(query, answer, files)


def all_queries(project: Project) -> list[StoredQuery]:
    """Return the stored queries of ``project``; none where it has no folder of queries."""
    return list_queries(project) if project.has_folder("queries") else []


def query_page(view: View, asked: Answered) -> Page:
    """Return the page of a stored query."""
    query, answer = asked.query, asked.answer
    stem = view.addresses.query(query.name)
    folder = f"{view.language}/query"
    summary, question = texts(view, query)
    rows: list[list[Markup]] = []
    variables: Sequence[str] = ()
    count = None
    if answer is not None and not isinstance(answer, bool | Graph):
        variables, count = answer.variables, len(answer)
        rows = _rows(view, answer, folder)
    return rendered(
        view,
        "query.html",
        view.addresses.query_page(query.name, view.language),
        shown(summary.text, 100),
        description=shown(question.text, 160),
        summary=view.text(summary),
        question=view.text(question),
        query=query,
        parameters=[_parameter(view, query, each, folder) for each in query.parameters],
        text=shown(query.text, _LONGEST_TEXT),
        answer=answer,
        kind="none" if answer is None else type(answer).__name__.lower(),
        turtle=shown(asked.files.get(".ttl", b"").decode(), _LONGEST_TEXT),
        variables=variables,
        rows=rows,
        count=count,
        more=(count or 0) - len(rows),
        downloads=[(suffix, f"{stem}{suffix}") for suffix in asked.files],
    )


def query_list(view: View, queries: Sequence[StoredQuery]) -> Iterator[Page]:
    """Yield the list of the stored queries."""
    by_category: dict[str, list[StoredQuery]] = {}
    for query in queries:
        by_category.setdefault(query.category, []).append(query)
    sections = [
        Section(
            f"category-{number}",
            _category(view, category),
            (_entry(view, query) for query in found),
            Markup('<ul class="plain">'),
            Markup("</ul>"),
            count=len(found),
        )
        for number, (category, found) in enumerate(sorted(by_category.items()), 1)
    ]
    lead = view.gettext(
        "Questions with their answers, as the data has them. Each can be asked with other values: "
        "on the command line, or on the page for SPARQL."
    )
    yield from listing(view, "queries", page_names(view)["queries"], sections, leads=[lead])


def _category(view: View, category: str) -> Markup:
    if not category:
        return escape(view.gettext("Queries"))
    names = view.project.categories.get(category)
    return view.text(view.translated(names)) if names else Markup("<bdi>%s</bdi>") % shown(category)


def _entry(view: View, query: StoredQuery) -> Markup:
    path = view.addresses.query_page(query.name, view.language)
    href = relative(path, f"{view.language}/-")
    summary, question = texts(view, query)
    return _ENTRY % (anchor(href, view.text(summary, 200)), view.text(question, 400))


def texts(view: View, query: StoredQuery) -> tuple[LocalText, LocalText]:
    """Return what ``query`` answers, and the question, in the best language for the readers."""
    return (
        view.translated({tag: each.summary for tag, each in query.texts.items()}),
        view.translated({tag: each.description for tag, each in query.texts.items()}),
    )


def _parameter(view: View, query: StoredQuery, parameter: Parameter, folder: str) -> ShownParameter:
    default = Markup()
    if parameter.default is not None:
        default = code(parameter.default)
        if parameter.type in {"iri", "concept"}:
            default = view.value(parameter.term(parameter.default, view.project), folder)
    return ShownParameter(
        parameter.name,
        parameter.type,
        view.text(
            view.translated(
                {
                    tag: each.parameters[parameter.name]
                    for tag, each in query.texts.items()
                    if parameter.name in each.parameters
                }
            )
        ),
        default,
        parameter.required,
        parameter.enum[:50],
    )


def _rows(view: View, answer: Solutions, folder: str) -> list[list[Markup]]:
    rows = []
    size = 0
    for row in answer:
        told = [
            each
            for each in row
            if isinstance(each, ox.NamedNode) and is_claim(view.knowledge, each)
        ]
        rows.append([_cell(view, term, folder, told) for term in row])
        size += sum(len(cell.encode()) for cell in rows[-1])
        if len(rows) == MOST_ROWS or size > _MOST_BYTES:
            break
    return rows


def _cell(view: View, term: ResultTerm | None, folder: str, told: Sequence[ox.NamedNode]) -> Markup:
    """Return a term as people read it; words of the claims ``told`` say whose they are."""
    if term is None:
        return Markup()
    if isinstance(term, ox.Literal) and term.language is not None:
        text = view.text(LocalText(term.value, term.language))
        for node in told:
            if term in words(view.knowledge, node):
                whole: Markup = view.parts.quotation(claim(view, node, folder), text)
                return whole
        return text
    return view.value(term, folder)
