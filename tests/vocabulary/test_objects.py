"""The objects of the vocabulary: what their fields take and refuse, and objects as values."""

import copy
import datetime as dt
import pickle

import attrs
import numpy as np
import pytest

import custfocus
from custfocus.errors import OptionError, choose, unknown_option
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
    Target,
)
from vocabulary.clinic import (
    CARE,
    CLINIC,
    COUNCIL,
    GREET,
    OFFICE,
    PATIENTS,
    QUICK,
    SEEN,
    SLOW,
    SOON,
    WAIT,
    refused,
)

WITH_ID = [PATIENTS, COUNCIL, GREET, OFFICE, CARE, QUICK, SLOW, SEEN]
TEXTS = [
    (PATIENTS, "name"), (COUNCIL, "name"), (GREET, "name"), (OFFICE, "name"), (CARE, "text"),
    (QUICK, "text"), (SLOW, "text"), (SLOW, "source"), (SEEN, "name"), (SEEN, "item"),
    (CLINIC, "name"),
]  # fmt: skip
TERMS = [
    (PATIENTS, "relation", ["internal", "external"]),
    (PATIENTS, "form", ["individual", "entity"]),
    (COUNCIL, "interests", ["influences", "influenced", "benefits indirectly"]),
    (QUICK, "kind", ["want", "key driver", "expectation"]),
    (SEEN, "aspect", ["how much", "how well", "at what level"]),
]
TO_ONE = [
    (CARE, "customer", PATIENTS), (QUICK, "need", CARE), (SLOW, "customer", PATIENTS),
    (SEEN, "requirement", QUICK),
]  # fmt: skip
TO_MANY = [
    (OFFICE, "customers", PATIENTS), (OFFICE, "stakeholders", COUNCIL), (SLOW, "supports", CARE),
    (SLOW, "supports", QUICK),
]  # fmt: skip
OTHERS = [
    (None, "None"), (3, "3"), (GREET, "the Activity 'greet'"), (["patients"], "['patients']"),
    (b"patients", "b'patients'"), (Activity, repr(Activity)),
]  # fmt: skip


def special(thing):
    """The same as an object of a subclass."""
    kind = attrs.frozen(type("Special", (type(thing),), {}))
    return kind(**attrs.asdict(thing))


def title(thing, field):
    return f"{type(thing).__name__}.{field}"


class TestTexts:
    @pytest.mark.parametrize("thing", WITH_ID)
    def test_an_id_is_a_text_without_spaces_around_it(self, thing):
        for key in ("a", "two words", "é", "1", "a.b/c"):
            assert attrs.evolve(thing, id=key).id == key
        for key in ("", " ", "a ", " a", "a\n", "\ta", 3, None, b"a", ("a",)):
            with refused(
                f"{title(thing, 'id')} must be a text without spaces around it, got {key!r}"
            ):
                attrs.evolve(thing, id=key)

    @pytest.mark.parametrize(("thing", "field"), TEXTS)
    def test_names_and_sentences_say_something_and_are_kept_as_they_are(self, thing, field):
        for text in ("a", " spaced ", "two\nlines", "é", "0"):
            assert getattr(attrs.evolve(thing, **{field: text}), field) == text
        for text in ("", " ", "\n\t", 3, b"a", ["a"], True, *([None] * (field != "item"))):
            with refused(f"{title(thing, field)} must be a text that says something, got {text!r}"):
                attrs.evolve(thing, **{field: text})

    @pytest.mark.parametrize("thing", [CARE, QUICK])
    def test_wishes_are_spoken_or_not_and_nothing_else(self, thing):
        for spoken in ("no", "", 0, 1, None):
            with refused(f"{title(thing, 'spoken')} must be True or False, got {spoken!r}"):
                attrs.evolve(thing, spoken=spoken)


