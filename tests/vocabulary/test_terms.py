"""The texts that fields take, and what any other text gets."""

import re
from typing import get_args

import numpy as np
import pytest

from custfocus.errors import OptionError, choose, unknown_option
from custfocus.vocabulary import (
    Aspect,
    Customer,
    Form,
    Interest,
    PerformanceMeasure,
    Relation,
    Requirement,
    RequirementKind,
    Stakeholder,
)

WORDS = {
    Relation: ["internal", "external"],
    Form: ["individual", "entity"],
    Interest: ["influences", "influenced", "benefits indirectly"],
    RequirementKind: ["want", "key driver", "expectation"],
    Aspect: ["how much", "how well", "at what level"],
}
FIELDS = {
    "Customer.relation": (lambda text: Customer("a", "A", relation=text).relation, Relation),
    "Customer.form": (lambda text: Customer("a", "A", form=text).form, Form),
    "Stakeholder.interests": (
        lambda text: Stakeholder("a", "A", interests=["influenced", text]).interests[1],
        Interest,
    ),
    "Requirement.kind": (lambda text: Requirement("a", "n", "A", kind=text).kind, RequirementKind),
    "PerformanceMeasure.aspect": (
        lambda text: PerformanceMeasure("a", "r", "A", aspect=text).aspect,
        Aspect,
    ),
}
field = pytest.mark.parametrize(
    ("name", "kept", "term"), [(name, *rest) for name, rest in FIELDS.items()], ids=list(FIELDS)
)


@pytest.mark.parametrize(("term", "words"), WORDS.items(), ids=list(map(str, WORDS)))
def test_a_term_has_the_words_of_the_definition_in_their_order(term, words):
    assert list(get_args(term)) == words


@field
def test_a_field_takes_every_word_of_its_term(name, kept, term):  # noqa: ARG001
    for word in WORDS[term]:
        assert kept(word) == word


@field
@pytest.mark.parametrize("other", ["zzz", "", 7, None, 0.5, True, ["zzz"]])
def test_any_other_value_gets_all_the_words(name, kept, term, other):
    said = f"unknown {name} {other!r}; choose from: {', '.join(WORDS[term])}"
    with pytest.raises(OptionError, match=f"^{re.escape(said)}$"):
        kept(other)


@field
def test_an_array_of_a_word_is_no_word(name, kept, term):
    with pytest.raises(OptionError, match=f"^unknown {name} "):
        kept(np.array([WORDS[term][0]]))


@pytest.mark.parametrize(
    ("name", "text", "near"),
    [
        ("Customer.relation", "interal", "internal"),
        ("Customer.relation", "External", "external"),
        ("Customer.relation", "internal ", "internal"),
        ("Customer.form", "entities", "entity"),
        ("Stakeholder.interests", "benefits indirectl", "benefits indirectly"),
        ("Requirement.kind", "driver", "key driver"),
        ("PerformanceMeasure.aspect", "how-well", "how well"),
    ],
)
def test_a_near_miss_gets_what_was_probably_meant(name, text, near):
    said = f"unknown {name} {text!r}; did you mean {near!r}"
    with pytest.raises(OptionError, match=f"^{re.escape(said)}"):
        FIELDS[name][0](text)


def test_the_word_of_another_term_is_unknown():
    said = r"^unknown Customer.form 'internal'; choose from: individual, entity$"
    with pytest.raises(OptionError, match=said):
        Customer("a", "A", form="internal")


class TestUnknownOption:
    def test_a_near_miss_among_others_names_it_and_them(self):
        error = unknown_option("method", "wilsn", ["score", "wilson", "wald"])
        assert str(error) == "unknown method 'wilsn'; did you mean 'wilson'? (also: score, wald)"

    def test_a_near_miss_of_the_only_one_names_it_alone(self):
        error = unknown_option("method", "wilsn", iter(["wilson"]))
        assert str(error) == "unknown method 'wilsn'; did you mean 'wilson'?"

    def test_what_is_near_none_gets_them_all(self):
        error = unknown_option("method", 7, ("score", "wilson"))
        assert str(error) == "unknown method 7; choose from: score, wilson"

    def test_where_there_is_none_it_says_so(self):
        assert (
            str(unknown_option("method", "wilsn", [])) == "unknown method 'wilsn'; there are none"
        )

    def test_a_text_of_another_class_is_shown_as_the_text(self):
        error = unknown_option("method", np.str_("t"), ["score"])
        assert str(error) == "unknown method 't'; choose from: score"


class TestChoose:
    def test_finds_what_stands_under_a_name(self):
        assert choose("method", "wilson", {"score": 1, "wilson": 2}) == 2

    @pytest.mark.parametrize("name", ["wilsn", None, 2, ["wilson"], ("wilson",)])
    def test_refuses_every_other_name_hashable_or_not(self, name):
        with pytest.raises(OptionError, match=re.escape(f"unknown method {name!r}; ")):
            choose("method", name, {"score": 1, "wilson": 2})
