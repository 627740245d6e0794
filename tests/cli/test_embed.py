"""``mezan embed`` as a person meets it."""

from __future__ import annotations

import json


def test_it_prints_a_script_element(mezan):
    done = mezan("embed", "al-mezan", "--lang", "ar")
    assert done.code == 0
    assert done.out.startswith('<script type="application/ld+json" data-mezan="https://w3id.org/')
    assert done.out.endswith("</script>\n")
    assert "مركز الميزان لحقوق الانسان" in done.out
    assert done.err == ""


def test_it_works_on_another_project(mezan, small):
    made = mezan("embed", "relief", cwd=small).out
    document = json.loads(made[made.index("{") : made.rindex("}") + 1])
    assert document["funder"]["name"] == "Donor"
    assert document["@id"] == "https://example.org/relief/id/relief"


def test_the_data_set_and_everything_known(mezan, small):
    assert '"@type":"Dataset"' in mezan("embed", "dataset", cwd=small).out
    full = mezan("embed", "relief", "--full", "-o", "full.html", cwd=small)
    assert (full.code, full.out) == (0, "")
    assert '"@context":{' in (small / "full.html").read_text()


def test_into_a_page_twice_and_checked(mezan, small):
    page = small / "page.html"
    page.write_bytes(b"<html>\r\n<head>\r\n</head>\r\n<body></body></html>")
    before = page.read_bytes()
    done = mezan("embed", "relief", "--into", "page.html", cwd=small)
    assert (done.code, done.out) == (0, "")
    assert "page.html: written" in done.err
    assert "as it was" in mezan("embed", "relief", "--into", page, cwd=small).err
    made = page.read_bytes()
    start, end = made.index(b"<script"), made.index(b"</script>") + len(b"</script>\r\n")
    assert made[:start] + made[end:] == before
    assert mezan("embed", "relief", "--check", page, cwd=small).code == 0
    assert mezan("embed", "--check", small, cwd=small).code == 0


def test_a_page_that_has_drifted_exits_with_1_and_shows_the_difference(mezan, small):
    page = small / "page.html"
    page.write_text("<head></head>")
    mezan("embed", "relief", "--into", page, cwd=small)
    data = small / "data" / "organizations.ttl"
    data.write_text(data.read_text().replace('"Relief"@en', '"Relief Abroad"@en'))
    for arguments in (("relief",), ()):
        done = mezan("embed", *arguments, "--check", "page.html", cwd=small)
        assert done.code == 1
        assert '-  "name": "Relief"' in done.out
        assert '+  "name": "Relief Abroad"' in done.out
    assert mezan("embed", "donor", "--check", page, cwd=small).code == 1


def test_a_difference_gives_no_commands_to_the_terminal(mezan, small):
    page = small / "page.html"
    page.write_text(
        '<script type="application/ld+json" lang="en" '
        'data-mezan="https://example.org/relief/id/relief">{"name": "\\u001b[31mred"}</script>'
    )
    done = mezan("embed", "--check", page, cwd=small)
    assert done.code == 1
    assert "\x1b" not in done.out


def test_pages_without_ours_are_an_error_unless_an_entity_is_named(mezan, small):
    (small / "page.html").write_text("<p>")
    done = mezan("embed", "--check", "page.html", cwd=small)
    assert done.code == 3
    assert "no page holds JSON-LD of ours" in done.err
    assert mezan("embed", "relief", "--check", "page.html", cwd=small).code == 1


def test_lint_exits_with_1_where_there_are_faults(mezan, tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        '<script type="application/ld+json">\n'
        '{"@context": "https://schema.org", "@type": "Organisation", "name": "A"}</script>'
    )
    done = mezan("embed", "--lint", page)
    assert done.code == 1
    assert "2:45 violation MZ504 Organisation" in done.out
    assert "did you mean Organization?" in done.out
    report = json.loads(mezan("embed", "--lint", page, "--format", "json").out)
    assert report["results"][0]["line"] == 2
    page.write_text(page.read_text().replace("isation", "ization"))
    assert mezan("embed", "--lint", page).code == 0
    assert mezan("embed", "--lint", page, "--fail-on", "info").code == 1


def test_what_it_prints_passes_its_own_lint(mezan, tmp_path):
    for number, entity in enumerate(("al-mezan", "report-2017", "dataset", "person-p0001")):
        mezan("embed", entity, "-o", tmp_path / f"{number}.html")
    assert mezan("embed", "--lint", tmp_path, "--fail-on", "warning").code == 0


def test_usage(mezan, small):
    for arguments, message in (
        ((), "which entity?"),
        (("--lint",), "which files?"),
        (("relief", "donor"), "one entity at a time"),
        (("relief", "--into", "a", "--check", "b"), "exclude each other"),
        (("releif",), "did you mean relief?"),
        (("relief", "--lang", "not a language"), "not a language tag"),
    ):
        done = mezan("embed", *arguments, cwd=small)
        assert done.code == 2
        assert message in done.err
    for option in ("--into", "--check"):
        done = mezan("embed", "relief", option, "none.html", cwd=small)
        assert done.code == 3
        assert "cannot be read" in done.err
    assert mezan("embed", "--lint", "none.html", cwd=small).code == 3


def test_a_fault_in_a_frame_is_shown_at_its_line(mezan, small):
    (small / "frames").mkdir()
    (small / "frames" / "ngo.jsonld").write_text('{"@type": "NGO",\n "nmae": {}}')
    done = mezan("embed", "relief", cwd=small)
    assert done.code == 3
    assert "ngo.jsonld:2" in done.err
    assert "did you mean name?" in done.err


def test_a_silence_of_the_lint_is_not_asked_for_by_validation(mezan, small):
    page = small / "page.html"
    mezan("embed", "relief", "-o", page, cwd=small)
    assert mezan("embed", "--lint", page, "--fail-on", "info", cwd=small).code == 1
    with (small / "mezan.toml").open("a") as file:
        file.write('[[silence]]\ncode = "MZ509"\nreason = "not known"\nfiles = ["*.html"]\n')
    assert mezan("embed", "--lint", page, "--fail-on", "info", cwd=small).code == 0
    assert "MZ302" not in mezan("validate", cwd=small).out
