"""The header of a stored query: YAML in its ``#+`` lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from mezan_graph.errors import ParameterError, QueryError
from mezan_graph.queries.plain_header import PlainNode, plain_root

if TYPE_CHECKING:
    import yaml

    from mezan_graph.project import Project
    from mezan_graph.queries.parameters import Parameter

_KEYS = ("summary", "description", "tags", "parameters", "translations")
_TRANSLATED = ("summary", "description", "parameters")
_PARAMETER_KEYS = ("type", "description", "default", "required", "enum")
_VARIABLE = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")


class Texts(NamedTuple):
    """What a header says to people, in one language.

    Attributes:
        summary: What the query answers, in a line.
        description: The question, in words.
        parameters: What a parameter means, by its name; those without a description are absent.
    """

    summary: str
    description: str
    parameters: dict[str, str]


class Header(NamedTuple):
    """What a header says.

    Attributes:
        texts: What it says to people by language tag; the first is the header's own language.
        tags: Tags.
        parameters: Each parameter with the 1-based line that declares it.
    """

    texts: dict[str, Texts]
    tags: tuple[str, ...]
    parameters: dict[Parameter, int]


def read_header(text: str, place: str, project: Project) -> Header:
    """Read the header out of the text of a stored query.

    Args:
        text: The whole file.
        place: The file as people are shown it.
        project: Gives the languages, and the IRIs that default values stand for.

    Raises:
        QueryError: The header is not YAML, lacks a key, has an unknown one, declares a parameter
            that cannot be, or is translated into what is no other language of the project.
    """
    return _Reader(text, place, project).header()


class _Reader:
    """Reads the nodes of the YAML document, each of which knows its line."""

    def __init__(self, text: str, place: str, project: Project) -> None:
        lines = text.splitlines()
        # Every other line becomes empty, so that the lines of the YAML are those of the file.
        self.document = "\n".join(line[2:] if line.startswith("#+") else "" for line in lines)
        self.place = place
        self.project = project

    def error(self, node: Any, message: str, hint: str | None = None) -> QueryError:
        """Make an error for the line of a node."""
        line = None if node is None else node.start_mark.line + 1
        return QueryError(message, place=self.place, line=line, hint=hint)

    def header(self) -> Header:
        """Read the whole header."""
        root = self.parsed()
        if root is None:
            hint = "start the file with #+ summary: … and #+ description: …"
            raise QueryError("the query has no header", place=self.place, line=1, hint=hint)
        nodes = self.mapping(root, "the header", _KEYS)
        parameters = self.parameters(nodes.get("parameters"))
        described = {each.name: each.description for each in parameters if each.description}
        own = self.texts(root, nodes, "the header", described)
        names = tuple(each.name for each in parameters)
        return Header(
            texts={
                self.project.languages[0]: own,
                **self.translations(nodes.get("translations"), names),
            },
            tags=self.strings(nodes.get("tags"), "tags"),
            parameters=parameters,
        )

    def texts(
        self, node: Any, nodes: dict[str, Any], what: str, parameters: dict[str, str]
    ) -> Texts:
        """Return the texts of one language, of which ``nodes`` are the values in ``node``."""
        for key in ("summary", "description"):
            if key not in nodes:
                raise self.error(node, f"{what} has no {key}", f"add #+ {key}: …")
        return Texts(
            self.string(nodes["summary"], "summary"),
            self.string(nodes["description"], "description"),
            parameters,
        )

    def translations(self, node: Any, parameters: tuple[str, ...]) -> dict[str, Texts]:
        """Return the texts of each other language, in the order of the project's languages."""
        if node is None:
            return {}
        own, *others = self.project.languages
        if not others:
            message = f"translations, but {own} is the project's only language"
            raise self.error(node, message, "name the others under languages in mezan.toml")
        what = f"translations (the header itself is in {own})"
        found = {}
        for tag, body in self.mapping(node, what, tuple(others)).items():
            into = f"the translation into {tag}"
            nodes = self.mapping(body, into, _TRANSLATED)
            described = {}
            if "parameters" in nodes:
                listed = self.mapping(nodes["parameters"], f"parameters of {into}", parameters)
                described = {name: self.string(each, name) for name, each in listed.items()}
            found[tag] = self.texts(body, nodes, into, described)
        return {tag: found[tag] for tag in others if tag in found}

    def parsed(self) -> yaml.Node | PlainNode | None:
        """Return the root node, ``None`` where there is no header."""
        plain = plain_root(self.document)
        if plain is not None:
            return plain
        import yaml

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            for event in yaml.parse(self.document, loader):
                if isinstance(event, yaml.AliasEvent):
                    raise self.error(event, "the header has YAML aliases", "write it out")
            return yaml.compose(self.document, loader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            raise QueryError(
                f"the header is not YAML: {getattr(error, 'problem', None) or error}",
                place=self.place,
                line=None if mark is None else mark.line + 1,
                hint="put a text with a colon or a # between quotes",
            ) from None

    def mapping(self, node: Any, what: str, known: tuple[str, ...] | None) -> dict[str, Any]:
        """Return the nodes of a mapping by key; ``known`` are the keys that it may have."""
        if node.id != "mapping":
            raise self.error(node, f"{what} must be a mapping of keys to values")
        nodes: dict[str, Any] = {}
        for key, value in node.value:
            name = str(key.value)
            if known is not None and name not in known:
                import difflib

                near = difflib.get_close_matches(name, known, 1)
                listed = ", ".join(known) or "none"
                hint = f"did you mean {near[0]}?" if near else f"one of {listed}"
                raise self.error(key, f"unknown key {name!r} in {what}", hint)
            if name in nodes:
                raise self.error(key, f"{name!r} is written twice in {what}")
            nodes[name] = value
        return nodes

    def string(self, node: Any, key: str) -> str:
        """Return a text, its white space collapsed."""
        if node.id != "scalar" or not node.value.strip():
            raise self.error(node, f"{key} must be a text")
        return " ".join(node.value.split())

    def strings(self, node: Any, key: str) -> tuple[str, ...]:
        """Return a list of texts; none where the key is absent."""
        if node is None:
            return ()
        if node.id != "sequence":
            raise self.error(node, f"{key} must be a list: [one, two]")
        return tuple(self.string(each, key) for each in node.value)

    def parameters(self, node: Any) -> dict[Parameter, int]:
        """Return the parameters, each with its line."""
        if node is None:
            return {}
        parameters = {}
        for name, body in self.mapping(node, "parameters", None).items():
            parameter = self.parameter(name, body)
            parameters[parameter] = body.start_mark.line + (
                0 if body.id == "mapping" and not body.flow_style else 1
            )
        return parameters

    def parameter(self, name: str, body: Any) -> Parameter:
        """Return one parameter, its default and its enumerated values checked."""
        what = f"the parameter {name}"
        if not _VARIABLE.match(name):
            raise self.error(body, f"{name!r} is no name for a parameter", "letters, digits and _")
        from mezan_graph.queries.parameters import TYPES, Parameter

        nodes = self.mapping(body, what, _PARAMETER_KEYS)
        if "type" not in nodes:
            raise self.error(body, f"{what} has no type", f"one of {', '.join(TYPES)}")
        type_name = self.string(nodes["type"], "type")
        if type_name not in TYPES:
            import difflib

            near = difflib.get_close_matches(type_name, TYPES, 1)
            hint = f"did you mean {near[0]}?" if near else f"one of {', '.join(TYPES)}"
            raise self.error(nodes["type"], f"{what} has the unknown type {type_name!r}", hint)
        parameter = Parameter(
            name=name,
            type=type_name,
            description=self.optional(nodes, "description") or "",
            default=self.raw(nodes.get("default"), "default"),
            required=self.flag(nodes.get("required")),
            enum=self.strings(nodes.get("enum"), "enum"),
        )
        for value in (*parameter.enum, *([] if parameter.default is None else [parameter.default])):
            try:
                parameter.term(value, self.project)
            except ParameterError as error:
                at = nodes.get("default" if value not in parameter.enum else "enum")
                raise self.error(at, f"{what}: {error.message}", error.hint) from None
        return parameter

    def optional(self, nodes: dict[str, Any], key: str) -> str | None:
        """Return the text of ``key``, ``None`` where it is absent."""
        return self.string(nodes[key], key) if key in nodes else None

    def raw(self, node: Any, key: str) -> str | None:
        """Return a scalar exactly as written, ``None`` where it is absent."""
        if node is None:
            return None
        if node.id != "scalar":
            raise self.error(node, f"{key} must be one value")
        return str(node.value)

    def flag(self, node: Any) -> bool:
        """Return a boolean, false where it is absent."""
        if node is None:
            return False
        if node.id != "scalar" or node.value.lower() not in {"true", "false"}:
            raise self.error(node, "required must be true or false")
        return bool(node.value.lower() == "true")
