"""The files in the folders of a project. No symbolic link leads out of it, or is passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mezan_graph.errors import SourceError
from mezan_graph.formats import SUFFIXES

if TYPE_CHECKING:
    from pathlib import Path

    from mezan_graph.project import Project


def context_path(project: Project) -> Path | None:
    """Return the project's own JSON-LD context, ``context.jsonld`` in its ontology folder."""
    path = project.folders["ontology"] / "context.jsonld"
    if not path.is_file():
        return None
    inside_project(project, path)
    return path


def folder_files(project: Project, part: str) -> list[Path]:
    """Return the RDF files in the folder of ``part`` and below, sorted by their relative path.

    Raises:
        SourceError: A symbolic link leaves the project, leads nowhere or to a folder.
    """
    if not project.has_folder(part):
        return []
    folder = project.folders[part]
    context = context_path(project)
    files = []
    for path in sorted(folder.rglob("*"), key=lambda each: each.relative_to(folder).as_posix()):
        hidden = any(name.startswith(".") for name in path.relative_to(folder).parts)
        if hidden or path == context:
            continue
        if path.is_symlink():
            _check_link(project, path)
        if path.suffix.lower() in SUFFIXES and path.is_file():
            files.append(path)
    return files


def inside_project(project: Project, path: Path) -> None:
    """Check that ``path``, followed to its end, stays inside the project.

    Raises:
        SourceError: A symbolic link leaves the project.
    """
    if project.root in path.parents and not _is_linked(project, path):
        return
    try:
        target = path.resolve()
    except (OSError, RuntimeError):
        # Up to Python 3.12 a link to itself raises; later it resolves to itself.
        target = path
    if project.root not in target.parents:
        raise SourceError(
            "a symbolic link leaves the project",
            place=project.relative(path),
            hint="copy the file into the project",
        )


def _is_linked(project: Project, path: Path) -> bool:
    """Whether ``path`` or a folder between it and the project is a link, or goes upwards."""
    while path != project.root:
        if path.is_symlink() or path.name == "..":
            return True
        path = path.parent
    return False


def _check_link(project: Project, path: Path) -> None:
    """Refuse a link whose target would be read from elsewhere, or passed over in silence."""
    inside_project(project, path)
    if path.is_dir():
        raise SourceError(
            "a symbolic link to a folder is not followed",
            place=project.relative(path),
            hint="put the files into a folder of the project",
        )
    if path.suffix.lower() in SUFFIXES and not path.is_file():
        raise SourceError(
            "a symbolic link leads nowhere",
            place=project.relative(path),
            hint="remove the link, or put the file in its place",
        )
