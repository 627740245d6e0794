"""Templates and messages: jinja2 with autoescape for every template, Babel's catalogs.

English is the language of the messages themselves; each further language of the interface has a
catalog in ``locale/``. A language without one gets English messages, and its pages say so with
their ``lang`` and ``dir``.
"""

from __future__ import annotations

import io
from functools import cache
from gettext import NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; "
    "base-uri 'none'; form-action 'self'"
)
"""What a page may load and run: nothing inline, nothing from elsewhere."""

MESSAGES_LANGUAGE = "en"
DOMAIN = "site"
_FOLDER = Path(__file__).parent
LOCALES = _FOLDER / "locale"
TEMPLATES = _FOLDER / "templates"


def interface_language(language: str) -> str:
    """Return the language of the interface on pages for readers of ``language`` (BCP 47)."""
    primary = language.lower().split("-", maxsplit=1)[0]
    return primary if catalog_file(primary).is_file() else MESSAGES_LANGUAGE


def catalog_file(language: str) -> Path:
    """Return the catalog of messages in ``language``, which need not exist."""
    return LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po"


@cache
def messages(language: str) -> NullTranslations:
    """Return the messages of the interface in ``language``, one that has a catalog or English."""
    path = catalog_file(language)
    if not path.is_file():
        return NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po
    from babel.support import Translations

    compiled = io.BytesIO()
    with path.open("rb") as stream:
        write_mo(compiled, read_po(stream, locale=language, domain=DOMAIN))
    compiled.seek(0)
    return Translations(compiled, domain=DOMAIN)


@cache
def environment(language: str) -> Environment:
    """Return the templates with the messages of ``language``."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        autoescape=True,
        loader=FileSystemLoader(TEMPLATES),
        # Nothing changes a template while pages are made; asking the disk each time takes long.
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(messages(language), newstyle=True)  # type: ignore[attr-defined]
    return made
