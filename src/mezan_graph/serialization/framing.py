"""JSON-LD 1.1 compaction and framing: the only module that knows PyLD, and never a network.

Documents and contexts go in and come out as Python's JSON values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from mezan_graph.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Json = dict[str, Any]
"""A JSON object."""


def compact(nodes: Sequence[Json], context: Json) -> list[Json]:
    """Compact node objects in expanded form; each stays a tree of its own.

    Args:
        nodes: Node objects in expanded document form.
        context: The local context, what stands under ``@context``.

    Returns:
        The compacted node objects, in the order of ``nodes``, without their context.

    Raises:
        OutputError: The context is invalid or remote, or a node cannot be compacted with it.
    """
    from pyld import jsonld

    options = {"skipExpansion": True, "graph": True, "base": "", "documentLoader": _refuse}
    document = _run(jsonld.compact, list(nodes), {"@context": context}, options)
    graph = next(
        value for key, value in document.items() if key != "@context" and isinstance(value, list)
    )
    return list(graph)


def expand(document: Any, context: Json | None = None) -> list[Json]:
    """Return a document in expanded form, with ``context`` as its outer context.

    Raises:
        OutputError: The document or its context is invalid, or names a remote context.
    """
    from pyld import jsonld

    options: Json = {"base": "", "documentLoader": _refuse}
    if context is not None:
        options["expandContext"] = {"@context": context}
    expanded: list[Json] = _run(jsonld.expand, document, options)
    return expanded


def frame(document: Any, pattern: Json, **options: Any) -> Json:
    """Return ``document`` as the tree that a JSON-LD frame describes.

    Args:
        document: A JSON-LD document; best in expanded form and small, one entity at a time.
        pattern: The frame, with its context.
        options: Options of the JSON-LD API: ``omitGraph``, ``embed``, ``explicit`` and so on.

    Raises:
        OutputError: The document or the frame is invalid, or names a remote context.
    """
    from pyld import jsonld

    settings = {"base": "", **options, "documentLoader": _refuse}
    framed: Json = _run(jsonld.frame, document, pattern, settings)
    return framed


def _run(work: Callable[..., Any], *arguments: Any) -> Any:
    from pyld import jsonld

    try:
        return work(*arguments)
    except jsonld.JsonLdError as error:
        cause: BaseException = error
        while isinstance(cause.__cause__, Exception):
            cause = cause.__cause__
        if isinstance(cause, OutputError):
            raise cause from None
        code = getattr(cause, "code", None) or "processing failed"
        raise OutputError(f"JSON-LD: {code}", hint=_first_line(cause)) from error


def _first_line(error: BaseException) -> str:
    return str(error).partition("\n")[0]


def _refuse(url: str, _options: Any = None) -> NoReturn:
    raise OutputError(
        "a remote JSON-LD document is not fetched",
        place=url,
        hint="write the context into the file, or name the project's own",
    )
