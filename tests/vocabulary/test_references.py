"""Ids, and fields that take an object or its id."""

import re

import attrs
import pytest

from custfocus.errors import VocabularyError
from custfocus.responses import Scale, Scoring
from custfocus.vocabulary import (
    Activity,
    Customer,
    CustomerFocus,
    Need,
    PerformanceMeasure,
    Requirement,
    Service,
    Stakeholder,
    Statement,
)
from custfocus.vocabulary.references import id_of, ids_of, objects_of

CLINIC = Customer("patients", "Patients")
COUNCIL = Stakeholder("council", "City council")
CARE = Need("care", "patients", "care")
QUICK = Requirement("quick", "care", "a visit within a day")
OFFICE = Service("office", "Front office")
GREET = Activity("greet", "Greet")

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

OTHERS = [
    (None, "None"),
    (3, "3"),
    (OFFICE, "the Service 'office'"),
    (GREET, "the Activity 'greet'"),
    (["patients"], "['patients']"),
    (b"patients", "b'patients'"),
]

# every name and sentence: its field, and a maker of its owner
TEXTS = {
    "Activity.name": lambda text: Activity("x", text),
    "Customer.name": lambda text: Customer("x", text),
    "CustomerFocus.name": lambda text: CustomerFocus(text),  # noqa: PLW0108
    "Need.text": lambda text: Need("x", "c", text),
    "PerformanceMeasure.item": lambda text: PerformanceMeasure(
        "x", "r", "X", item=text, scoring=Scoring.top_box(Scale.likert(5))
    ),
    "PerformanceMeasure.name": lambda text: PerformanceMeasure("x", "r", text),
    "Requirement.text": lambda text: Requirement("x", "n", text),
    "Service.name": lambda text: Service("x", text),
    "Stakeholder.name": lambda text: Stakeholder("x", text),
    "Statement.source": lambda text: Statement("x", "c", "Slow.", source=text),
    "Statement.text": lambda text: Statement("x", "c", text, source="survey"),
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


@pytest.mark.parametrize(("field", "make"), TEXTS.items(), ids=TEXTS)
class TestText:
    @pytest.mark.parametrize("text", ["", " ", "\n\t", 3, b"a", ["a"], True], ids=repr)
    def test_must_say_something(self, field, make, text):
        said = f"{field} must be a text that says something, got {text!r}"
        with pytest.raises(VocabularyError, match=f"^{re.escape(said)}$"):
            make(text)

    @pytest.mark.parametrize("text", ["a", " spaced ", "two\nlines", "é", "0"])
    def test_is_kept_as_it_is(self, field, make, text):
        assert getattr(make(text), field.partition(".")[2]) == text


@pytest.mark.parametrize("field", [field for field in TEXTS if not field.endswith(".item")])
def test_every_text_but_the_item_is_needed(field):
    said = f"^{field} must be a text that says something, got None$"
    with pytest.raises(VocabularyError, match=said):
        TEXTS[field](None)


@one_reference
class TestReferenceToOne:
    def test_an_object_and_its_id_are_the_same_and_the_id_is_kept(self, kept, thing):
        assert kept(thing) == kept(thing.id) == thing.id

    @pytest.mark.parametrize(("other", "shown"), OTHERS)
    def test_another_object_is_refused_with_what_was_expected(self, kept, thing, other, shown):
        said = f"expected a {type(thing).__name__} or an id, got {shown}"
        with pytest.raises(VocabularyError, match=f"^{re.escape(said)}$"):
            kept(other)

    def test_an_object_of_a_subclass_will_do(self, kept, thing):
        kind = attrs.frozen(type("Special", (type(thing),), {}))
        assert kept(kind(**attrs.asdict(thing))) == thing.id

    @pytest.mark.parametrize("other", [GREET, OFFICE], ids=["activity", "service"])
    def test_a_class_that_does_not_fit_is_refused(self, kept, thing, other):
        with pytest.raises(VocabularyError, match=f"^expected a {type(thing).__name__} or an id"):
            kept(type(other))

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

    def test_a_single_text_is_not_a_collection_of_its_letters(self, kept, thing):
        for text in (thing.id, "a", ""):
            said = f"expected a collection, got {text!r}; wrap it in []"
            with pytest.raises(VocabularyError, match=f"^{re.escape(said)}$"):
                kept(text)

    @pytest.mark.parametrize(("other", "shown"), OTHERS)
    def test_another_object_among_them_is_refused_with_what_was_expected(
        self, kept, thing, other, shown
    ):
        said = re.escape(f" or an id, got {shown}")
        with pytest.raises(VocabularyError, match=f"^expected a .*{said}$") as caught:
            kept(["z", other])
        assert f"a {type(thing).__name__}" in str(caught.value)

    def test_a_single_object_is_refused_as_a_single_text_is(self, kept, thing):
        said = f"expected a collection, got the {type(thing).__name__} {thing.id!r}; wrap it in []"
        with pytest.raises(VocabularyError, match=f"^{re.escape(said)}$"):
            kept(thing)

    @pytest.mark.parametrize("other", [None, 3, 0.5, True], ids=repr)
    def test_what_is_no_collection_is_refused(self, kept, thing, other):
        with pytest.raises(VocabularyError, match=f"^expected a collection, got {other!r}; "):
            kept(other)
        assert kept([thing]) == (thing.id,)

    def test_a_doubled_reference_is_refused_by_object_and_by_id(self, kept, thing):
        said = f"expected every reference once, got [{thing.id!r}] more than once"
        for them in (
            [thing, thing],
            [thing.id, thing],
            [thing.id, "z", thing.id],
            iter([thing] * 3),
        ):
            with pytest.raises(VocabularyError, match=f"^{re.escape(said)}$"):
                kept(them)

    def test_all_doubled_references_are_named_in_their_order(self, kept, thing):
        said = f"expected every reference once, got ['z', {thing.id!r}] more than once"
        with pytest.raises(VocabularyError, match=f"^{re.escape(said)}$"):
            kept(["z", thing, "a", thing, "z"])

    def test_objects_of_a_subclass_will_do(self, kept, thing):
        kind = attrs.frozen(type("Special", (type(thing),), {}))
        assert kept(["z", kind(**attrs.asdict(thing))]) == ("z", thing.id)


def test_a_reference_to_two_kinds_says_both():
    with pytest.raises(
        VocabularyError, match=r"^expected a Need or a Requirement or an id, got 3$"
    ):
        Statement("x", "patients", "Slow.", source="survey", supports=[3])


def test_the_id_of_an_object_of_any_of_the_kinds_is_taken():
    assert id_of(CARE, Need, Requirement) == "care"
    assert id_of(QUICK, Need, Requirement) == "quick"
    assert ids_of([QUICK, CARE, "x"], Need, Requirement) == ("quick", "care", "x")


class TestObjects:
    def test_keep_their_order_and_come_out_themselves(self):
        again = Need("again", "patients", "care")
        assert objects_of(iter([again, CARE]), Need) == (again, CARE)
        assert objects_of([], Need) == ()

    def test_may_be_equal_since_ids_are_compared_later(self):
        assert objects_of([CARE, CARE], Need) == (CARE, CARE)

    @pytest.mark.parametrize(("other", "shown"), [*OTHERS, ("care", "'care'")])
    def test_of_another_kind_are_refused(self, other, shown):
        said = f"expected a Need object, got {shown}"
        with pytest.raises(VocabularyError, match=f"^{re.escape(said)}$"):
            objects_of([CARE, other], Need)
