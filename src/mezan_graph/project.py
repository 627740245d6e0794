"""A project: a folder with a ``mezan.toml`` that says where everything is."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from mezan_graph.errors import ProjectError
from mezan_graph.namespaces import PREFIXES, project_prefixes
from mezan_graph.service_limits import ServiceLimits
from mezan_graph.settings import Limits, read_settings

if TYPE_CHECKING:
    import datetime as dt

    from mezan_graph.policy import SeverityName, Silence

PROJECT_FILE = "mezan.toml"

NO_BASE = "about:invalid/"
"""Stands for a base where there is none; no IRI that data can hold starts with it."""


@dataclass(frozen=True)
class Project:
    """What ``mezan.toml`` says, checked and with every path resolved. Immutable.

    Attributes:
        root: Folder of the project, absolute.
        name: Slug of the data set.
        base: Base IRI; entities are ``<base>id/<slug>``. Ends in ``/`` or ``#``.
        title: Title of the data set by language tag.
        description: Description of the data set by language tag.
        languages: Language tags in the order in which labels fall back.
        version: Version of the data set.
        issued: Date of issue of this version.
        license: Licence IRI of the data.
        attribution: Attribution line that every export carries.
        creator: Who made the data set, where that is said.
        contact: Whom to tell about errors and withdrawals: an address or a URL.
        keywords: Keywords of the data set by language tag.
        subject: Slug of the organisation that the data set is about, where there is one.
        folders: Folder of each part (``ontology``, ``data``, ``shapes``, ``queries``,
            ``frames``), absolute.
        graphs: Extra named graphs: name to the files that belong to it, absolute.
        source_texts: Folder with the texts that citations point into, if it is set.
        site_url: URL of the folder that the site is hosted in, if it is not the base IRI.
        prefixes: Prefix to namespace IRI, for reading queries and writing Turtle.
        limits: Bounds on input and work.
        serve: Bounds on what a served project bears.
        categories: Folder of stored queries to what it is called, by language tag.
        withdrawn: Slugs of entities that were published once and are no longer.
        silences: Findings that the project has decided to live with.
        severities: Severity of findings by code, where it is not the usual one.
    """

    root: Path
    name: str
    base: str
    title: dict[str, str]
    description: dict[str, str]
    languages: tuple[str, ...]
    version: str
    license: str
    attribution: str
    issued: dt.date | None = None
    creator: str | None = None
    contact: str | None = None
    keywords: dict[str, tuple[str, ...]] = field(default_factory=dict)
    subject: str | None = None
    folders: dict[str, Path] = field(default_factory=dict)
    graphs: dict[str, tuple[Path, ...]] = field(default_factory=dict)
    source_texts: Path | None = None
    site_url: str | None = None
    extra_prefixes: dict[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    serve: ServiceLimits = field(default_factory=ServiceLimits)
    categories: dict[str, dict[str, str]] = field(default_factory=dict)
    withdrawn: frozenset[str] = frozenset()
    silences: tuple[Silence, ...] = ()
    severities: dict[str, SeverityName] = field(default_factory=dict)

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """Prefix to namespace IRI: the standard ones, those of the base, and the project's own."""
        standard = PREFIXES if self.base == NO_BASE else project_prefixes(self.base)
        return standard | self.extra_prefixes

    @property
    def site(self) -> str:
        """URL of the folder that the site is hosted in; ends in ``/``."""
        return self.site_url or self.base.rpartition("/")[0] + "/"

    @classmethod
    def open(cls, folder: Path | str | None = None) -> Project:
        """Open the project in ``folder``, by default the current one.

        A ``folder`` that is named must hold a ``mezan.toml``. Where none is named and the current
        folder holds none, the packaged Al Mezan graph is opened.

        Raises:
            ProjectError: There is no project file, or it does not say what it must.
        """
        root = Path.cwd() if folder is None else Path(folder)
        if folder is None and not (root / PROJECT_FILE).is_file():
            root = packaged_root()
        root = root.resolve()
        return cls(root=root, **read_settings(root / PROJECT_FILE))

    @classmethod
    def packaged(cls) -> Project:
        """Open the Al Mezan graph that ships with the package."""
        root = packaged_root()
        return cls(root=root, **read_settings(root / PROJECT_FILE))

    @classmethod
    def bare(cls, folder: Path) -> Project:
        """Return a project for files that belong to none, shown relative to ``folder``.

        It has no base IRI of its own, no stored queries and no prefixes beyond the standard ones.
        """
        root = folder.resolve()
        return cls(
            root=root,
            name="files",
            base=NO_BASE,
            title={},
            description={},
            languages=("en",),
            version="0",
            license="",
            attribution="",
            folders={
                part: root / f".{part}"
                for part in ("ontology", "data", "shapes", "queries", "frames")
            },
        )

    def folder(self, part: str) -> Path:
        """Return the folder of ``part``.

        Raises:
            ProjectError: The folder does not exist.
        """
        path = self.folders[part]
        if not path.is_dir():
            raise ProjectError(
                f"the folder for {part} does not exist: {self.relative(path)}",
                place=self.root / PROJECT_FILE,
                hint=f"make the folder, or change {part} under [folders]",
            )
        return path

    def has_folder(self, part: str) -> bool:
        """Whether the folder of ``part`` exists.

        A project may do without an ontology, stored queries or frames: their folders may be
        missing as long as they have their usual names.

        Raises:
            ProjectError: The folder is missing and cannot be done without.
        """
        usual = self.base == NO_BASE or self.folders[part] == self.root / part
        optional = part in {"ontology", "queries", "frames"} and usual
        return self.folders[part].is_dir() or (not optional and self.folder(part).is_dir())

    def relative(self, path: Path) -> str:
        """Return ``path`` as people see it: relative to the project root, with ``/``."""
        try:
            return path.relative_to(self.root).as_posix()
        except ValueError:
            return path.as_posix()

    def entity_iri(self, name: str) -> str:
        """Return the IRI that ``name`` stands for: an IRI, a prefixed name or a slug."""
        if name.startswith("<") and name.endswith(">"):
            return name[1:-1]
        prefix, separator, local = name.partition(":")
        if separator and prefix in self.prefixes:
            return self.prefixes[prefix] + local
        if separator:
            return name
        return f"{self.base}id/{name}"

    def graph_iri(self, name: str) -> str:
        """Return the IRI of the named graph called ``name``, which may be an IRI already."""
        if ":" in name:
            return self.entity_iri(name)
        return f"{self.base}graph/{name}"


def packaged_root() -> Path:
    """Return the folder of the Al Mezan graph: in the wheel, or in a source checkout."""
    wheel = Path(__file__).resolve().parent / "packaged"
    if (wheel / PROJECT_FILE).is_file():
        return wheel
    checkout = Path(__file__).resolve().parents[2]
    if (checkout / PROJECT_FILE).is_file():
        return checkout
    raise ProjectError(
        "the packaged Al Mezan graph is missing from this installation",
        place=wheel,
        hint="install mezan-graph again, or name a project folder with -C",
    )
