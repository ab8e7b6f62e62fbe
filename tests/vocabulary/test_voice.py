"""Statements, needs and requirements."""

import copy
import pickle

import attrs
import pytest

from custfocus.errors import VocabularyError
from custfocus.vocabulary import Customer, Need, Requirement, Statement

PATIENTS = Customer("patients", "Patients")
CARE = Need("care", PATIENTS, "care close to home", spoken=False)
QUICK = Requirement("quick", CARE, "a visit within a day", kind="key driver", spoken=False)
SLOW = Statement("slow", PATIENTS, "I waited all day.", source="complaint", supports=[CARE, QUICK])


class TestNeed:
    def test_is_spoken_by_default(self):
        assert attrs.astuple(Need("care", "patients", "care")) == ("care", "patients", "care", True)

    def test_may_be_unspoken(self):
        assert CARE.spoken is False

    def test_spoken_has_no_place_only_a_name(self):
        with pytest.raises(TypeError, match="positional arguments"):
            Need("care", "patients", "care", False)  # noqa: FBT003

    @pytest.mark.parametrize("spoken", ["no", "", 0, 1, None], ids=repr)
    def test_is_spoken_or_not_and_nothing_else(self, spoken):
        said = f"^Need.spoken must be True or False, got {spoken!r}$"
        with pytest.raises(VocabularyError, match=said):
            Need("care", "patients", "care", spoken=spoken)

    def test_prints_as_its_call(self):
        assert repr(CARE) == (
            "Need(id='care', customer='patients', text='care close to home', spoken=False)"
        )


class TestRequirement:
    def test_is_a_spoken_expectation_by_default(self):
        plain = Requirement("quick", "care", "a visit")
        assert (plain.kind, plain.spoken) == ("expectation", True)
        assert (plain.id, plain.need, plain.text) == ("quick", "care", "a visit")

    def test_may_be_unspoken(self):
        assert QUICK.spoken is False

    def test_belongs_to_a_need_not_to_a_customer(self):
        said = "^expected a Need or an id, got the Customer 'patients'$"
        with pytest.raises(VocabularyError, match=said):
            Requirement("quick", PATIENTS, "a visit")

    @pytest.mark.parametrize("spoken", ["no", 0, None], ids=repr)
    def test_is_spoken_or_not_and_nothing_else(self, spoken):
        said = f"^Requirement.spoken must be True or False, got {spoken!r}$"
        with pytest.raises(VocabularyError, match=said):
            Requirement("quick", "care", "a visit", spoken=spoken)

    def test_prints_as_its_call(self):
        assert repr(QUICK) == (
            "Requirement(id='quick', need='care', text='a visit within a day', "
            "kind='key driver', spoken=False)"
        )


class TestStatement:
    def test_supports_nothing_by_default(self):
        said = Statement("slow", "patients", "I waited.", source="complaint")
        assert attrs.astuple(said) == ("slow", "patients", "I waited.", "complaint", ())

    def test_keeps_the_ids_of_needs_and_requirements_that_it_supports(self):
        assert SLOW.supports == ("care", "quick")

    def test_must_say_where_it_was_said(self):
        with pytest.raises(TypeError, match="source"):
            Statement("slow", "patients", "I waited.")

    def test_does_not_support_a_customer(self):
        said = "^expected a Need or a Requirement or an id, got the Customer 'patients'$"
        with pytest.raises(VocabularyError, match=said):
            Statement("slow", PATIENTS, "I waited.", source="survey", supports=[PATIENTS])

    def test_prints_as_its_call(self):
        assert repr(SLOW) == (
            "Statement(id='slow', customer='patients', text='I waited all day.', "
            "source='complaint', supports=('care', 'quick'))"
        )


@pytest.mark.parametrize("thing", [CARE, QUICK, SLOW], ids=["need", "requirement", "statement"])
class TestAsAValue:
    def test_fields_cannot_be_assigned(self, thing):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            thing.text = "other"

    def test_equals_one_with_the_same_fields_and_hashes_alike(self, thing):
        again = attrs.evolve(thing)
        assert again == thing
        assert hash(again) == hash(thing)

    def test_differs_if_the_id_or_the_text_differs(self, thing):
        assert attrs.evolve(thing, id="other") != thing
        assert attrs.evolve(thing, text="other") != thing

    def test_copies_and_pickles_to_an_equal_one(self, thing):
        for again in (
            copy.copy(thing),
            copy.deepcopy(thing),
            pickle.loads(pickle.dumps(thing)),
        ):
            assert type(again) is type(thing)
            assert again == thing


def test_spoken_and_unspoken_wishes_differ():
    for wish in (CARE, QUICK):
        assert attrs.evolve(wish, spoken=True) != wish
