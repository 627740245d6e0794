"""The interface of the site is complete in each language that it has a catalog for."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

import pytest
from babel.messages.pofile import read_po
from tests.conftest import CHECKOUT

from mezan_graph.site.rendering import LOCALES, interface_language, messages

if TYPE_CHECKING:
    from babel.messages import Catalog

CATALOGS = sorted(LOCALES.glob("*/LC_MESSAGES/site.po"))


@pytest.fixture(scope="module")
def extracted() -> Catalog:
    spec = importlib.util.spec_from_file_location("messages", CHECKOUT / "tools" / "messages.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    return tool.extracted()


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.parts[-3])
def test_a_catalog_translates_every_message_and_no_other(path, extracted):
    with path.open("rb") as stream:
        catalog = read_po(stream, locale=path.parts[-3])
    wanted = {message.id for message in extracted if message.id}
    translated = set()
    for message in catalog:
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and all(forms) and not message.fuzzy:
            translated.add(message.id)
    assert wanted == translated


def test_english_and_arabic_are_there():
    assert {path.parts[-3] for path in CATALOGS} == {"ar"}
    assert messages("en").gettext("undated") == "undated"
    assert messages("ar").gettext("undated") == "بلا تاريخ"


def test_numbers_have_the_plural_forms_of_their_language():
    forms = {
        messages("ar").ngettext(
            "%(num)s more row is in the files.", "%(num)s more rows are in the files.", number
        )
        for number in (1, 2, 3, 11, 100)
    }
    assert len(forms) == 5


@pytest.mark.parametrize(
    ("wanted", "got"), [("ar", "ar"), ("ar-PS", "ar"), ("en-GB", "en"), ("fr", "en")]
)
def test_a_language_without_a_catalog_has_english_messages(wanted, got):
    assert interface_language(wanted) == got
