"""Ids, and fields that take an object or its id."""

import re

import pytest

from custfocus import (
    Activity,
    Customer,
    Need,
    PerformanceMeasure,
    Requirement,
    Service,
    Stakeholder,
    Statement,
    VocabularyError,
)
from custfocus.vocabulary.references import id_of, ids_of

CLINIC = Customer("patients", "Patients")
COUNCIL = Stakeholder("council", "City council")
CARE = Need("care", "patients", "care")
QUICK = Requirement("quick", "care", "a visit within a day")
OFFICE = Service("office", "Front office")

WITH_ID = {
    Activity: lambda key: Activity(key, "Greet"),
    Customer: lambda key: Customer(key, "Patients"),
    Need: lambda key: Need(key, "patients", "care"),
    PerformanceMeasure: lambda key: PerformanceMeasure(key, "quick", "Days to wait"),
    Requirement: lambda key: Requirement(key, "care", "a visit within a day"),
    Service: lambda key: Service(key, "Front office"),
    Stakeholder: lambda key: Stakeholder(key, "City council"),
    Statement: lambda key: Statement(key, "patients", "Too slow.", source="survey"),
}

TO_ONE = {
    "Need.customer": (lambda it: Need("x", it, "care").customer, CLINIC),
    "Requirement.need": (lambda it: Requirement("x", it, "quick").need, CARE),
    "Statement.customer": (lambda it: Statement("x", it, "Slow.", source="s").customer, CLINIC),
    "PerformanceMeasure.requirement": (
        lambda it: PerformanceMeasure("x", it, "Days").requirement,
        QUICK,
    ),
}
TO_MANY = {
    "Service.customers": (lambda them: Service("x", "X", customers=them).customers, CLINIC),
    "Service.stakeholders": (
        lambda them: Service("x", "X", stakeholders=them).stakeholders,
        COUNCIL,
    ),
    "Statement.supports (need)": (
        lambda them: Statement("x", "c", "Slow.", source="s", supports=them).supports,
        CARE,
    ),
    "Statement.supports (requirement)": (
        lambda them: Statement("x", "c", "Slow.", source="s", supports=them).supports,
        QUICK,
    ),
}

one_reference = pytest.mark.parametrize(("kept", "thing"), TO_ONE.values(), ids=TO_ONE)
many_references = pytest.mark.parametrize(("kept", "thing"), TO_MANY.values(), ids=TO_MANY)
every_class = pytest.mark.parametrize(("kind", "make"), WITH_ID.items())


@every_class
class TestId:
    @pytest.mark.parametrize("key", ["a", "two words", "é", "1", "a.b/c"])
    def test_any_text_without_spaces_around_it_is_kept(self, kind, make, key):
        assert type(make(key)) is kind
        assert make(key).id == key

    @pytest.mark.parametrize("key", ["", " ", "a ", " a", "a\n", "\ta", 3, None, b"a", ("a",)])
    def test_anything_else_is_refused_with_the_class_and_the_value(self, kind, make, key):
        said = f"{kind.__name__}.id must be a text without spaces around it, got {key!r}"
        with pytest.raises(VocabularyError, match=f"^{re.escape(said)}$"):
            make(key)


@one_reference
class TestReferenceToOne:
    def test_an_object_and_its_id_are_the_same_and_the_id_is_kept(self, kept, thing):
        assert kept(thing) == kept(thing.id) == thing.id

    @pytest.mark.parametrize("other", [None, 3, OFFICE, ["patients"]], ids=repr)
    def test_another_object_is_refused_with_what_was_expected(self, kept, thing, other):
        said = f"expected a {type(thing).__name__} or an id, got {other!r}"
        with pytest.raises(VocabularyError, match=f"^{re.escape(said)}$"):
            kept(other)

    def test_a_class_is_not_an_object(self, kept, thing):
        with pytest.raises(VocabularyError, match="or an id, got <class"):
            kept(type(thing))


@many_references
class TestReferenceToMany:
    def test_objects_and_ids_mix_keep_their_order_and_come_out_as_ids(self, kept, thing):
        assert kept([thing, "z", "a"]) == (thing.id, "z", "a")
        assert kept(["z", thing]) == ("z", thing.id)

    def test_any_collection_will_do_an_empty_one_too(self, kept, thing):
        assert kept([]) == ()
        assert kept(iter([thing, "z"])) == kept((thing, "z")) == (thing.id, "z")
        assert kept({thing.id: 0}) == (thing.id,)

    def test_a_lone_text_is_not_a_collection_of_its_letters(self, kept, thing):
        for text in (thing.id, "a", ""):
            said = f"expected a collection of ids, got the text {text!r}; wrap it in []"
            with pytest.raises(VocabularyError, match=f"^{re.escape(said)}$"):
                kept(text)

    @pytest.mark.parametrize("other", [None, 3, OFFICE, ("patients",)], ids=repr)
    def test_another_object_among_them_is_refused_with_what_was_expected(self, kept, thing, other):
        with pytest.raises(VocabularyError, match=re.escape(f" or an id, got {other!r}")) as caught:
            kept(["z", other])
        assert f"a {type(thing).__name__}" in str(caught.value)

    @pytest.mark.xfail(raises=TypeError, reason="iterated over before anybody looks at it")
    def test_a_lone_object_is_refused_as_a_lone_text_is(self, kept, thing):
        with pytest.raises(VocabularyError, match="expected a collection"):
            kept(thing)


def test_a_reference_to_two_kinds_says_both():
    with pytest.raises(
        VocabularyError, match=r"^expected a Need or a Requirement or an id, got 3$"
    ):
        Statement("x", "patients", "Slow.", source="survey", supports=[3])


def test_the_id_of_an_object_of_any_of_the_kinds_is_taken():
    assert id_of(CARE, Need, Requirement) == "care"
    assert id_of(QUICK, Need, Requirement) == "quick"
    assert ids_of([QUICK, CARE, "x"], Need, Requirement) == ("quick", "care", "x")
