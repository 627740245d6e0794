"""The check of a deployed site: silent on ours, on every host; each way of breaking it is found."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from mezan_graph.deployment.check import check_site, spread
from mezan_graph.deployment.static import Asked, Reply, StaticSite, _Handler
from mezan_graph.errors import RemoteError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE = 12
ENTITY = "activity-advocacy"


def problems(report) -> set[tuple[str, str]]:
    """Path and problem of every finding."""
    return {(each.url.partition("/g/")[2], each.problem) for each in report.findings}


@pytest.fixture(scope="module")
def check(hosted, addresses):
    def run(url: str, **options):
        options.setdefault("sample", SAMPLE)
        return check_site(hosted, addresses.graph, url, **options)

    return run


@pytest.fixture
def entity(hosted) -> ox.NamedNode:
    return ox.NamedNode(hosted.entity_iri(ENTITY))


@pytest.mark.parametrize("server", ["nginx", "apache"])
def test_nothing_is_found_on_a_host_with_our_settings(request, made_site, check, server):
    report = check(request.getfixturevalue(f"start_{server}")(made_site))
    assert report.findings == []
    assert (report.negotiates, report.entities) == (True, SAMPLE)
    assert report.requests > SAMPLE * 5


def test_every_kind_of_name_is_asked_for(start_nginx, made_site, check, addresses):
    named = [iri for iri, stem in addresses.stems.items() if "~" in stem]
    report = check(start_nginx(made_site), sample=None, entities=named, connections=4)
    assert report.findings == []
    assert report.entities == len(named) == 8


def test_a_host_without_negotiation_is_recognised_and_judged_by_its_files(
    start_plain, made_site, check
):
    report = check(start_plain(made_site))
    assert not report.negotiates
    assert not report.fails
    assert {each.severity for each in report.findings} == {"warning"}
    assert "does not negotiate: judged by its files; 12 entities" in report.as_text()


def test_a_host_can_be_held_to_negotiation(start_plain, made_site, check, entity):
    report = check(start_plain(made_site), negotiates=True, entities=[entity])
    assert any(problem == "answers 404 in place of 303" for _, problem in problems(report))


def test_the_report_as_json(start_plain, made_site, check):
    document = json.loads(check(start_plain(made_site), sample=1).as_json())
    assert document["entities"] == 1
    assert set(document["findings"][0]) == {"url", "problem", "accept", "language", "severity"}


class Spoiled(StaticSite):
    """Our own server with one thing changed; the rest is as it should be."""

    def __init__(self, project, folder: Path, change) -> None:
        super().__init__(project, folder)
        self.change = change

    def reply(self, target: str, asked: Asked) -> Reply:
        reply = super().reply(target, asked)
        return self.change(target, asked, reply) or reply


@pytest.fixture
def deployed(hosted, made_site):
    """Puts a site with one change on a server; gives its URL."""

    @contextmanager
    def deploy(change):
        server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        server.site = Spoiled(  # type: ignore[attr-defined]
            hosted, made_site / "g", change
        )
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/g/"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    return deploy


def header(path: str, name: str, value: str | None):
    """A change of one header of the answer at ``path``."""

    def change(target: str, _asked: Asked, reply: Reply) -> None:
        if target == f"/g/{path}":
            reply.headers.pop(name, None)
            if value is not None:
                reply.headers[name] = value

    return change


def redirect(path: str, status: int, to: str):
    def change(target: str, _asked: Asked, reply: Reply) -> Reply | None:
        if target == f"/g/{path}":
            return Reply(status, reply.headers | {"Location": to})  # type: ignore[arg-type]
        return None

    return change


BROKEN = {
    "nothing": (lambda *_: None, None),
    "a wrong media type": (
        header(f"doc/{ENTITY}.ttl", "Content-Type", "text/html"),
        (f"doc/{ENTITY}.ttl", "is sent as text/html in place of text/turtle"),
    ),
    "no media type": (
        header(f"doc/{ENTITY}.jsonld", "Content-Type", "application/octet-stream"),
        (
            f"doc/{ENTITY}.jsonld",
            "is sent as application/octet-stream in place of application/ld+json",
        ),
    ),
    "no Vary at the name": (
        header(f"id/{ENTITY}", "Vary", None),
        (f"id/{ENTITY}", "URL/id/activity-advocacy has no Vary: Accept"),
    ),
    "a Vary without the language": (
        header(f"doc/{ENTITY}", "Vary", "Accept"),
        (f"id/{ENTITY}", "URL/doc/activity-advocacy has no Vary: Accept-Language"),
    ),
    "no redirect of the kind that names need": (
        redirect(f"id/{ENTITY}", 302, f"/g/doc/{ENTITY}"),
        (f"id/{ENTITY}", "answers 302 in place of 303"),
    ),
    "a redirect to elsewhere": (
        redirect(f"id/{ENTITY}", 303, "https://elsewhere.example/"),
        (f"id/{ENTITY}", "leads on to https://elsewhere.example/"),
    ),
    "a redirect in a circle": (
        redirect(f"doc/{ENTITY}", 303, f"/g/doc/{ENTITY}"),
        (f"id/{ENTITY}", "leads on to URL/doc/activity-advocacy"),
    ),
    "no link to the alternates": (
        header(f"doc/{ENTITY}.nt", "Link", None),
        (f"doc/{ENTITY}.nt", "has no Link to its alternates"),
    ),
    "another language in the header": (
        header(f"ar/doc/{ENTITY}.html", "Content-Language", "en"),
        (f"ar/doc/{ENTITY}.html", "has Content-Language en in place of ar"),
    ),
    "no entity tag": (
        header(f"doc/{ENTITY}.nt", "ETag", None),
        (f"doc/{ENTITY}.nt", "has neither ETag nor Last-Modified"),
    ),
    "a page that answers for what is not there": (
        redirect("mezan-graph-asks-for-what-is-not-there", 302, "/g/"),
        ("mezan-graph-asks-for-what-is-not-there", "answers 302 in place of 404"),
    ),
    "the page in the same language for everybody": (
        lambda target, asked, reply: (
            reply.headers.update({"Location": f"/g/en/doc/{ENTITY}.html"})
            if target == f"/g/doc/{ENTITY}" and "text/html" in (asked.accept or "")
            else None
        ),
        (f"id/{ENTITY}", "leads to URL/en/doc/activity-advocacy.html"),
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_a_host_does_wrong_is_found(deployed, check, entity, name):
    change, expected = BROKEN[name]
    with deployed(change) as url:
        report = check(url, entities=[entity])
    found = {(path, problem.replace(url[:-1], "URL")) for path, problem in problems(report)}
    assert (expected in found) if expected else not found, found
    assert report.fails == (expected is not None)


@pytest.fixture(scope="module")
def copy(made_site):
    """A document root with a copy of the site that tests may spoil and have to mend."""
    root = made_site.parent / f"{made_site.name}-copy"
    shutil.copytree(made_site, root)
    yield root
    shutil.rmtree(root)


@pytest.fixture(scope="module", params=["nginx", "plain"])
def copied_to(request, copy) -> str:
    """The URL of that copy on a server."""
    return request.getfixturevalue(f"start_{request.param}")(copy)


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


FILES = {
    "a file that is missing": (
        lambda site: (site / f"doc/{ENTITY}.nt").unlink(),
        (f"doc/{ENTITY}.nt", "answers 404 in place of 200"),
    ),
    "a triple that is changed": (
        lambda site: replaced(site / f"doc/{ENTITY}.ttl", '"@en', ' changed"@en'),
        (f"doc/{ENTITY}.ttl", "does not say what was built: "),
    ),
    "a triple too many": (
        lambda site: replaced(
            site / f"doc/{ENTITY}.nt", "\n<", "\n<urn:x:a> <urn:x:b> <urn:x:c> .\n<"
        ),
        (f"doc/{ENTITY}.nt", "says what was not built: <urn:x:a> <urn:x:b> <urn:x:c> ."),
    ),
    "data that cannot be read": (
        lambda site: (site / f"doc/{ENTITY}.jsonld").write_text("{"),
        (f"doc/{ENTITY}.jsonld", "cannot be read: "),
    ),
    "a dump of another version": (
        lambda site: (site / "dump.nq").write_text("# nothing\n<urn:x:a> <urn:x:b> <urn:x:c> .\n"),
        ("dump.nq", "does not say what was built: "),
    ),
    "a page in another language": (
        lambda site: replaced(site / f"ar/doc/{ENTITY}.html", 'lang="ar"', 'lang="fr"'),
        (f"ar/doc/{ENTITY}.html", "is a page in fr"),
    ),
    "a page that is missing": (
        lambda site: (site / f"ar/doc/{ENTITY}.html").unlink(),
        (f"ar/doc/{ENTITY}.html", "answers 404 in place of 200"),
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_not_as_built_is_found(copied_to, copy, made_site, check, entity, name):
    spoil, (path, problem) = FILES[name]
    spoil(copy / "g")
    report = check(copied_to, entities=[entity])
    shutil.copy(made_site / "g" / path, copy / "g" / path)
    assert report.fails
    grave = {
        (each.url.partition("/g/")[2], each.problem)
        for each in report.findings
        if each.severity == "violation"
    }
    assert any(each[0] == path and each[1].startswith(problem) for each in grave), grave


def test_a_host_that_is_not_there_is_an_error_of_its_own(check, unused_port):
    with pytest.raises(RemoteError, match="cannot be reached") as caught:
        check(f"http://127.0.0.1:{unused_port}/g/")
    assert caught.value.exit_code == 4


def test_a_host_that_goes_away_is_not_asked_for_ever(deployed, check):
    asked = itertools.count()

    def change(*_: object) -> None:
        if next(asked) > 8:
            raise ConnectionAbortedError

    with deployed(change) as url, pytest.raises(RemoteError, match="does not answer any more"):
        check(url, sample=None)
    assert next(asked) < 50


@pytest.mark.parametrize(
    "url",
    [
        "ftp://host.example/",
        "host.example/g/",
        "http:///g/",
        "http://h.example/?q",
        "http://a:b@h.example/",
    ],
)
def test_what_is_no_site_is_refused(check, url):
    with pytest.raises(UsageError):
        check(url)


def test_a_language_that_the_site_does_not_have_is_refused(check):
    with pytest.raises(UsageError, match="there is no language 'fr'"):
        check("http://127.0.0.1:1/", languages=["fr"])


def test_a_sample_is_spread_evenly(addresses):
    stems = list(addresses.stems)
    assert spread(stems, None) == stems
    assert spread(stems, 4) == [stems[len(stems) * index // 4] for index in range(4)]
    assert spread(stems, 10**6) == stems


def test_the_command_has_an_exit_code_for_each_outcome(start_plain, made_site, copied, unused_port):
    def run(url: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "mezan_graph", "-C", str(copied), "check-site", url]
        options = ["--sample", "1", "--format", "json", "--negotiation", "none"]
        return subprocess.run([*command, *options], capture_output=True, text=True, check=False)

    # The site holds names besides, which this project does not publish.
    done = run(start_plain(made_site))
    grave = [e for e in json.loads(done.stdout)["findings"] if e["severity"] == "violation"]
    assert done.returncode == 1, done.stderr
    assert [each["url"].rpartition("/")[2] for each in grave] == ["dump.nq"]
    gone = run(f"http://127.0.0.1:{unused_port}/")
    assert (gone.returncode, gone.stdout) == (4, "")
    assert "cannot be reached" in gone.stderr