class TestTerms:
    @staticmethod
    def kept(thing, field, word):
        """The word as the field keeps it, after another one where it takes several."""
        if field != "interests":
            return getattr(attrs.evolve(thing, **{field: word}), field)
        return attrs.evolve(thing, interests=["influenced", word]).interests[1]

    @pytest.mark.parametrize(("thing", "field", "words"), TERMS)
    def test_a_field_takes_its_words_and_names_them_to_any_other_value(self, thing, field, words):
        for word in words:
            assert self.kept(thing, field, word) == word
        for other in ("zzz", "", 7, None, 0.5, True, ["zzz"]):
            with refused(
                f"unknown {title(thing, field)} {other!r}; choose from: {', '.join(words)}",
                OptionError,
            ):
                self.kept(thing, field, other)
        with pytest.raises(OptionError, match=f"^unknown {title(thing, field)} "):
            self.kept(thing, field, np.array([words[0]]))

    def test_a_near_miss_gets_what_was_probably_meant_the_word_of_another_term_does_not(self):
        with pytest.raises(OptionError, match=r"^unknown .*'driver'; did you mean 'key driver'"):
            attrs.evolve(QUICK, kind="driver")
        with pytest.raises(OptionError, match=r"'internal'; choose from: individual, entity$"):
            attrs.evolve(PATIENTS, form="internal")

    @pytest.mark.parametrize(
        ("value", "options", "said"),
        [
            ("wilsn", ["score", "wilson"], "'wilsn'; did you mean 'wilson'? (also: score)"),
            ("wilsn", ["wilson"], "'wilsn'; did you mean 'wilson'?"),
            (np.str_("t"), ("score",), "'t'; choose from: score"),
            (["t"], ["score"], "['t']; choose from: score"),
            ("t", [], "'t'; there are none"),
        ],
    )
    def test_an_unknown_option_is_shown_with_those_there_are(self, value, options, said):
        options = dict.fromkeys(options, 2)
        assert str(unknown_option("method", value, iter(options))) == f"unknown method {said}"
        with refused(f"unknown method {said}", OptionError):
            choose("method", value, options)
        assert all(choose("method", one, options) == 2 for one in options)


@pytest.mark.parametrize(("owner", "field", "thing"), TO_ONE)
class TestReferenceToOne:
    def test_an_object_and_its_id_are_the_same_and_the_id_is_kept(self, owner, field, thing):
        for one in (thing, thing.id, special(thing)):
            assert getattr(attrs.evolve(owner, **{field: one}), field) == thing.id

    @pytest.mark.parametrize(("other", "shown"), OTHERS)
    def test_another_object_is_refused_with_what_was_expected(
        self, owner, field, thing, other, shown
    ):
        with refused(f"expected a {type(thing).__name__} or an id, got {shown}"):
            attrs.evolve(owner, **{field: other})


@pytest.mark.parametrize(("owner", "field", "thing"), TO_MANY)
class TestReferenceToMany:
    def test_any_collection_of_objects_and_ids_comes_out_as_ids_in_order(self, owner, field, thing):
        collections = ([thing, "z", "a"], iter([special(thing), "z", "a"]), {thing.id: 0}, [])
        found = [getattr(attrs.evolve(owner, **{field: them}), field) for them in collections]
        assert found == [(thing.id, "z", "a")] * 2 + [(thing.id,), ()]

    def test_another_object_among_them_is_refused(self, owner, field, thing):
        kinds = "Need or a Requirement" if field == "supports" else type(thing).__name__
        for other, shown in OTHERS:
            with refused(f"expected a {kinds} or an id, got {shown}"):
                attrs.evolve(owner, **{field: [thing, other]})

    def test_doubled_references_are_all_named_in_their_order(self, owner, field, thing):
        with refused(f"expected every reference once, got ['z', {thing.id!r}] more than once"):
            attrs.evolve(owner, **{field: iter(["z", thing, "a", thing.id, "z"])})


