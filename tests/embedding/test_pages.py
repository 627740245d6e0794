"""A snippet goes into a page where it belongs, and nothing else in the page changes by a byte."""

from __future__ import annotations

import json
import re

import html5lib  # type: ignore[import-untyped]
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.embedding.conftest import BASE, entity, small_embedder

from mezan_graph.embedding import drift, drifted, insert
from mezan_graph.embedding.markup import read_page
from mezan_graph.embedding.pages import insert_into, pages_in
from mezan_graph.errors import OutputError, SourceError


@pytest.fixture(scope="module")
def snippet(project):
    turtle = 'id:x a schema:NGO ; schema:name "مركز & Co <b>"@ar .'
    return small_embedder(project, turtle).snippet(entity("x"), language="ar")


@pytest.fixture(scope="module")
def other(project):
    turtle = 'id:x a schema:NGO ; schema:name "Another"@ar .'
    return small_embedder(project, turtle).snippet(entity("x"), language="ar")


def embedded(page: bytes, encoding: str = "utf-8") -> list[dict[str, object]]:
    """What a browser's parser finds in the head or body of a page."""
    tree = html5lib.parse(page.decode(encoding), namespaceHTMLElements=False)
    kind = "application/ld+json"
    return [json.loads(each.text) for each in tree.iter("script") if each.get("type") == kind]


# Where the snippet must go is marked by §; everything else must stay as it is.
PAGES = {
    "plain": "<!doctype html>\n<html>\n <head>\n  <title>x</title>\n §</head>\n<body></body>\n",
    "one line": "<html><head><title>x</title>§</head><body></body></html>",
    "no end of the head": "<!doctype html><title>x</title>\n<meta charset=utf-8>\n§<p>text",
    "no head at all": "<!doctype html>\n§<body>text",
    "text alone": "§text",
    "nothing": "§",
    "a head and nothing more": "<head><title>x</title>§",
    "an end without a beginning": "<html><title>x</title>§</html>",
    "in a comment": "<html><head><!-- </head> <body> --><title>x</title>§</head><body></body>",
    "in a comment that is over at once": "<head><!--><title>--></title>§</head>",
    "in a script": '<head><script>var x = "</head>";</script>§</head><body></body>',
    "in a script in a script": "<head><script><!--<script></script></head>--></script>§</head>",
    "in a title": "<head><title></head></title>§</head>",
    "in a style": "<head><style>/* </head> */</style>§</head>",
    "in an attribute": "<head><meta content='</head>' name=\"</head>\">§</head>",
    "in a template element": "<head><template><b></b></head></template>§</head>",
    "in noscript": "<head><noscript><img src=x></head></noscript>§</head>",
    "upper case": "<HTML><HEAD><TITLE>x</TITLE>§</HEAD ><BODY>",
    "of a template engine": '{% if x == "</head>" %}{{ "</head>" }}{# </head> #}<head>§</head>',
    "of PHP": "<?php echo '</head>'; ?>\n<head>§</head>",
    "of ERB": "<% '</head>' %><head>§</head>",
    "of XHTML": '<?xml version="1.0" encoding="utf-8"?><head><script src="a"/>§</head><body/>',
    "a later head is no head": "<head>§</head><body><iframe></head></iframe></head></body>",
}  # fmt: skip


@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["", "BOM"])
@pytest.mark.parametrize("name", PAGES)
def test_it_goes_to_the_end_of_the_head_and_nothing_else_changes(name, mark, line_end, snippet):
    before, after = PAGES[name].replace("\n", line_end).split("§")
    page = mark + (before + after).encode()
    made = insert(page, snippet)
    start = made.index(b'<script type="application/ld+json"')
    end = made.index(b"</script>", start) + len(b"</script>")
    assert made[:start] == mark + before.encode()
    rest = made[end:]
    assert rest.lstrip(b"\r\n \t") == after.encode()
    ends = line_end.encode() if line_end.encode() in page else b"\n"
    assert rest.startswith(ends)
    assert insert(made, snippet) == made


@pytest.mark.parametrize(
    "name", [each for each in PAGES if not each.startswith(("of ", "in a comm"))]
)
def test_a_parser_finds_it_there(name, snippet):
    before, after = PAGES[name].split("§")
    assert embedded(insert((before + after).encode(), snippet)) == [snippet.document]


def test_ours_is_replaced_where_it_stands_and_others_are_left(snippet, other):
    page = (
        '<head><script type="application/ld+json">{"a": 1}</script>'
        f"{other.html}<title>x</title></head><body>"
        f'<script type="application/ld+json" data-mezan="{BASE}id/y">{{}}</script></body>'
    ).encode()
    made = insert(page, snippet)
    assert made == page.replace(other.html.encode(), ascii_of(snippet))
    assert drift(made, snippet) is None


def ascii_of(snippet) -> bytes:
    text = re.sub(r"[^\x00-\x7f]", lambda match: json.dumps(match[0])[1:-1], snippet.html)
    return text.encode()


def test_ours_in_a_comment_is_not_ours(snippet, other):
    page = f"<head><!-- {other.html} --></head>".encode()
    made = insert(page, snippet)
    assert made.startswith(page.removesuffix(b"</head>"))
    assert embedded(made) == [snippet.document]


def test_what_was_put_in_twice_is_left_once(snippet, other):
    page = f"<head>{other.html}\n{other.html}</head>".encode()
    assert insert(page, snippet) == b"<head>" + ascii_of(snippet) + b"\n</head>"


