"""SPARQL 1.1 Protocol, query operation (section 2.1), as a pure function of a request's parts."""

from __future__ import annotations

from binascii import a2b_qp
from typing import NamedTuple
from urllib.parse import parse_qsl

from mezan_graph.endpoint.problems import Problem, not_allowed

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
UPDATE = "application/sparql-update"
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
_MOST_FIELDS = 200
_QUERY = b"query="
_GRAPHS = frozenset({"default-graph-uri", "named-graph-uri"})
_READ_ONLY = "this endpoint only answers queries"


class Operation(NamedTuple):
    """A query with its data set.

    Attributes:
        query: Text of the query.
        default_graphs: IRIs of the graphs whose merge is the default graph.
        named_graphs: IRIs of the named graphs. Where both are empty the query or the service
            chooses.
        format_name: Value of the ``format`` field, where there is one.
        raw: Whether cells of CSV and TSV that look like formulas are left as they are.
    """

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    format_name: str | None = None
    raw: bool = False


def fields(text: str) -> list[tuple[str, str]]:
    """Return the name and value of each field of a query string or a form.

    Raises:
        Problem: They are not UTF-8, or too many.
    """
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except UnicodeDecodeError:
        raise Problem(400, "the fields are not UTF-8") from None
    except ValueError:
        raise Problem(400, f"there are more than {_MOST_FIELDS} fields") from None


def has_query(query_string: bytes) -> bool:
    """Whether a query string has a query for certain."""
    return query_string.startswith(_QUERY) or b"&query=" in query_string


def lone_query(query_string: bytes) -> str | None:
    """Return the text of a query that is all that a query string has.

    Returns:
        ``None`` where there is more, or anything unusual: :func:`read_operation` reads it then.
    """
    if not query_string.startswith(_QUERY) or b"&" in query_string or not query_string.isascii():
        return None
    # The one decoder in C that knows bytes in hexadecimal digits: quoted-printable has them after
    # "=". What it would read in another way is a line break, and what it leaves as it is, since no
    # two digits follow, makes the result longer than it should be.
    written = query_string[len(_QUERY) :].replace(b"+", b" ").replace(b"=", b"=3D")
    written = written.replace(b"%", b"=")
    if b"\n" in written or b"\r" in written:
        return None
    text = a2b_qp(written)
    if len(text) != len(written) - 2 * written.count(b"="):
        return None
    try:
        return text.decode()
    except UnicodeDecodeError:
        return None


def read_operation(
    method: str, query_string: str, content_type: str, body: bytes
) -> Operation | None:
    """Read the query operation out of a request.

    Args:
        method: HTTP method.
        query_string: What stands after ``?`` in the URL.
        content_type: Value of ``Content-Type``, empty where there is none.
        body: The body of the request.

    Returns:
        The operation, ``None`` for a GET without a query and its graphs, which asks for the service
        description.

    Raises:
        Problem: It is no query operation.
    """
    if method not in METHODS:
        raise not_allowed(*METHODS)
    given = fields(query_string)
    if method == "POST":
        essence, parameters = _media_type(content_type)
        text = _text(body, parameters)
        if essence == FORM:
            # The data set may stand in the URL as well, as test suites and clients have it.
            given += fields(text)
        elif essence == DIRECT:
            if any(name == "query" for name, _ in given):
                raise Problem(400, "the query stands in the URL and in the body")
            given.append(("query", text))
        elif essence == UPDATE:
            raise Problem(403, _READ_ONLY)
        else:
            raise Problem(
                415,
                f"a query is posted as {DIRECT} or {FORM}",
                headers={"Accept-Post": f"{DIRECT}, {FORM}"},
            )
    return _operation(given, required=method == "POST")


def _operation(given: list[tuple[str, str]], *, required: bool) -> Operation | None:
    if any(name == "update" or name.startswith("using-") for name, _ in given):
        raise Problem(403, _READ_ONLY)
    queries = [value for name, value in given if name == "query"]
    if len(queries) > 1:
        raise Problem(400, "there is more than one query")
    if not queries:
        if required or any(name in _GRAPHS for name, _ in given):
            raise Problem(400, "there is no query", hint="send it in the field named query")
        return None
    formats = [value for name, value in given if name == "format"]
    return Operation(
        query=queries[0],
        default_graphs=tuple(value for name, value in given if name == "default-graph-uri"),
        named_graphs=tuple(value for name, value in given if name == "named-graph-uri"),
        # A form without a choice sends an empty field.
        format_name=(formats[-1] or None) if formats else None,
        raw=any(name == "raw" and value in {"", "1", "true"} for name, value in given),
    )


def _media_type(content_type: str) -> tuple[str, dict[str, str]]:
    essence, *rest = content_type.split(";")
    pairs = (each.partition("=") for each in rest)
    return essence.strip().lower(), {
        name.strip().lower(): value.strip().strip('"').lower() for name, _, value in pairs
    }


def _text(body: bytes, parameters: dict[str, str]) -> str:
    if parameters.get("charset", "utf-8") not in {"utf-8", "utf8"}:
        raise Problem(415, "the body must be UTF-8")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Problem(400, f"the body is not UTF-8 at byte {error.start}") from None