class TestCollections:
    @pytest.mark.parametrize(
        ("owner", "field"),
        [(OFFICE, "customers"), (OFFICE, "stakeholders"), (OFFICE, "activities"),
         (SLOW, "supports"), (COUNCIL, "interests")],
    )  # fmt: skip
    def test_what_is_no_collection_is_refused(self, owner, field):
        singles = (("greet", "'greet'"), ("", "''"), (GREET, "the Activity 'greet'"), (3, "3"))
        for single, shown in (*singles, (None, "None")):
            with refused(f"expected a collection, got {shown}; wrap it in []"):
                attrs.evolve(owner, **{field: single})

    def test_activities_and_interests_come_from_any_collection_and_keep_their_order(self):
        call = Activity("call", "Call in")
        assert attrs.evolve(OFFICE, activities=iter([call, GREET])).activities == (call, GREET)
        words = ["influences", "influenced"]
        assert attrs.evolve(COUNCIL, interests=iter(words)).interests == tuple(words)

    def test_what_is_no_activity_is_refused_wherever_it_stands(self):
        for other, shown in (("greet", "'greet'"), (PATIENTS, "the Customer 'patients'")):
            for activities in ([other], iter([GREET, other, GREET])):
                with refused(f"expected an Activity object, got {shown}"):
                    attrs.evolve(OFFICE, activities=activities)


OTHER_VALUES = {
    "id": "other", "name": "other", "text": "other", "description": "other", "source": "other",
    "relation": "internal", "form": "entity", "interests": (), "customers": (), "stakeholders": (),
    "activities": (), "customer": "other", "spoken": False, "need": "other", "kind": "want",
    "supports": (), "requirement": "other", "item": "q2", "target": None, "aspect": "how well",
    "scoring": Scoring.top_box(Scale.likert(5), 1), "low": 0.5, "high": 2, "baseline": None,
    "due": None,
}  # fmt: skip
VALUES = [*WITH_ID, SOON]


@pytest.mark.parametrize("thing", [*VALUES, CLINIC], ids=lambda one: type(one).__name__)
class TestAsValues:
    def test_fields_cannot_be_assigned(self, thing):
        for field in attrs.fields(type(thing)):
            with pytest.raises(attrs.exceptions.FrozenInstanceError):
                setattr(thing, field.name, None)

    def test_copies_are_equal_and_hash_alike(self, thing):
        for again in (
            attrs.evolve(thing),
            copy.copy(thing),
            copy.deepcopy(thing),
            pickle.loads(pickle.dumps(thing)),
        ):
            assert type(again) is type(thing)
            assert again == thing
            assert hash(again) == hash(thing)
            assert str(again) == str(thing)

    def test_one_that_differs_in_any_field_is_another(self, thing):
        for field in attrs.fields(type(thing)):
            if thing is CLINIC and field.name != "name":
                change = getattr(CLINIC, field.name)[::-1]
            elif field.name == "unit":  # that of its scoring
                assert attrs.evolve(WAIT, unit="hours") != WAIT
                continue
            else:
                change = OTHER_VALUES[field.name]
            assert attrs.evolve(thing, **{field.name: change}) != thing, field.name


@pytest.mark.parametrize("thing", [*VALUES[:-2], WAIT, SOON])
def test_objects_print_as_their_calls(thing):
    names = {**vars(custfocus.vocabulary), "datetime": dt}
    assert eval(repr(thing), names) == thing  # noqa: S307
    assert repr(thing).startswith(f"{type(thing).__name__}({'low' if thing is SOON else 'id'}=")


@pytest.mark.parametrize(
    ("thing", "defaults"),
    [
        (Customer("a", "A"), ("external", "individual", "")),
        (Stakeholder("a", "A"), ((), "")),
        (Activity("a", "A"), ("",)),
        (Service("a", "A"), ((), (), (), "")),
        (Need("a", "c", "A"), (True,)),
        (Requirement("a", "n", "A"), ("expectation", True)),
        (Statement("a", "c", "A", source="call"), ("call", ())),
        (PerformanceMeasure("a", "r", "A"), (None, None, None, "how well", "number")),
        (CustomerFocus("A"), ((),) * 7),
        (Target(low=1), (1, None, None, None)),
    ],
)
def test_options_have_defaults_and_no_place_only_a_name(thing, defaults):
    names = [field.name for field in attrs.fields(type(thing))][-len(defaults) :]
    assert tuple(getattr(thing, name) for name in names) == defaults
    needed = [field.name for field in attrs.fields(type(thing)) if field.name not in names]
    with pytest.raises(TypeError, match="positional argument"):
        type(thing)(*(getattr(thing, name) for name in needed), defaults[0])


def test_a_statement_names_its_source():
    with pytest.raises(TypeError, match="source"):
        Statement("slow", "patients", "I waited.")
