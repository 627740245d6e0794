"""The fonts are those of the packages that ``web/package-lock.json`` pins, and all of them."""

from __future__ import annotations

import importlib.util
import re

import pytest
from tests.conftest import CHECKOUT

spec = importlib.util.spec_from_file_location("fonts", CHECKOUT / "tools" / "fonts.py")
assert spec is not None
assert spec.loader is not None
fonts = importlib.util.module_from_spec(spec)
spec.loader.exec_module(fonts)


def test_the_fonts_are_those_of_the_packages():
    if not fonts.PACKAGES.is_dir():
        pytest.skip("`npm --prefix web ci` installs the packages")
    kept = {each.name: each.read_bytes() for each in fonts.FOLDER.iterdir()}
    assert kept == fonts.files()


def test_the_style_sheet_names_every_font_and_no_other():
    style = (fonts.FOLDER.parent / "site.css").read_text(encoding="utf-8")
    named = set(re.findall(r'url\("fonts/([^"]+)"\)', style))
    assert named == {each.name for each in fonts.FOLDER.glob("*.woff2")}


def test_a_licence_lies_beside_each_typeface():
    for face in fonts.SUBSETS:
        text = (fonts.FOLDER / f"{face}-LICENSE.txt").read_text(encoding="utf-8")
        assert "SIL OPEN FONT LICENSE" in text.upper()
