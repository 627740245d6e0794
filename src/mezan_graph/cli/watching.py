"""Doing something again whenever a file of a project changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mezan_graph.errors import MezanError

if TYPE_CHECKING:
    from collections.abc import Callable

    from mezan_graph.validation.inputs import Inputs

_WAIT = 200
"""Milliseconds between two looks at whether something has changed."""


def watch(inputs: Inputs, once: Callable[[], int]) -> int:
    """Call ``once`` now and after every change below the folders concerned, until interrupted.

    An error is shown and waited out, since the next save may mend it.

    Returns:
        The exit code of the last call.
    """
    from watchfiles import watch as changes

    folders = {project.root for project, _, _ in inputs()} | {Path.cwd()}
    code = None
    # The first turn comes when the watching has begun, so that no save is missed in between.
    for changed in changes(
        *folders, yield_on_timeout=True, rust_timeout=_WAIT, raise_interrupt=False
    ):
        if changed:
            names = sorted({Path(path).name for _, path in changed})
            click.echo(f"\nchanged: {', '.join(names[:5])}", err=True)
        if changed or code is None:
            code = _tried(once)
    return code or 0


def _tried(once: Callable[[], int]) -> int:
    try:
        return once()
    except MezanError as error:
        click.echo(f"error: {error}", err=True)
        return error.exit_code
