"""The strict reader of pages: it accepts nothing with a parse error; it finds links and faults."""

from __future__ import annotations

import html5lib  # type: ignore[import-untyped]
import pytest
from html5lib.html5parser import ParseError  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from mezan_graph.site.markup import line_at, read_markup

HEAD = '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>x</title></head>\n'


def page(body: str) -> str:
    return f"{HEAD}<body>{body}</body>\n</html>\n"


def faults(body: str) -> list[str]:
    return [each.message for each in read_markup(page(body)).faults]


SOUND = page(
    '<nav id="top"><ul><li><a href="a.html#b">A &amp; b</a></li></ul></nav>\n'
    '<main><h1>x<br>y</h1><p>a <bdi lang="ar" dir="rtl">ب</bdi> &#39;c&#39;</p>\n'
    "<table><caption>t</caption><thead><tr><th>a</th></tr></thead><tbody><tr><td><p>b</p></td></tr>"
    '</tbody></table><dl><div><dt>t</dt><dd>d</dd></div></dl><img src="a.png" alt="">\n'
    '<svg viewBox="0 0 1 1" role="img"><g><path d="M0 0"/></g><text>x</text></svg>\n'
    '<details><summary>s</summary><pre>p</pre></details><input name="q" required></main>\n'
    '<script type="application/ld+json">{"a": "\\u003c"}</script><script src="a.js" defer></script>'
)


def test_a_sound_page_has_no_faults():
    found = read_markup(SOUND)
    assert found.faults == []
    assert found.identifiers == {"top"}
    assert [each for each, _position in found.links] == ["a.html#b", "a.png", "a.js"]
    assert line_at(SOUND, found.links[0][1]) == 4


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("<p>a", "</body> does not close <p>"),
        ("<p>a</div>", "</div> does not close <p>"),
        ("<p><div>a</div></p>", "<div> in <p>"),
        ("<a href=''>a</a>", "< is not written as a reference"),
        ("<p>a < b</p>", "< is not written as a reference"),
        ("<p>a & b</p>", "& is not written as a reference"),
        ("<p>&nonesuch;</p>", "&nonesuch; is no reference"),
        ('<p title="a & b">a</p>', "& that starts no reference in title"),
        ('<p class="a" class="b">a</p>', "<p> has an attribute twice"),
        ('<p id="a">a</p><p id="a">b</p>', "the id 'a' is there twice"),
        ('<p id="a b">a</p>', "an id is empty or holds white space"),
        ('<label for="nothing">a</label>', "nothing here has the id 'nothing'"),
        ('<a href="b"><a href="c">d</a></a>', "<a> inside of another"),
        ("<table><p>a</p></table>", "<p> in <table>"),
        ("<table>a<tr><td>b</td></tr></table>", "text in <table>"),
        ("<li>a</li>", "<li> in <body>"),
        ("<div/>", "<div/> is not closed by its slash"),
        ("<Div>a</Div>", "<Div> is not in lower case"),
        ('<img src="a.png">', "<img> has no alt"),
        ('<p onclick="x()">a</p>', "<p> has the attribute onclick"),
        ('<svg><g style="fill:red"></g></svg>', "<g> has the attribute style"),
        ('<a href="javascript:x()">a</a>', "href leads to javascript:"),
        ('<a href="data:text/html,x">a</a>', "href leads to data:"),
        ("<script>x()</script>", "a script inside the page"),
        ("<style>p{}</style>", "a style sheet inside the page"),
        (
            '<script type="application/ld+json">"<!--"</script>',
            "data with < in it, to be written \\u003c",
        ),
        ("<p>\x07</p>", "holds U+0007"),
        ("<!-- a", "< is not written as a reference"),
    ],
)
def test_a_fault_is_named(body, message):
    assert message in faults(body)


def test_a_fault_has_its_line():
    assert read_markup(page("\n\n<p>&</p>")).faults[0].line == 6


@pytest.mark.parametrize("text", ["", "<html></html>", f"x{HEAD}", f"{HEAD}</html>x"])
def test_what_is_no_whole_page_is_refused(text):
    assert read_markup(text).faults


def sound_for_the_oracle(text: str) -> bool:
    try:
        html5lib.HTMLParser(strict=True).parse(text)
    except ParseError:
        return False
    return True


def test_the_oracle_agrees_on_the_sound_page():
    assert sound_for_the_oracle(SOUND)


PIECES = sorted({SOUND[i:j] for i in range(0, len(SOUND), 7) for j in (i + 1, i + 5, i + 12)})


@settings(max_examples=150, deadline=None)
@given(
    start=st.integers(len(HEAD), len(SOUND) - 1),
    length=st.integers(0, 12),
    piece=st.one_of(
        st.sampled_from(["", "<", "&", '"', "</p>", "<p>", "<tr>"]), st.sampled_from(PIECES)
    ),
)
def test_what_the_reader_accepts_has_no_parse_error(start, length, piece):
    text = SOUND[:start] + piece + SOUND[start + length :]
    if not read_markup(text).faults:
        assert sound_for_the_oracle(text), text
