"""Released versions: served as they were published, or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mezan_graph.endpoint.versions import CHECKSUMS, PIECE, Versions
from mezan_graph.project import Project
from mezan_graph.publication import publish
from mezan_graph.site.headers import TYPES

FIRST, SECOND = "2026.11.22", "2026.11.9"


def release(folder: Path, files: dict[str, bytes]) -> Path:
    """Write a publication with ``files`` and their digests."""
    lines = []
    for name, content in sorted(files.items()):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        lines.append(f"{hashlib.sha256(content).hexdigest()}  {name}\n")
    (folder / CHECKSUMS).write_text("".join(lines), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def releases(project, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("releases")
    publish(project, folder / FIRST)
    release(folder / SECOND, {"index.html": b"<!doctype html><title>x</title>", "a/b.txt": b"b"})
    return folder


@pytest.fixture(scope="module")
def keeping(start_shared_server, releases):
    """A server that keeps two versions, one without pages and one with."""
    return start_shared_server(None, "--unchecked", "--versions", str(releases))


def test_a_version_is_given_as_it_was_published(keeping, releases):
    sizes = set()
    for path in sorted((releases / FIRST).rglob("*")):
        name = path.relative_to(releases / FIRST).as_posix()
        if path.is_dir() or name.startswith(("doc/c", "concept/")):
            continue
        content = path.read_bytes()
        reply = keeping.get(f"versions/{FIRST}/{name}")
        assert (reply.status, reply.body) == (200, content), name
        assert reply.headers["ETag"] == f'"{hashlib.sha256(content).hexdigest()}"'
        assert reply.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert reply.headers["Access-Control-Allow-Origin"] == "*"
        assert reply.headers["X-Robots-Tag"] == "noindex"
        if path.suffix in TYPES:
            assert reply.headers["Content-Type"].split(";")[0] == TYPES[path.suffix]
        sizes.add(len(content) > PIECE)
    assert sizes == {False, True}


def test_head_and_what_a_client_has_already(keeping, releases):
    largest = max((releases / FIRST).glob("dump.*"), key=lambda path: path.stat().st_size)
    for name in (largest.name, CHECKSUMS):
        path = f"versions/{FIRST}/{name}"
        head = keeping.request(path, method="HEAD")
        size = str((releases / FIRST / name).stat().st_size)
        assert (head.status, head.body, head.headers["Content-Length"]) == (200, b"", size)
        again = keeping.get(path, if_none_match=head.headers["ETag"])
        assert (again.status, again.body) == (304, b"")
        assert "immutable" in again.headers["Cache-Control"]
    assert keeping.request(path, method="PUT", body=b"x").status == 405


def test_the_versions_are_listed_newest_first(keeping):
    listed = keeping.get("versions/", accept="application/json").json()
    assert [(each["name"], each["issued"], each["site"]) for each in listed] == [
        (FIRST, "2026-11-22", False),
        (SECOND, None, True),
    ]
    assert listed[0]["url"].endswith(f"/versions/{FIRST}/")
    files = keeping.get(f"versions/{SECOND}/", accept="application/json").json()["sha256"]
    assert list(files) == ["a/b.txt", "index.html"]


def test_the_list_without_its_slash_leads_to_it(keeping):
    led = keeping.get("versions?a=b")
    assert (led.status, led.headers["Location"]) == (308, "versions/?a=b")


@pytest.mark.parametrize(("language", "word"), [("en", "Versions"), ("ar", "الإصدارات")])
def test_people_find_the_versions_on_a_page(keeping, language, word):
    led = keeping.get("versions/", accept="text/html", accept_language=language)
    assert (led.status, led.headers["Location"]) == (303, f"../{language}/versions.html")
    page = keeping.get(f"{language}/versions.html")
    assert page.status == 200
    text = page.body.decode()
    assert f"<h1>{word}</h1>" in text
    assert f'href="../versions/{FIRST}/dump.nq.gz"' in text
    assert f'href="../versions/{SECOND}/"' in text
    assert keeping.get("xx/versions.html").status == 404


def test_a_version_leads_to_its_pages_or_to_the_list(keeping):
    assert keeping.get(f"versions/{SECOND}").headers["Location"] == f"{SECOND}/"
    assert keeping.get(f"versions/{SECOND}/").body.startswith(b"<!doctype html>")
    led = keeping.get(f"versions/{FIRST}/", accept="text/html", accept_language="ar")
    assert led.headers["Location"] == "../../ar/versions.html"


@pytest.mark.parametrize(
    ("accept", "place"),
    [("text/html", ""), ("text/turtle", "void.ttl"), ("application/ld+json", "dataset.jsonld")],
)
def test_the_iri_of_a_version_leads_to_it(keeping, accept, place):
    reply = keeping.get(f"dataset/al-mezan/{FIRST}", accept=accept)
    assert (reply.status, reply.headers["Location"]) == (303, f"../../versions/{FIRST}/{place}")
    assert keeping.get("dataset/al-mezan", accept="text/turtle").status == 200
    assert keeping.get("dataset/al-mezan/1.0.0").status == 404


@pytest.mark.parametrize(
    "path",
    [
        "versions/none/",
        "versions/none/dump.nq",
        f"versions/{FIRST}/none.ttl",
        f"versions/{FIRST}/doc",
        f"versions/{FIRST}/../{SECOND}/index.html",
        f"versions/{FIRST}/%2e%2e/{SECOND}/index.html",
        f"versions/{FIRST}//dump.nq",
        "versions/../mezan.toml",
        "versions/%2e%2e/%2e%2e/etc/passwd",
        "versions/./x",
        "versions/%00/x",
    ],
)
def test_nothing_else_can_be_had(keeping, path):
    reply = keeping.get(path)
    assert reply.status == 404
    assert reply.headers["Content-Type"] == "application/problem+json"


def test_a_version_that_comes_later_is_served_and_a_changed_file_is_not(keeping, releases):
    folder = release(releases / "3", {"a.txt": b"as published", "b.txt": b"b" * (PIECE + 1)})
    try:
        assert keeping.get("versions/3/a.txt").body == b"as published"
        assert len(keeping.get("versions/3/b.txt").body) == PIECE + 1
        (folder / "a.txt").write_bytes(b"something else")
        (folder / "b.txt").write_bytes(b"c" * (PIECE + 1))
        assert keeping.get("versions/3/a.txt").status == 500
        assert keeping.get("versions/3/b.txt").status == 500
        assert keeping.wait_for("version changed", 2)["detail"].startswith("3/b.txt")
    finally:
        shutil.rmtree(folder)
    assert keeping.get("versions/3/a.txt").status == 404


def test_links_and_other_things_that_are_no_files_are_refused(keeping, releases):
    folder = release(releases / "4", {"a": b"a", "b": b"b", "c/d": b"d"})
    try:
        for name in ("a", "b"):
            (folder / name).unlink()
        (folder / "a").symlink_to("/etc/passwd")
        os.mkfifo(folder / "b")
        shutil.move(folder / "c", folder / "e")
        (folder / "c").symlink_to("e")
        (releases / "latest").symlink_to(FIRST)
        assert [keeping.get(f"versions/4/{name}").status for name in ("a", "b", "c/d")] == [500] * 3
        assert keeping.get("versions/latest/dump.nq").status == 404
    finally:
        shutil.rmtree(folder)
        (releases / "latest").unlink()


def test_a_version_with_something_withdrawn_is_gone(copied, start_server, tmp_path):
    folder = tmp_path / "releases"
    publish(Project.open(copied), folder / FIRST)
    text = (copied / "mezan.toml").read_text()
    withdrawn = text.replace("[project]\n", '[project]\nwithdrawn = ["al-mezan"]\n', 1)
    (copied / "mezan.toml").write_text(withdrawn)
    server = start_server(copied, "--no-watch", "--unchecked", "--versions", str(folder))
    for path in (f"versions/{FIRST}/dump.nq", f"versions/{FIRST}/", f"dataset/al-mezan/{FIRST}"):
        assert server.get(path).status == 410
    listed = server.get("versions/", accept="application/json").json()
    assert [each["withdrawn"] for each in listed] == [True]
    assert b"withdrawn" in server.get("en/versions.html").body


def test_without_a_folder_there_are_no_versions(server):
    assert server.get("versions/").status == 404
    assert server.get(f"versions/{FIRST}/dump.nq").status == 404


@given(st.sets(st.text(st.characters(codec="utf-8", exclude_characters="\0\n/\r"), min_size=1)))
def test_every_file_of_a_list_is_found_and_no_other(names):
    with tempfile.TemporaryDirectory() as folder:
        digests = {name: hashlib.sha256(name.encode()).hexdigest() for name in names}
        (Path(folder) / "1").mkdir()
        lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))
        (Path(folder) / "1" / CHECKSUMS).write_text(lines, encoding="utf-8")
        versions = Versions(Path(folder))
        assert dict(versions.paths("1")) == digests
        assert all(versions.holds("1", name) for name in names)
        assert not any(versions.holds("1", f"{name}\x01") for name in names)
