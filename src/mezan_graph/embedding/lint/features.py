"""Rich results: which properties search engines require and recommend for a thing of a page.

After Google Search Central's pages on Organization, ProfilePage, Article and Dataset, as they stood
in 2025. ``Report`` counts as an article, being one in schema.org.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mezan_graph.embedding.lint.fault import Fault
from mezan_graph.namespaces import SCHEMA
from mezan_graph.vocabularies import superclasses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mezan_graph.embedding.lint.nodes import Node


class Feature(NamedTuple):
    """What a kind of thing needs.

    Attributes:
        type: The type, subtypes included.
        required: Properties without which there is no rich result.
        recommended: Properties that make it better; ``a|b`` is met by either.
        below: What the nodes of a property need in turn, where it is there.
    """

    type: str
    required: tuple[str, ...] = ()
    recommended: tuple[str, ...] = ()
    below: tuple[tuple[str, Feature], ...] = ()


_AUTHOR = Feature("Thing", (), ("name", "url"))
FEATURES = (
    Feature(
        "Organization",
        (),
        (
            "name", "url", "logo", "description", "address|location", "sameAs",
            "contactPoint|email|telephone",
        ),
    ),
    Feature(
        "ProfilePage",
        ("mainEntity",),
        ("dateCreated", "dateModified"),
        (
            (
                "mainEntity",
                Feature("Thing", ("name",), ("description", "identifier", "image", "sameAs")),
            ),
        ),
    ),
    Feature(
        "Article",
        (),
        ("headline", "author", "datePublished", "dateModified", "image"),
        (("author", _AUTHOR),),
    ),
    Feature(
        "Dataset",
        ("name", "description"),
        (
            "creator", "license", "distribution", "identifier|sameAs", "isAccessibleForFree",
            "keywords", "url", "version", "temporalCoverage", "spatialCoverage",
            "variableMeasured", "includedInDataCatalog",
        ),
        (
            ("creator", Feature("Thing", (), ("name",))),
            ("distribution", Feature("Thing", ("contentUrl",), ("encodingFormat",))),
        ),
    ),
)  # fmt: skip
"""Every rich result that is looked at."""

_DESCRIPTION = range(50, 5001)
"""How long the description of a Dataset may be, in code points."""


def check_features(node: Node) -> Iterator[Fault]:
    """Yield what a thing at the top of a page lacks for its rich result."""
    above = {wider for name in node.names for wider in superclasses(SCHEMA.iri, name)}
    for feature in FEATURES:
        if feature.type in above:
            yield from _lacks(node, feature, feature.type)
            if feature.type == "Dataset":
                yield from _description(node)


def _lacks(node: Node, feature: Feature, name: str) -> Iterator[Fault]:
    for each in feature.required:
        if not _has(node, each):
            yield Fault(
                "MZ508", "violation", f"{name} without {each}", node.offset,
                "search engines require it",
            )  # fmt: skip
    missing = [each for each in feature.recommended if not _has(node, each)]
    if missing:
        wanted = ", ".join(each.replace("|", " or ") for each in missing)
        yield Fault(
            "MZ509", "info", f"{name} without {wanted}", node.offset,
            "search engines recommend it; leave out what is not known",
        )  # fmt: skip
    for part, below in feature.below:
        for found in node.of(part):
            for inner in found.nodes:
                if not inner.is_reference:
                    yield from _lacks(inner, below, f"{part} of {feature.type}")


def _has(node: Node, names: str) -> bool:
    return any(
        value.value not in (None, "", [], ())
        for name in names.split("|")
        for each in node.of(name)
        for value in each.values
    )


def _description(node: Node) -> Iterator[Fault]:
    for each in node.of("description"):
        for value in each.values:
            length = len(value.value) if isinstance(value.value, str) else None
            if length and length not in _DESCRIPTION:
                yield Fault(
                    "MZ508", "violation", f"the description of a Dataset has {length} characters",
                    value.offset, f"write {_DESCRIPTION[0]} to {_DESCRIPTION[-1]}",
                )  # fmt: skip
