"""The canonical layout of Turtle, by example; tests/turtle holds what is true of any document."""

from __future__ import annotations

from textwrap import dedent

import pytest

from mezan_graph.errors import MezanError, ParseError, SourceError, UsageError
from mezan_graph.formatting import format_files, format_turtle

PREFIX = "@prefix : <http://example.org/> .\n\n"


def formatted(text: str, name: str = "file.ttl") -> str:
    """The layout of statements that need the prefix ``:`` alone, without it."""
    result = format_turtle(PREFIX + dedent(text), name=name)
    assert result.startswith(PREFIX)
    return result.removeprefix(PREFIX).lstrip("\n")


def layout(text: str) -> str:
    return dedent(text).lstrip("\n")


def test_one_predicate_a_line_and_a_first():
    assert formatted(":s :p 1;:q 2,3;a :T;;.") == layout("""
        :s
            a :T ;
            :p 1 ;
            :q 2 , 3 .
        """)


@pytest.mark.parametrize(
    "term", ["rdf:type", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", "a"]
)
def test_every_way_to_write_a_comes_first(term):
    prefix = "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
    result = format_turtle(f"{prefix}<x:s> <x:p> 1 ; {term} <x:T> .", name="file.ttl")
    assert result.splitlines()[3] == f"    {term} <x:T> ;"


def test_other_predicates_stay_in_the_order_of_their_writer():
    assert formatted(":s :z 1 ; :b 2 ; :name 3 .") == layout("""
        :s
            :z 1 ;
            :b 2 ;
            :name 3 .
        """)


def test_terms_stay_as_written():
    terms = """'single' , "\\u0041" , \"""long "text\"\"" , 007 , 1.50 , "1"^^:d , :a\\,b , <#x>"""
    assert formatted(f":s :p {terms} .") == f":s :p {terms} .\n"


def test_a_literal_is_joined_with_its_datatype_and_its_comments_go_after_it():
    assert formatted(':s :p "x" # one\n ^^ # two\n :d ; :q 1 .') == layout("""
        :s
            :p "x"^^:d ;
            # one
            # two
            :q 1 .
        """)


def test_comments_keep_their_side_of_the_code():
    text = """
        # above
        :s    # subject
            # own line
            :p :o ,             # kept in its column
                :o2 ;           # here too
                                # and this goes on
            # before the dot
            :q 1 .    # after

        # below
        """
    assert formatted(text) == layout(text)


def test_a_comment_too_close_moves_away_and_a_separator_comes_before_it():
    assert formatted(":s :p 1 # one\n ; :q 2 # two\n .#three\n#four\n") == layout("""
        :s
            :p 1 ;    # one
            :q 2 .    # two

        #three
        #four
        """)


def test_a_predicate_commented_out_before_the_dot_stays_where_it_is():
    text = """
        :s
            :p 1 ;
            # :q 2 ;
            .
        """
    assert formatted(text) == layout(text)


def test_objects_stay_on_one_line_or_broken_as_they_were():
    text = """
        :s
            :p :a , :b , :c ;
            :q :a ,
                :b , :c ;
            :r
                "one"@en ,
                "two"@en .
        """
    assert formatted(text) == layout(text)


def test_objects_that_do_not_fit_get_a_line_each():
    result = formatted(f":s :p {' , '.join(f':object-with-a-long-name-{n}' for n in range(5))} .")
    assert result.splitlines()[:3] == [
        ":s",
        "    :p",
        "        :object-with-a-long-name-0 ,",
    ]


def test_an_object_alone_goes_back_to_its_predicate_where_it_fits():
    assert formatted(":s :p\n   :o ; :q 1 .") == ":s\n    :p :o ;\n    :q 1 .\n"


def test_brackets_stay_on_one_line_or_broken_as_they_were():
    text = """
        :s
            :p [ :q 1 ; :r 2 ] , [] ;
            :p [
                a :T ;
                :q ( 1 2 3 )
            ] , [
                :r ()
            ] ;
            :list (
                1 2 3
                [ :q 4 ]
            ) ;
            :path [ :alternative (
                :one
                :two
            ) ] .
        """
    assert formatted(text) == layout(text)


def test_brackets_that_do_not_fit_are_broken():
    words = " ".join(f'"word {n}"' for n in range(20))
    lines = formatted(f":s :p ( {words} ) .").splitlines()
    assert lines[0] == ":s"
    assert lines[1] == "    :p ("
    assert all(len(line) <= 100 for line in lines)
    assert lines[-1] == "    ) ."


def test_a_bracket_as_subject():
    text = """
        [ :p 1 ] :q 2 .
        [ :p 1 ] .

        [
            a :T ;
            :p 1
        ]
            :q 2 .
        """
    assert formatted(text) == layout(text)


def test_short_statements_may_stand_close_and_long_ones_may_not():
    assert formatted(":a :p 1 .\n:b :p 2 .\n:c :p 3 ; :q 4 .\n:d :p 5 .") == layout("""
        :a :p 1 .
        :b :p 2 .

        :c
            :p 3 ;
            :q 4 .

        :d :p 5 .
        """)


def test_at_most_two_blank_lines_stay():
    assert formatted(":a :p 1 .\n\n\n\n\n# section\n\n\n\n:b :p 2 .\n\n\n") == layout("""
        :a :p 1 .


        # section


        :b :p 2 .
        """)


def test_prefixes_are_sorted_and_aligned_in_their_groups():
    text = dedent("""
        # Header

        @prefix schema: <https://schema.org/> . # s
        @prefix : <http://example.org/> .
        # Another group
        PREFIX zz: <z:>
        PREFIX b: <b:>
        @base <http://example.org/> .
        @prefix x: <x:1> .
        @prefix x: <x:2> .
        @prefix a: <a:> .
        <s> :p x:o .
        """)
    assert format_turtle(text, name="file.ttl") == layout("""
        # Header

        @prefix :       <http://example.org/> .
        @prefix schema: <https://schema.org/> .    # s
        # Another group
        PREFIX b:  <b:>
        PREFIX zz: <z:>
        @base <http://example.org/> .
        @prefix x: <x:1> .
        @prefix x: <x:2> .
        @prefix a: <a:> .

        <s> :p x:o .
        """)


def test_graphs_of_trig():
    text = "# g\nGRAPH :g{:s :p 1}\n{ # default\n:s :p 1;:q 2. # end\n # last\n}\n:h {}\n"
    assert formatted(text, "file.trig") == layout("""
        # g
        GRAPH :g {
            :s :p 1 .
        }

        {    # default
            :s
                :p 1 ;
                :q 2 .    # end
            # last
        }

        :h {}
        """)


def test_line_ends_are_those_of_the_first_line_and_strings_are_untouched():
    text = '<x:s> <x:p> """a\nb\r\nc""" ;\r\n <x:q> 1 .'
    assert format_turtle(text, name="f.ttl") == (
        '<x:s>\r\n    <x:p> """a\nb\r\nc""" ;\r\n    <x:q> 1 .\r\n'
    )


def test_a_language_that_reads_like_a_directive():
    assert formatted(':s :p "x"@base , "y"@prefix .') == ':s :p "x"@base , "y"@prefix .\n'


@pytest.mark.parametrize(
    ("text", "kind"),
    [(":s :p .", ParseError), ("", SourceError), ("<x:s> <x:p> 1 . {}", ParseError)],
)
def test_what_cannot_be_read_is_refused(text, kind):
    with pytest.raises(kind, match=r"file\.ttl"):
        format_turtle(text, name="file.ttl")


def test_the_formatter_checks_its_own_result(monkeypatch):
    monkeypatch.setattr("mezan_graph.turtle.layout.Layout.begin", lambda *_, **__: None)
    with pytest.raises(MezanError, match="would change the content"):
        format_turtle("# comment\n<x:s> <x:p> 1 .", name="file.ttl")


def test_the_files_of_the_project_are_formatted(project):
    files = format_files(project)
    assert len(files) > 15
    assert [each.name for each in files if each.changes] == []


def test_files_and_folders(project, tmp_path):
    (tmp_path / "folder" / ".hidden").mkdir(parents=True)
    for name in ("a.ttl", "folder/b.TTL", "folder/c.nt", "folder/.hidden/d.ttl"):
        (tmp_path / name).write_text("<x:s> <x:p> 1.")
    found = format_files(project, [tmp_path / "a.ttl", tmp_path / "folder", tmp_path / "a.ttl"])
    assert [each.path.name for each in found] == ["a.ttl", "b.TTL"]
    assert all(each.changes for each in found)
    assert found[0].diff().splitlines()[2:] == [
        "@@ -1 +1,2 @@",
        "-<x:s> <x:p> 1.",
        "+<x:s> <x:p> 1 .",
        "+",
    ]


def test_what_is_not_formatted(project, tmp_path):
    (tmp_path / "file.nt").write_text("<x:s> <x:p> <x:o> .")
    with pytest.raises(UsageError, match="only Turtle and TriG"):
        format_files(project, [tmp_path / "file.nt"])
    with pytest.raises(UsageError, match="no such file"):
        format_files(project, [tmp_path / "nothing.ttl"])


def test_a_symbolic_link_that_leaves_its_folder_is_refused(project, tmp_path):
    (tmp_path / "outside.ttl").write_text("<x:s> <x:p> 1.")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "link.ttl").symlink_to(tmp_path / "outside.ttl")
    with pytest.raises(SourceError, match="symbolic link"):
        format_files(project, [tmp_path / "folder"])
