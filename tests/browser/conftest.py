"""Pages opened in a real browser, none of which may complain."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from tests.conftest import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page, Response

AXE = CHECKOUT / "tests" / "browser" / "node_modules" / "axe-core" / "axe.min.js"
SOON = 30_000
"""Milliseconds that a page may take on a busy machine."""


@contextmanager
def pages_of(chromium: Browser, root: str) -> Iterator[Callable[..., Page]]:
    """Give what opens a page of the site at ``root``; at the end, none may have complained.

    A complaint is a warning or an error on the console, such as a breach of the policy, an
    exception, or a file that is not there.
    """
    complaints: list[str] = []
    contexts = []

    def said(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    def got(response: Response) -> None:
        if response.status >= 400:
            complaints.append(f"{response.status} {response.url}")

    def opened(path: str, **options: Any) -> Page:
        context = chromium.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(SOON)
        page.on("console", said)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("response", got)
        page.goto(root + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def visit(chromium: Browser, served_site: str) -> Iterator[Callable[..., Page]]:
    """Opens a page of the site; at the end, no page may have complained of anything."""
    with pages_of(chromium, served_site) as opened:
        yield opened


def ask(page: Page, query: str) -> None:
    """Put a query into the editor of the SPARQL page, and run it with the keyboard."""
    page.wait_for_selector("#sparql[data-ready]")
    page.evaluate(
        "() => document.querySelector('.editor').shadowRoot.querySelector('.cm-content').focus()"
    )
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(query)
    page.keyboard.press("Control+Enter")


def axe_script() -> str:
    """Return the script of axe-core; skips the test without it, or fails it where CI is set."""
    if not AXE.is_file():
        reason = "`npm --prefix tests/browser ci` installs axe-core"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    return AXE.read_text(encoding="utf-8")
