"""The objects of the vocabulary: what their fields take and refuse, and objects as values."""

import copy
import datetime as dt
import pickle

import attrs
import numpy as np
import pytest

import custfocus
from custfocus.errors import OptionError, VocabularyError, choose, unknown_option
from custfocus.responses import Scale, Scoring
from custfocus.vocabulary import (
    Activity,
    Channel,
    Customer,
    CustomerFocus,
    Improvement,
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
    LINE,
    OFFICE,
    PATIENTS,
    QUICK,
    SEEN,
    SLOW,
    SMILES,
    SOON,
    TICKETS,
    WAIT,
    refused,
)

WITH_ID = [PATIENTS, COUNCIL, GREET, OFFICE, CARE, QUICK, LINE, SLOW, TICKETS, SEEN]
TEXTS = [
    (PATIENTS, "name"), (COUNCIL, "name"), (GREET, "name"), (OFFICE, "name"), (CARE, "text"),
    (QUICK, "text"), (SLOW, "text"), (LINE, "name"), (TICKETS, "name"), (SEEN, "name"),
    (CLINIC, "name"),
]  # fmt: skip
TERMS = [
    (PATIENTS, "relation", ["internal", "external"]),
    (PATIENTS, "form", ["individual", "entity"]),
    (COUNCIL, "interests", ["influences", "influenced", "benefits indirectly"]),
    (QUICK, "kind", ["want", "key driver", "expectation"]),
    (OFFICE, "kind", ["service", "product", "program", "process"]),
    (
        LINE,
        "kind",
        ["survey", "interview", "meeting", "complaint", "comment", "observation", "usage"],
    ),
    (LINE, "every", ["continuous", "month", "quarter", "half-year", "year", "once"]),
    (TICKETS, "kind", ["improvement", "innovation"]),
    (TICKETS, "stage", ["opportunity", "under way", "done", "dropped"]),
    (SEEN, "aspect", ["how much", "how well", "at what level"]),
]
TO_ONE = [
    (CARE, "customer", PATIENTS), (QUICK, "need", CARE), (SLOW, "customer", PATIENTS),
    (SLOW, "channel", LINE), *((SEEN, "about", one) for one in (QUICK, OFFICE, GREET, LINE, PATIENTS)),
]  # fmt: skip
TO_MANY = [
    (OFFICE, "customers", PATIENTS), (OFFICE, "stakeholders", COUNCIL), (SLOW, "supports", CARE),
    (SLOW, "supports", QUICK), (LINE, "customers", PATIENTS), (TICKETS, "learned_from", SLOW),
    (TICKETS, "learned_from", SEEN), (TICKETS, "learned_from", LINE), (TICKETS, "serves", QUICK),
    (TICKETS, "serves", OFFICE), (TICKETS, "serves", GREET), (TICKETS, "serves", LINE),
]  # fmt: skip
KINDS = {
    "about": "a Requirement or a Service or an Activity or a Channel or a Customer",
    "supports": "a Need or a Requirement",
    "learned_from": "a Statement or a PerformanceMeasure or a Channel",
    "serves": "a Requirement or a Service or an Activity or a Channel",
}
OPTIONAL = {"every", "channel"}
OTHERS = [
    (None, "None"), (3, "3"), (GREET, "the Activity 'greet'"), (["patients"], "['patients']"),
    (b"patients", "b'patients'"), (Activity, repr(Activity)),
]  # fmt: skip


