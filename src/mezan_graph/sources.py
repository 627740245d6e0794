"""The files of a project as sources of quads, read safely.

Every check is made before the parser sees the file: it stays inside the project, is UTF-8 and not
empty, is not too large or nested too deeply, holds no DTD, no remote JSON-LD context and no
``file:`` IRI. Parsing is pyoxigraph's; lexical forms of literals are kept as written.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from mezan_graph import documents
from mezan_graph.errors import LimitError, ParseError, SourceError
from mezan_graph.folders import context_path, folder_files
from mezan_graph.formats import JSONLD, RDFXML, RdfFormat, format_of
from mezan_graph.settings import Limits

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from _typeshed import SupportsRead

    from mezan_graph.project import Project

_FILE_IRI = re.compile(rb"[<\"']file:", re.IGNORECASE)

# What RDF 1.2 terms are written with; each may also stand in a string, so that it proves nothing.
_TRIPLE_TERM = re.compile(rb"<<|\{\||~|parseType\s*=\s*.Triple|:annotation")
_DIRECTION = re.compile(rb"--(?:ltr|rtl)|@direction|:dir\b")
_RDF12 = re.compile(_TRIPLE_TERM.pattern + rb"|" + _DIRECTION.pattern)
# One of these stands wherever such a term does; to look for them takes a third of the time.
_RDF12_SIGNS = (b"~", b"<<", b"{|", b"--")
_RDF12_NAMES = {JSONLD: (b"@direction",), RDFXML: (b"parseType", b":annotation", b":dir")}


class Source(NamedTuple):
    """One RDF document: a file of the project, or text from elsewhere.

    Attributes:
        name: What people are shown: the path relative to the project root, or ``-``.
        format: Serialization of the document.
        graph_name: Named graph for triples that the document puts in no graph of its own.
        path: Where the document is read from; ``None`` where ``content`` is given.
        content: The document itself, UTF-8, for text that does not come from a file.
        contexts: JSON-LD contexts that may be named in the document, by IRI.
        limits: Bounds on what is read.
        base_iri: What relative IRIs are resolved against; where it is ``None`` they are refused.
    """

    name: str
    format: RdfFormat
    graph_name: ox.NamedNode | ox.DefaultGraph
    path: Path | None = None
    content: bytes | None = None
    contexts: tuple[tuple[str, Path], ...] = ()
    limits: Limits = Limits()
    base_iri: str | None = None

    def read(self) -> bytes:
        """Return the document, checked but not parsed, in UTF-8 without a byte order mark.

        Raises:
            SourceError: The file is unreadable, empty, not UTF-8, or refused.
            LimitError: It is larger or nested more deeply than the limits allow.
        """
        content = self.document()
        if not content or content.isspace():
            raise SourceError(
                "the file is empty", place=self.name, hint="remove the file, or write into it"
            )
        self._check_encoding(content)
        self._check_iris(content)
        if self.format is RDFXML:
            documents.check_xml(content, self.name, self.limits)
        elif self.format is JSONLD:
            content = documents.localise_contexts(
                content, self.name, dict(self.contexts), self.limits
            )
        else:
            documents.check_nesting(content, self.name, self.limits)
        return content

    def document(self) -> bytes:
        """Return the document as it stands, unchecked, without a byte order mark.

        Raises:
            SourceError: The file is unreadable.
            LimitError: It is larger than the limits allow.
        """
        content = self.content if self.content is not None else self._load()
        return content.removeprefix(b"\xef\xbb\xbf")

    def quads(self) -> Iterator[ox.Quad]:
        """Parse the document and yield its quads in document order, as the parser gives them.

        Triples outside of a named graph carry pyoxigraph's default graph; ``graph_name`` says what
        that stands for. Blank nodes are renamed, so that two documents never share one.

        Raises:
            SourceError: As :meth:`read`.
            ParseError: The document breaks its grammar, or holds a relative IRI.
            LimitError: A literal or an IRI is longer than the parser's buffer.
        """
        return self.parser(self.read())

    def parser(self, content: bytes) -> Iterator[ox.Quad]:
        """Parse ``content``, which :meth:`read` returned; raises as :meth:`quads` does."""
        with self.parse_errors(content):
            yield from self.unguarded_parser(content)

    def unguarded_parser(
        self, content: bytes, reader: SupportsRead[bytes] | None = None
    ) -> Iterator[ox.Quad]:
        """Parse ``content`` inside of :meth:`parse_errors`; a generator costs a seventh more."""
        quads = ox.parse(
            content if reader is None else reader,  # type: ignore[arg-type]
            self.format.oxigraph,
            base_iri=self.base_iri,
            rename_blank_nodes=True,
        )
        parts = _RDF12_NAMES.get(self.format, _RDF12_SIGNS)
        marked = any(each in content for each in parts) and _RDF12.search(content)
        return self._checked(quads, content) if marked else quads

    @contextmanager
    def parse_errors(self, content: bytes) -> Iterator[None]:
        """Turn what the parser of ``content`` raises into errors that name the place."""
        try:
            yield
        except SyntaxError as error:
            raise self._parse_error(error, content) from None
        except MemoryError as error:
            if not error.args:
                raise
            # pyoxigraph's parser keeps a token in a buffer of 16 MiB and no more, and says so.
            raise LimitError(
                "a literal or an IRI is longer than 16 MiB",
                place=self.name,
                hint="put the text into a file of its own and refer to it",
            ) from None

    def _load(self) -> bytes:
        assert self.path is not None  # noqa: S101 - a source has a path or content
        bound = self.limits.file_bytes
        if self.format in {JSONLD, RDFXML}:
            bound = min(bound, self.limits.document_bytes)
        try:
            size = self.path.stat().st_size
            if size > bound:
                raise LimitError(
                    f"the file has {size:,} bytes; the limit is {bound:,}",
                    place=self.name,
                    hint="split it, or raise limits.file_bytes or limits.document_bytes",
                )
            return self.path.read_bytes()
        except OSError as error:
            raise SourceError(
                f"cannot be read: {error.strerror or error}", place=self.name
            ) from None

    def _check_encoding(self, content: bytes) -> None:
        if b"\x00" in content[:2]:
            # Without a byte order mark such a text may be UTF-8 by accident.
            raise SourceError(
                "not UTF-8: UTF-16 or UTF-32",
                place=self.name,
                line=1,
                column=1,
                hint="save the file as UTF-8",
            )
        try:
            content.decode("utf-8")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            start = content.rfind(b"\n", 0, error.start) + 1
            raise SourceError(
                f"not UTF-8: byte 0x{content[error.start]:02x}",
                place=self.name,
                line=line,
                column=len(content[start : error.start].decode("utf-8")) + 1,
                hint="save the file as UTF-8",
            ) from None

    def _check_iris(self, content: bytes) -> None:
        # A tenth of the time of the pattern.
        if next(documents.found_in_any_case(content, b"file:"), None) is None:
            return
        match = _FILE_IRI.search(content)
        if match is None:
            return
        # Only an IRI counts, and a string or a comment may well speak of file: paths.
        try:
            written = any(_has_file_iri(quad) for quad in self.parser(content))
        except ParseError:
            return
        if written:
            start = content.rfind(b"\n", 0, match.start()) + 1
            raise SourceError(
                "a file: IRI names a place on one machine",
                place=self.name,
                line=content.count(b"\n", 0, match.start()) + 1,
                column=len(content[start : match.start()].decode("utf-8")) + 1,
                hint="use an http(s) IRI under the base of the project",
            )

    def _checked(self, quads: Iterator[ox.Quad], content: bytes) -> Iterator[ox.Quad]:
        """Yield ``quads`` up to the first that RDF 1.1 does not know."""
        for quad in quads:
            if isinstance(quad.object, ox.Triple):
                found, mark = "a triple term", _TRIPLE_TERM.search(content)
            elif isinstance(quad.object, ox.Literal) and quad.object.direction is not None:
                found, mark = "a literal with a base direction", _DIRECTION.search(content)
            else:
                yield quad
                continue
            raise ParseError(
                f"{found} is RDF 1.2",
                place=self.name,
                line=content.count(b"\n", 0, mark.start()) + 1 if mark else None,
                hint="write RDF 1.1, which every store, validator and editor reads",
            )

    def _parse_error(self, error: SyntaxError, content: bytes) -> ParseError:
        message = str(error.msg)
        prefix = re.match(r"Parser error at line \d+ (?:column \d+|between .*?): ", message)
        if prefix:
            message = message[prefix.end() :]
        line, column, hint = error.lineno, error.offset, None
        if self.format in {JSONLD, RDFXML}:
            hint = next((hint for part, hint in _HINTS if part in message), None)
        elif line is not None and column is not None:
            from mezan_graph.turtle.diagnosis import diagnose

            found = diagnose(content.decode("utf-8"), line, column, message)
            if found is not None:
                line, column, hint = found.line, found.column, found.hint
        excerpt = None
        if line is not None:
            lines = content.split(b"\n", line)
            excerpt = lines[line - 1].decode("utf-8").rstrip("\r") if line <= len(lines) else ""
        return ParseError(
            message, place=self.name, line=line, column=column, excerpt=excerpt, hint=hint
        )


def project_sources(project: Project) -> list[Source]:
    """Return the sources of a project: its ontology and its data, sorted by path.

    The named graph of a file is the one that ``[graphs]`` in ``mezan.toml`` says, else ``ontology``
    or ``data`` after its folder. TriG and N-Quads files name their own graphs.

    Raises:
        ProjectError: A folder does not exist.
        SourceError: A file is not readable, or a symbolic link leaves the project.
    """
    named = {path: name for name, paths in project.graphs.items() for path in paths}
    context = context_path(project)
    sources = []
    for part in ("ontology", "data"):
        for path in folder_files(project, part):
            graph = ox.NamedNode(project.graph_iri(named.get(path, part)))
            sources.append(_file_source(project, path, graph, context))
    return sources


def shapes_sources(project: Project) -> list[Source]:
    """Return the sources of the shapes graph of a project, sorted by path."""
    graph = ox.NamedNode(project.graph_iri("shapes"))
    context = context_path(project)
    return [_file_source(project, path, graph, context) for path in folder_files(project, "shapes")]


def _file_source(project: Project, path: Path, graph: ox.NamedNode, context: Path | None) -> Source:
    return Source(
        name=project.relative(path),
        format=format_of(path),
        graph_name=graph,
        path=path,
        contexts=((f"{project.base}context.jsonld", context),) if context else (),
        limits=project.limits,
    )


def _has_file_iri(quad: ox.Quad) -> bool:
    terms = (quad.subject, quad.predicate, quad.object, quad.graph_name)
    return any(
        isinstance(term, ox.NamedNode) and term.value[:5].lower() == "file:" for term in terms
    )


_HINTS = (
    ("No scheme found", "write the IRI in full; relative IRIs are refused"),
    ("context", "only the project's own context may be named; write others into the file"),
)
