"""Customers and stakeholders."""

import copy
import pickle
import re

import attrs
import pytest

from custfocus.errors import VocabularyError
from custfocus.vocabulary import Customer, Stakeholder

TRAINEES = Customer(
    "trainees", "Trainees", relation="internal", form="entity", description="first year"
)
EMPLOYERS = Stakeholder(
    "employers", "Employers", interests=["influenced", "benefits indirectly"], description="local"
)


class TestCustomer:
    def test_is_external_and_an_individual_by_default(self):
        patients = Customer("patients", "Patients")
        assert (patients.relation, patients.form) == ("external", "individual")
        assert (patients.id, patients.name, patients.description) == ("patients", "Patients", "")

    def test_keeps_what_it_is_given(self):
        assert attrs.astuple(TRAINEES) == (
            "trainees",
            "Trainees",
            "internal",
            "entity",
            "first year",
        )

    def test_options_have_no_place_only_a_name(self):
        with pytest.raises(TypeError, match="positional arguments"):
            Customer("a", "A", "internal")
        with pytest.raises(TypeError, match="positional arguments"):
            Stakeholder("a", "A", ["influences"])

    def test_prints_as_its_call(self):
        assert repr(TRAINEES) == (
            "Customer(id='trainees', name='Trainees', relation='internal', "
            "form='entity', description='first year')"
        )


class TestStakeholder:
    def test_has_no_interest_by_default(self):
        assert attrs.astuple(Stakeholder("press", "Press")) == ("press", "Press", (), "")

    def test_keeps_its_interests_in_order(self):
        assert EMPLOYERS.interests == ("influenced", "benefits indirectly")
        assert EMPLOYERS.description == "local"

    def test_takes_interests_from_any_collection(self):
        two = Stakeholder("s", "S", interests=iter(["influences", "influenced"]))
        assert two.interests == ("influences", "influenced")

    @pytest.mark.parametrize("single", ["influences", "", None, 3], ids=repr)
    def test_a_single_text_has_to_be_wrapped(self, single):
        said = f"expected a collection, got {single!r}; wrap it in []"
        with pytest.raises(VocabularyError, match=f"^{re.escape(said)}$"):
            Stakeholder("s", "S", interests=single)

    def test_prints_as_its_call(self):
        assert repr(EMPLOYERS) == (
            "Stakeholder(id='employers', name='Employers', interests=('influenced', "
            "'benefits indirectly'), "
            "description='local')"
        )


@pytest.mark.parametrize("party", [TRAINEES, EMPLOYERS], ids=["customer", "stakeholder"])
class TestAsAValue:
    def test_fields_cannot_be_assigned_or_deleted(self, party):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            party.name = "other"
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            del party.name
        with pytest.raises((attrs.exceptions.FrozenInstanceError, AttributeError)):
            party.colour = "red"

    def test_equals_one_with_the_same_fields_and_hashes_alike(self, party):
        again = attrs.evolve(party)
        assert again is not party
        assert again == party
        assert hash(again) == hash(party)
        assert len({again, party}) == 1

    @pytest.mark.parametrize("field", ["id", "name", "description"])
    def test_differs_if_any_field_differs(self, party, field):
        assert attrs.evolve(party, **{field: "other"}) != party

    def test_copies_and_pickles_to_an_equal_one(self, party):
        for again in (
            copy.copy(party),
            copy.deepcopy(party),
            pickle.loads(pickle.dumps(party)),
        ):
            assert type(again) is type(party)
            assert again == party


def test_a_customer_never_equals_a_stakeholder():
    assert Customer("a", "A") != Stakeholder("a", "A")