@pytest.mark.parametrize(
    ("page", "encoding", "raw"),
    [
        ('<meta charset="utf-8"><title>x</title>', "utf-8", True),
        ("<title>عنوان</title>", "utf-8", True),
        ("<title>x</title>", "ascii", False),
        ('<meta charset="windows-1256"><title>عنوان</title>', "windows-1256", False),
        (
            '<meta http-equiv=Content-Type content="text/html; charset=iso-8859-1">é',
            "latin-1",
            False,
        ),
        ('<?xml version="1.0" encoding="koi8-r"?><title>я</title>', "koi8-r", False),
        ("\ufeff<title>عنوان</title>", "utf-16-le", True),
        ("\ufeff<title>عنوان</title>", "utf-16-be", True),
    ],
)
def test_it_is_written_in_the_encoding_of_the_page(page, encoding, raw, snippet):
    before = page.encode(encoding)
    made = insert(before, snippet)
    assert ("مركز" in made.decode(encoding)) == raw
    assert embedded(made, encoding) == [snippet.document]
    assert drift(made, snippet) is None
    element = read_page(made.decode(encoding)).scripts[0]
    without = made.decode(encoding)[: element.start] + made.decode(encoding)[element.end + 1 :]
    assert without.encode(encoding) == before


def test_a_page_may_be_a_text(snippet, other):
    page = "<head>\n</head>"
    made = insert(page, snippet)
    assert made == f"<head>\n{snippet.html}\n</head>"
    assert drift(made, snippet) is None
    assert drift(made, other) is not None


def test_a_page_that_is_said_to_be_utf_16_and_is_not_is_refused(snippet):
    with pytest.raises(SourceError, match="begins like UTF-16"):
        insert(b"\xff\xfea", snippet)


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("<>!-/ab'\"={}%?# \n"), max_size=60))
def test_whatever_the_page_its_other_bytes_stay(snippet, text):
    page = text.encode()
    made = insert(page, snippet)
    start = made.index(b'<script type="application/ld+json"')
    assert page.startswith(made[:start])
    assert made.endswith(page[start:])


def test_a_file_is_written_whole_and_only_when_it_changes(tmp_path, snippet):
    path = tmp_path / "page.html"
    path.write_bytes(b"<head></head>")
    path.chmod(0o640)
    assert insert_into(path, snippet)
    first = path.stat()
    assert not insert_into(path, snippet)
    assert path.stat().st_ino == first.st_ino
    assert first.st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(SourceError, match="cannot be read"):
        insert_into(tmp_path / "none.html", snippet)


def test_a_page_that_cannot_be_written_stays_as_it_was(tmp_path, snippet, monkeypatch):
    path = tmp_path / "page.html"
    path.write_bytes(b"<head></head>")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        insert_into(path, snippet)
    assert path.read_bytes() == b"<head></head>"


def test_a_page_as_it_was_made_has_not_drifted(snippet):
    page = insert(b"<head></head>", snippet)
    assert drift(page, snippet) is None
    pretty = json.dumps(snippet.document, indent=4).encode().replace(b"<", b"\\u003c")
    start, end = page.index(b"{"), page.index(b"</script>")
    assert drift(page[:start] + pretty + page[end:], snippet) is None


def test_a_drifted_page_shows_what_differs(snippet, other):
    difference = drift(insert(b"<head></head>", other), snippet)
    assert difference is not None
    assert '-  "name": "Another"' in difference
    assert '+  "name": "مركز & Co <b>"' in difference
    assert "holds no JSON-LD" in (drift(b"<head></head>", snippet) or "")
    broken = insert(b"<head></head>", snippet).replace(b'"name":', b'"name"')
    assert "is not JSON" in (drift(broken, snippet) or "")


def test_a_folder_of_pages_is_checked_by_what_each_says_it_holds(embedder, tmp_path):
    (tmp_path / "deep").mkdir()
    pages = {
        "a.html": embedder.snippet(entity("al-mezan"), language="ar"),
        "deep/b.htm": embedder.snippet(entity("report-2017"), full=True),
        "c.xhtml": embedder.snippet(embedder.dataset),
    }
    for name, snippet in pages.items():
        (tmp_path / name).write_bytes(insert(b"<head>\n</head>", snippet))
    (tmp_path / "none.html").write_text("<p>")
    (tmp_path / "x.txt").write_text("no page")
    found = pages_in(tmp_path)
    assert len(found) == 4
    assert list(drifted(embedder, found)) == []
    page = tmp_path / "a.html"
    page.write_bytes(
        page.read_bytes().replace(b'"Library"', b'"Store"').replace(b"2002/2003", b"2004")
    )
    gone = f'<script type="application/ld+json" data-mezan="{BASE}id/gone" lang="en">{{}}</script>'
    (tmp_path / "d.html").write_text(f"\n\n{gone}")
    first, second = drifted(embedder, pages_in(tmp_path))
    assert (first.page.name, first.line, first.entity) == ("a.html", 2, f"{BASE}id/al-mezan")
    assert "2004" in first.difference
    assert (second.line, second.difference) == (
        3,
        "the graph no longer says anything about this entity",
    )


def test_an_iri_beyond_ascii_is_found_again(project):
    iri = f"{BASE}id/مركز?a=\"&b='"
    iri = iri.replace('"', "%22")
    turtle = f'<{iri}> a schema:NGO ; schema:name "A" .'
    snippet = small_embedder(project, turtle).snippet(ox.NamedNode(iri))
    page = insert(b"<head></head>", snippet)
    assert page.isascii()
    assert insert(page, snippet) == page
    assert drift(page, snippet) is None


def test_a_page_of_marks_without_end_takes_linear_time():
    for part in ("<?", "{{", "<!--", "<a '", "<script>", "<!--<script>", "<![CDATA[", "<"):
        read_page(part * 20_000)
