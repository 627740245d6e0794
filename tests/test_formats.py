"""The table of formats: each name, suffix and media type once."""

from __future__ import annotations

from pathlib import PurePath

import pyoxigraph as ox
import pytest
import rdflib

from mezan_graph.errors import SourceError, UsageError
from mezan_graph.formats import FORMATS, SUFFIXES, RdfFormat, format_of, named_format

every_format = pytest.mark.parametrize("rdf_format", FORMATS.values(), ids=FORMATS)


def test_the_names_are_those_of_the_conventions():
    assert list(FORMATS) == ["turtle", "trig", "ntriples", "nquads", "jsonld", "rdfxml"]


@every_format
def test_the_media_type_is_the_registered_one(rdf_format: RdfFormat):
    assert ox.RdfFormat.from_media_type(rdf_format.media_type) == rdf_format.oxigraph


@every_format
def test_the_engines_agree_on_what_carries_named_graphs(rdf_format: RdfFormat):
    assert rdf_format.oxigraph.supports_datasets == rdf_format.datasets


@every_format
def test_rdflib_knows_its_name_of_the_format(rdf_format: RdfFormat):
    assert rdflib.plugin.get(rdf_format.rdflib, rdflib.parser.Parser)


@every_format
def test_the_suffix_for_writing_is_read_as_the_same_format(rdf_format: RdfFormat):
    assert format_of(PurePath(f"x{rdf_format.suffix}")) is rdf_format


def test_no_suffix_stands_for_two_formats():
    assert len(SUFFIXES) == sum(len(each.suffixes) for each in FORMATS.values())


def test_suffixes_are_read_in_any_case():
    assert format_of(PurePath("data/X.TTL")).name == "turtle"


def test_an_unknown_name_is_a_usage_error_that_lists_the_known():
    with pytest.raises(UsageError) as caught:
        named_format("ttl")
    assert str(caught.value) == (
        "unknown RDF format 'ttl'\n  hint: one of turtle, trig, ntriples, nquads, jsonld, rdfxml"
    )


def test_an_unknown_suffix_is_a_source_error_that_names_the_file():
    with pytest.raises(SourceError) as caught:
        format_of(PurePath("data/x.txt"))
    assert str(caught.value) == (
        "data/x.txt: the file's suffix is not one of an RDF format\n"
        "  hint: one of .ttl .trig .nt .nq .jsonld .json .rdf .xml .owl"
    )
