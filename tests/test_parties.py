"""Customers and stakeholders."""

import copy
import pickle
import re

import attrs
import pytest

from custfocus import (
    Customer,
    Form,
    Interest,
    OptionError,
    Relation,
    Stakeholder,
    VocabularyError,
)

TRAINEES = Customer(
    "trainees", "Trainees", relation="internal", form="entity", description="first year"
)
EMPLOYERS = Stakeholder(
    "employers", "Employers", interests=["influenced", "benefits indirectly"], description="local"
)


class TestCustomer:
    def test_is_external_and_an_individual_unless_told(self):
        patients = Customer("patients", "Patients")
        assert (patients.relation, patients.form) == (Relation.EXTERNAL, Form.INDIVIDUAL)
        assert (patients.id, patients.name, patients.description) == ("patients", "Patients", "")

    def test_keeps_what_it_is_told(self):
        assert attrs.astuple(TRAINEES) == (
            "trainees",
            "Trainees",
            Relation.INTERNAL,
            Form.ENTITY,
            "first year",
        )

    def test_takes_members_and_texts_alike(self):
        by_member = Customer(
            "trainees",
            "Trainees",
            relation=Relation.INTERNAL,
            form=Form.ENTITY,
            description="first year",
        )
        assert by_member == TRAINEES
        assert type(TRAINEES.relation) is Relation
        assert type(TRAINEES.form) is Form

    def test_an_unknown_relation_is_told_the_near_miss(self):
        with pytest.raises(OptionError, match=r"^unknown relation 'interal'; .* 'internal'"):
            Customer("a", "A", relation="interal")

    def test_an_unknown_form_is_told_the_near_miss(self):
        with pytest.raises(OptionError, match=r"^unknown form 'entitie'; did you mean 'entity'"):
            Customer("a", "A", form="entitie")

    def test_a_relation_is_not_a_form(self):
        with pytest.raises(OptionError, match=r"^unknown form 'internal'"):
            Customer("a", "A", form="internal")

    def test_options_have_no_place_only_a_name(self):
        with pytest.raises(TypeError, match="positional arguments"):
            Customer("a", "A", "internal")
        with pytest.raises(TypeError, match="positional arguments"):
            Stakeholder("a", "A", ["influences"])

    def test_prints_as_its_call(self):
        assert repr(TRAINEES) == (
            "Customer(id='trainees', name='Trainees', relation=<Relation.INTERNAL: 'internal'>, "
            "form=<Form.ENTITY: 'entity'>, description='first year')"
        )


class TestStakeholder:
    def test_has_no_interest_unless_told(self):
        assert attrs.astuple(Stakeholder("press", "Press")) == ("press", "Press", (), "")

    def test_keeps_its_interests_in_order(self):
        assert EMPLOYERS.interests == (Interest.INFLUENCED, Interest.BENEFITS_INDIRECTLY)
        assert EMPLOYERS.description == "local"

    def test_takes_members_and_texts_from_any_collection(self):
        mixed = Stakeholder("s", "S", interests=iter([Interest.INFLUENCES, "influenced"]))
        assert mixed.interests == (Interest.INFLUENCES, Interest.INFLUENCED)
        assert all(type(interest) is Interest for interest in mixed.interests)

    def test_an_unknown_interest_is_told_the_near_miss(self):
        with pytest.raises(
            OptionError, match=r"^unknown interest 'benefits indirectl'; did you me"
        ):
            Stakeholder("s", "S", interests=["influences", "benefits indirectl"])

    @pytest.mark.parametrize("lone", ["influences", "", Interest.INFLUENCES, None, 3], ids=repr)
    def test_a_lone_text_is_told_to_be_wrapped(self, lone):
        said = f"expected a collection, got {lone!r}; wrap it in []"
        with pytest.raises(VocabularyError, match=f"^{re.escape(said)}$"):
            Stakeholder("s", "S", interests=lone)

    def test_prints_as_its_call(self):
        assert repr(EMPLOYERS) == (
            "Stakeholder(id='employers', name='Employers', interests=(<Interest.INFLUENCED: "
            "'influenced'>, <Interest.BENEFITS_INDIRECTLY: 'benefits indirectly'>), "
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
            pickle.loads(pickle.dumps(party)),  # noqa: S301
        ):
            assert type(again) is type(party)
            assert again == party


def test_a_customer_never_equals_a_stakeholder():
    assert Customer("a", "A") != Stakeholder("a", "A")
