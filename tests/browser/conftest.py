"""Pages opened in a real browser, none of which may complain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page, Response

SOON = 30_000
"""Milliseconds that a page may take on a busy machine."""


@pytest.fixture
def visit(chromium: Browser, served_site: str) -> Iterator[Callable[..., Page]]:
    """Opens a page of the site; at the end, no page may have complained of anything.

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
        page.goto(served_site + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
