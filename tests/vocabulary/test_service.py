"""Services and their activities."""

import copy
import pickle

import attrs
import pytest

from custfocus.errors import VocabularyError
from custfocus.vocabulary import Activity, Customer, Service, Stakeholder

GREET = Activity("greet", "Greet", description="by name")
CALL = Activity("call", "Call in")
PATIENTS = Customer("patients", "Patients")
COUNCIL = Stakeholder("council", "City council")
OFFICE = Service(
    "office",
    "Front office",
    customers=[PATIENTS, "staff"],
    stakeholders=["press", COUNCIL],
    activities=[GREET, CALL],
    description="ground floor",
)


def test_an_activity_has_no_description_by_default():
    assert attrs.astuple(CALL) == ("call", "Call in", "")
    assert GREET.description == "by name"


def test_a_service_has_no_people_and_no_activities_by_default():
    assert attrs.astuple(Service("s", "S")) == ("s", "S", (), (), (), "")


def test_a_service_keeps_the_ids_of_its_people_and_its_activities_themselves():
    assert OFFICE.customers == ("patients", "staff")
    assert OFFICE.stakeholders == ("press", "council")
    assert OFFICE.activities == (GREET, CALL)
    assert OFFICE.description == "ground floor"


def test_activities_come_from_any_collection():
    assert Service("s", "S", activities=iter([CALL, GREET])).activities == (CALL, GREET)


def test_a_stakeholder_is_no_customer():
    with pytest.raises(
        VocabularyError, match=r"^expected a Customer or an id, got the Stakeholder 'council'$"
    ):
        Service("s", "S", customers=[COUNCIL])


def test_a_customer_is_no_stakeholder():
    with pytest.raises(
        VocabularyError, match=r"^expected a Stakeholder or an id, got the Customer 'patients'$"
    ):
        Service("s", "S", stakeholders=[PATIENTS])


@pytest.mark.parametrize(
    ("other", "shown"),
    [("greet", "'greet'"), (3, "3"), (None, "None"), (PATIENTS, "the Customer 'patients'")],
)
def test_what_is_no_activity_is_refused_wherever_it_stands(other, shown):
    for activities in ([other], [GREET, other], iter([GREET, other, CALL])):
        with pytest.raises(VocabularyError, match=f" Activity object, got {shown}$"):
            Service("s", "S", activities=activities)


def test_the_article_before_an_activity_is_an():
    with pytest.raises(VocabularyError, match=r"^expected an Activity object, got 'greet'$"):
        Service("s", "S", activities=["greet"])


@pytest.mark.parametrize(
    ("single", "shown"), [("greet", "'greet'"), (GREET, "the Activity 'greet'"), (None, "None")]
)
def test_a_single_activity_has_to_be_wrapped(single, shown):
    said = rf"^expected a collection, got {shown}; wrap it in \[\]$"
    with pytest.raises(VocabularyError, match=said):
        Service("s", "S", activities=single)


def test_options_have_no_place_only_a_name():
    with pytest.raises(TypeError, match="positional arguments"):
        Service("s", "S", ["patients"])


def test_a_service_prints_as_its_call():
    assert repr(OFFICE) == (
        "Service(id='office', name='Front office', customers=('patients', 'staff'), "
        "stakeholders=('press', 'council'), activities=("
        "Activity(id='greet', name='Greet', description='by name'), "
        "Activity(id='call', name='Call in', description='')), description='ground floor')"
    )


@pytest.mark.parametrize("thing", [GREET, OFFICE], ids=["activity", "service"])
class TestAsAValue:
    def test_fields_cannot_be_assigned(self, thing):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            thing.name = "other"

    def test_equals_one_with_the_same_fields_and_hashes_alike(self, thing):
        again = attrs.evolve(thing)
        assert again == thing
        assert hash(again) == hash(thing)

    @pytest.mark.parametrize("field", ["id", "name", "description"])
    def test_differs_if_any_field_differs(self, thing, field):
        assert attrs.evolve(thing, **{field: "other"}) != thing

    def test_copies_and_pickles_to_an_equal_one(self, thing):
        for again in (
            copy.copy(thing),
            copy.deepcopy(thing),
            pickle.loads(pickle.dumps(thing)),
        ):
            assert type(again) is type(thing)
            assert again == thing


def test_services_of_other_people_or_activities_differ():
    for field in ("customers", "stakeholders", "activities"):
        assert attrs.evolve(OFFICE, **{field: ()}) != OFFICE
