"""The enumerations: members, their texts, and what an unknown text gets."""

import pickle
import re

import pytest

from custfocus import Aspect, Form, Interest, OptionError, Relation, RequirementKind
from custfocus.errors import choose, unknown_option
from custfocus.vocabulary.terms import Term

WORDS = {
    Relation: ["internal", "external"],
    Form: ["individual", "entity"],
    Interest: ["influences", "influenced", "benefits indirectly"],
    RequirementKind: ["want", "key driver", "expectation"],
    Aspect: ["how much", "how well", "at what level"],
}


def test_every_enumeration_of_the_vocabulary_has_its_words_listed_here():
    assert set(Term.__subclasses__()) == set(WORDS)


@pytest.mark.parametrize(("term", "words"), WORDS.items())
def test_an_enumeration_has_the_words_of_the_definition_in_their_order(term, words):
    assert [member.value for member in term] == words


@pytest.mark.parametrize("member", [member for term in WORDS for member in term])
class TestMember:
    def test_is_found_by_its_text_and_by_itself(self, member):
        assert type(member)(member.value) is member
        assert type(member)(member) is member

    def test_is_its_text_where_texts_are_compared_and_printed(self, member):
        assert member == member.value
        assert f"{member}" == member.value
        assert {member.value: 1}[member] == 1

    def test_is_the_same_one_after_pickling(self, member):
        assert pickle.loads(pickle.dumps(member)) is member  # noqa: S301


@pytest.mark.parametrize(
    ("term", "text", "said"),
    [
        (Relation, "interal", "unknown relation 'interal'; did you mean 'internal'?"),
        (
            Relation,
            "External",
            "unknown relation 'External'; did you mean 'external', which differs by case?",
        ),
        (Form, "entities", "unknown form 'entities'; did you mean 'entity'?"),
        (Interest, "influence", "unknown interest 'influence'; did you mean 'influence"),
        (RequirementKind, "driver", "unknown requirement kind 'driver'; did you mean 'key driver'"),
        (Aspect, "how-well", "unknown aspect 'how-well'; did you mean 'how well'?"),
    ],
)
def test_a_near_miss_is_told_what_was_probably_meant(term, text, said):
    with pytest.raises(OptionError, match=f"^{re.escape(said)}"):
        term(text)


def test_a_near_miss_is_told_the_other_words_as_well():
    with pytest.raises(OptionError, match=r"\(also: want, expectation\)$"):
        RequirementKind("key drivr")


@pytest.mark.parametrize("term", WORDS)
@pytest.mark.parametrize("other", ["zzz", "", 7, None, 0.5])
def test_a_text_that_is_near_none_and_anything_else_is_told_all_the_words(term, other):
    said = f"{other!r}; choose from: {', '.join(WORDS[term])}"
    with pytest.raises(OptionError, match=f"{re.escape(said)}$"):
        term(other)


@pytest.mark.parametrize("name", ["INTERNAL", "internal ", "Internal"])
def test_case_and_spaces_matter(name):
    with pytest.raises(OptionError, match="unknown relation"):
        Relation(name)


def test_a_word_of_another_enumeration_is_unknown():
    with pytest.raises(
        OptionError, match=r"^unknown form 'internal'; choose from: individual, entity$"
    ):
        Form(Relation.INTERNAL)


def test_the_error_survives_pickling():
    with pytest.raises(OptionError) as caught:
        Relation("interal")
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301
    assert type(again) is OptionError
    assert str(again) == str(caught.value)


class TestUnknownOption:
    def test_a_near_miss_among_others_names_it_and_them(self):
        error = unknown_option("method", "wilsn", ["score", "wilson", "wald"])
        assert str(error) == "unknown method 'wilsn'; did you mean 'wilson'? (also: score, wald)"

    def test_a_near_miss_of_the_only_one_names_it_alone(self):
        error = unknown_option("method", "wilsn", iter(["wilson"]))
        assert str(error) == "unknown method 'wilsn'; did you mean 'wilson'?"

    def test_what_is_near_none_is_told_them_all(self):
        error = unknown_option("method", 7, ("score", "wilson"))
        assert str(error) == "unknown method 7; choose from: score, wilson"

    def test_where_there_is_none_it_says_so(self):
        assert (
            str(unknown_option("method", "wilsn", [])) == "unknown method 'wilsn'; there are none"
        )

    def test_a_text_of_another_class_is_shown_as_the_text(self):
        error = unknown_option("method", Relation.INTERNAL, ["score"])
        assert str(error) == "unknown method 'internal'; choose from: score"


class TestChoose:
    def test_finds_what_stands_under_a_name(self):
        assert choose("method", "wilson", {"score": 1, "wilson": 2}) == 2

    @pytest.mark.parametrize("name", ["wilsn", None, 2, ["wilson"], ("wilson",)])
    def test_refuses_every_other_name_hashable_or_not(self, name):
        with pytest.raises(OptionError, match=re.escape(f"unknown method {name!r}; ")):
            choose("method", name, {"score": 1, "wilson": 2})
