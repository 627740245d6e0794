"""``mezan fmt`` as a person meets it."""

from __future__ import annotations

UGLY = "@prefix : <http://example.org/> .\n:s a :T;:p 1 . # comment\n"
PRETTY = "@prefix : <http://example.org/> .\n\n:s\n    a :T ;\n    :p 1 .    # comment\n"


def test_files_are_formatted_in_place_once(mezan, tmp_path):
    path = tmp_path / "file.ttl"
    path.write_text(UGLY)
    done = mezan("fmt", "file.ttl")
    assert (done.code, done.out) == (0, "")
    assert "1 of 1 file formatted" in done.err
    assert path.read_text() == PRETTY
    assert "0 of 1 file formatted" in mezan("fmt", "file.ttl").err


def test_check_lists_and_diff_shows_and_neither_writes(mezan, tmp_path):
    path = tmp_path / "file.ttl"
    path.write_text(UGLY)
    (tmp_path / "good.ttl").write_text(PRETTY)
    checked = mezan("fmt", "--check", path, tmp_path / "good.ttl")
    assert (checked.code, checked.out) == (1, f"{path}\n")
    diff = mezan("fmt", "--diff", path)
    assert diff.code == 1
    assert "-:s a :T;:p 1 . # comment\n" in diff.out
    assert path.read_text() == UGLY
    assert mezan("fmt", "--check", tmp_path / "good.ttl").code == 0


def test_without_a_path_the_project_is_formatted(mezan, small):
    done = mezan("fmt", cwd=small)
    assert done.code == 0
    assert "2 of 2 files formatted" in done.err
    assert "id:relief\n    a schema:NGO ;" in (small / "data" / "organizations.ttl").read_text()
    assert mezan("-C", small, "fmt", "--check").code == 0
    assert mezan("validate", cwd=small).code == 0


def test_the_packaged_graph_is_not_formatted_by_accident(mezan):
    done = mezan("fmt")
    assert done.code == 2
    assert "mezan.toml" in done.err


def test_a_broken_file_leaves_every_file_as_it_was(mezan, small):
    ugly = small / "data" / "organizations.ttl"
    before = ugly.read_text()
    (small / "data" / "z.ttl").write_text("@prefix : <http://example.org/> .\n:s :p .\n")
    done = mezan("fmt", cwd=small)
    assert done.code == 3
    assert "data/z.ttl:2:" in done.err
    assert ugly.read_text() == before


def test_a_symbolic_link_that_leaves_the_project_is_refused(mezan, small, tmp_path):
    (tmp_path / "outside.ttl").write_text(UGLY)
    (small / "data" / "link.ttl").symlink_to(tmp_path / "outside.ttl")
    for arguments in (("fmt",), ("fmt", "data"), ("fmt", "data/link.ttl")):
        done = mezan(*arguments, cwd=small)
        assert done.code == 3
        assert "symbolic link" in done.err
    assert (tmp_path / "outside.ttl").read_text() == UGLY


def test_standard_input_goes_to_standard_output(mezan):
    done = mezan("fmt", "-", stdin=UGLY)
    assert (done.code, done.out) == (0, PRETTY)
    assert mezan("fmt", "--check", "-", stdin=UGLY).code == 1
    assert mezan("fmt", "--check", "-", stdin=PRETTY).code == 0


def test_another_format_is_a_usage_error(mezan, tmp_path):
    (tmp_path / "file.nt").write_text("<x:s> <x:p> <x:o> .\n")
    done = mezan("fmt", "file.nt")
    assert done.code == 2
    assert "only Turtle and TriG" in done.err