def special(thing):
    """The same as an object of a subclass."""
    kind = attrs.frozen(type("Special", (type(thing),), {}))
    return kind(**{one.alias: getattr(thing, one.name) for one in attrs.fields(type(thing))})


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
        for text in ("", " ", "\n\t", 3, b"a", ["a"], True, None):
            with refused(f"{title(thing, field)} must be a text that says something, got {text!r}"):
                attrs.evolve(thing, **{field: text})

    @pytest.mark.parametrize("thing", [CARE, QUICK])
    def test_wishes_are_spoken_or_not_and_nothing_else(self, thing):
        for spoken in (True, False, None):
            assert attrs.evolve(thing, spoken=spoken).spoken is spoken
        for spoken in ("no", "", 0, 1):
            with refused(f"{title(thing, 'spoken')} must be True, False or None, got {spoken!r}"):
                attrs.evolve(thing, spoken=spoken)

    def test_importance_is_a_number_above_zero_or_unknown(self):
        for weight in (0.5, 3, None):
            assert attrs.evolve(QUICK, importance=weight).importance == weight
        for weight in (0, -1, float("inf"), float("nan"), "3", True, [3], 10**400):
            with refused(
                f"Requirement.importance must be a number above 0, got {weight!r}; "
                "leave it out where it is not known"
            ):
                attrs.evolve(QUICK, importance=weight)

    @pytest.mark.parametrize(
        ("thing", "field"),
        [(SLOW, "source"), (TICKETS, "owner"), (SEEN, "source"), (SEEN, "owner")],
    )
    def test_a_text_that_may_be_left_out_says_something_where_it_is_not(self, thing, field):
        for text in ("", "a", " spaced "):
            assert getattr(attrs.evolve(thing, **{field: text}), field) == text
        for text in (" ", "\n", 3, None, ["a"]):
            with refused(f"{title(thing, field)} must be a text that says something, got {text!r}"):
                attrs.evolve(thing, **{field: text})

    def test_a_channel_is_two_way_or_not_and_nothing_else(self):
        for flag in ("no", "", 0, 1, None):
            with refused(f"Channel.two_way must be True or False, got {flag!r}"):
                attrs.evolve(LINE, two_way=flag)


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
        for other in (
            "zzz",
            "",
            7,
            *([None] * (field not in {*OPTIONAL, "stage"})),
            0.5,
            True,
            ["zzz"],
        ):
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
        if other is None and field in OPTIONAL:
            assert getattr(attrs.evolve(owner, **{field: None}), field) is None
            return
        if field == "about" and other is GREET:
            other, shown = COUNCIL, "the Stakeholder 'council'"
        kinds = KINDS.get(field, f"a {type(thing).__name__}")
        with refused(f"expected {kinds} or an id, got {shown}"):
            attrs.evolve(owner, **{field: other})


@pytest.mark.parametrize(("owner", "field", "thing"), TO_MANY)
class TestReferenceToMany:
    def test_any_collection_of_objects_and_ids_comes_out_as_ids_in_order(self, owner, field, thing):
        collections = ([thing, "z", "a"], iter([special(thing), "z", "a"]), {thing.id: 0}, [])
        found = [getattr(attrs.evolve(owner, **{field: them}), field) for them in collections]
        assert found == [(thing.id, "z", "a")] * 2 + [(thing.id,), ()]

    def test_another_object_among_them_is_refused(self, owner, field, thing):
        kinds = KINDS.get(field, f"a {type(thing).__name__}")
        others = OTHERS if field != "serves" else [one for one in OTHERS if one[0] is not GREET]
        for other, shown in [*others, (CARE.customer.encode(), "b'patients'")]:
            with refused(f"expected {kinds} or an id, got {shown}"):
                attrs.evolve(owner, **{field: [thing, other]})

    def test_doubled_references_are_all_named_in_their_order(self, owner, field, thing):
        with refused(f"expected every reference once, got ['z', {thing.id!r}] more than once"):
            attrs.evolve(owner, **{field: iter(["z", thing, "a", thing.id, "z"])})


class TestCollections:
    @pytest.mark.parametrize(
        ("owner", "field"),
        [(OFFICE, "customers"), (OFFICE, "stakeholders"), (OFFICE, "activities"),
         (SLOW, "supports"), (COUNCIL, "interests"), (LINE, "customers"),
         (TICKETS, "learned_from"), (TICKETS, "serves")],
    )  # fmt: skip
    def test_what_is_no_collection_is_refused(self, owner, field):
        singles = (("greet", "'greet'"), ("", "''"), (GREET, "the Activity 'greet'"), (3, "3"))
        for single, shown in (*singles, (None, "None")):
            with refused(f"expected a collection, got {shown}; wrap it in []"):
                attrs.evolve(owner, **{field: single})

    def test_of_several_ids_in_one_text_the_list_is_shown(self):
        said = "expected a collection, got 'readers, schools'; write ['readers', 'schools']"
        with refused(said):
            attrs.evolve(OFFICE, customers="readers, schools")

    def test_a_single_result_is_no_collection(self):
        single = custfocus.csat([5, 4, 2])
        with pytest.raises(VocabularyError, match=r"^expected a collection, got CSAT .*wrap it"):
            attrs.evolve(OFFICE, customers=single)

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
    "activities": (), "customer": "other", "spoken": False, "need": "other",
    "supports": (), "about": "other", "items": "q2", "target": None, "aspect": "how well",
    "index": Scoring.top_box(Scale.likert(5), 1), "low": 0.5, "high": 2, "baseline": None,
    "due": None, "services": (), "importance": 0.5, "channel": "other", "on": None,
    "answered": None, "every": None, "last": None, "two_way": False, "learned_from": (),
    "serves": (), "stage": "dropped", "since": "2026-01-01", "owner": "other",
    "breaks": {"2026": "other"},
}  # fmt: skip
OTHER_KINDS = {OFFICE: "product", QUICK: "want", LINE: "comment", TICKETS: "improvement"}
RECORDED = {
    "unit": ("days", "hours"), "direction": ("higher", "lower"), "bounds": ((0, 1), (0, 2)),
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
            elif field.alias in RECORDED:  # else that of its index
                one, other = (
                    attrs.evolve(SMILES, **{field.alias: each}) for each in RECORDED[field.alias]
                )
                assert one != other
                continue
            else:
                change = OTHER_KINDS[thing] if field.name == "kind" else OTHER_VALUES[field.name]
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
        (Service("a", "A"), ("service", (), (), (), "")),
        (Need("a", "c", "A"), ((), None)),
        (Requirement("a", "n", "A"), ("expectation", None, None)),
        (Channel("a", "A"), ("survey", (), None, None, False)),
        (Statement("a", "c", "A", source="call"), (None, "call", None, None, ())),
        (Improvement("a", "A"), ("improvement", (), (), "opportunity", None, "")),
        (
            PerformanceMeasure("a", "r", "A"),
            ((), None, None, "how well", "number", (None, None), None, "", "", ()),
        ),
        (CustomerFocus("A"), ((),) * 9),
        (Target(low=1), (1, None, None, None, None)),
    ],
)
def test_options_have_defaults_and_no_place_only_a_name(thing, defaults):
    names = [field.alias for field in attrs.fields(type(thing))][-len(defaults) :]
    assert tuple(getattr(thing, name) for name in names) == defaults
    needed = [field.alias for field in attrs.fields(type(thing)) if field.alias not in names]
    with pytest.raises(TypeError, match="positional argument"):
        type(thing)(*(getattr(thing, name) for name in needed), defaults[0])


class TestStatementsAndImprovements:
    def test_a_statement_names_a_channel_or_a_source(self):
        with refused(
            "statement 'slow' must say where it was heard, got no channel and no source; give "
            "channel= or source="
        ):
            Statement("slow", "patients", "I waited.")
        assert Statement("slow", "patients", "I waited.", channel="line").source == ""
        both = Statement("slow", "patients", "I waited.", channel=LINE, source="letter")
        assert (both.channel, both.source) == ("line", "letter")

    def test_a_statement_is_not_answered_before_it_was_made(self):
        with refused(
            "statement 'slow' can't be answered before it was made, got on=2026-05-04 and "
            "answered=2026-05-03"
        ):
            attrs.evolve(SLOW, answered="2026-05-03")
        assert attrs.evolve(SLOW, answered="2026-05-04").answered == SLOW.on
        assert attrs.evolve(SLOW, on=None, answered="2026-05-03").on is None

    def test_what_is_done_has_a_day_from_which_it_is_in_effect(self):
        with refused(
            "improvement 'tickets' is done and needs the day from which it is in effect, got "
            "none; give since="
        ):
            attrs.evolve(TICKETS, since=None)
        for stage in ("opportunity", "under way", "dropped"):
            assert attrs.evolve(TICKETS, stage=stage, since=None).since is None

    @pytest.mark.parametrize(
        ("thing", "field"),
        [(LINE, "last"), (SLOW, "on"), (SLOW, "answered"), (TICKETS, "since")],
    )
    def test_days_are_dates_or_their_iso_texts(self, thing, field):
        for day in (dt.date(2026, 5, 9), "2026-05-09", np.str_("2026-05-09")):
            changed = attrs.evolve(thing, **{field: day})
            assert getattr(changed, field) == dt.date(2026, 5, 9)
        moment = dt.datetime(2026, 5, 9, tzinfo=dt.UTC)
        for day in ("", "May 9", "2026-05", 20260509, moment, True, ["2026-05-09"]):
            with refused(
                f"{title(thing, field)} must be a date or its ISO text such as '2027-12-31', "
                f"got {day!r}"
            ):
                attrs.evolve(thing, **{field: day})
