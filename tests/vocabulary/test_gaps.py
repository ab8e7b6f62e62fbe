"""What a customer focus leaves open, by practice and on a day."""

from datetime import UTC, datetime, timedelta

import attrs
import pytest

from custfocus.vocabulary import (
    Customer,
    CustomerFocus,
    Improvement,
    PerformanceMeasure,
    Service,
    Statement,
    Target,
)
from vocabulary.clinic import (
    BROKEN,
    CALM,
    CARE,
    CLINIC,
    FAILURES,
    HALL,
    KIND,
    LINE,
    PACING,
    PATIENTS,
    POLL,
    QUICK,
    SEEN,
    SLOW,
    SMILES,
    STAFF,
    TALKS,
    WAIT,
    evolved,
    refused,
)

JUNE = "2026-06-01"
AIMED = [WAIT, SEEN, TALKS, FAILURES, attrs.evolve(SMILES, target=Target.at_least(3))]
CLOSED = attrs.evolve(CLINIC, measures=AIMED)

LISTED = """\
practice                  gap                        kind         id        text
listening                 never heard                customer     patients  Patients
listening                 not heard within a year    customer     staff     Other staff
listening                 heard by one channel only  customer     staff     Other staff
listening                 spoken unknown             need         care      care close to home
listening                 spoken unknown             need         calm      to be reassured
listening                 spoken unknown             requirement  quick     a visit within a day
listening                 supports nothing           statement    hm        Hm.
building relationships    complaint unanswered       statement    hm        Hm.
building relationships    no service                 need         care      care close to home
building relationships    no customer                service      desk      Desk
determining satisfaction  no requirement             need         calm      to be reassured
determining satisfaction  no measure                 requirement  kind      kindness
determining satisfaction  no target                  measure      wait      Wait
improving                 done, not measured         improvement  new       New
what the customer focus leaves open"""


def found(gap, on=JUNE, **changes):
    """The ids with a gap, in the clinic without gaps after these changes."""
    gaps = evolved(**{"measures": AIMED, **changes}).gaps(on)
    return [row["id"] for row in gaps.sel(gap=[gap]).to_dicts()]


class TestGaps:
    def test_a_focus_without_gaps_has_none_and_says_so(self):
        gaps = CLOSED.gaps(on=JUNE)
        assert (len(gaps), gaps.to_dicts()) == (0, [])
        assert str(gaps) == repr(gaps) == "no gaps"
        assert "no gaps" in str(gaps.sel(gap="never heard"))
        columns = ["practice", "gap", "kind", "id", "text"]
        assert list(gaps.to_frame("polars").columns) == columns

    def test_they_are_listed_by_practice_from_listening_to_improving(self):
        gaps = CustomerFocus(
            "Clinic",
            customers=[PATIENTS, STAFF],
            services=[Service("desk", "Desk")],
            channels=[attrs.evolve(LINE, customers=[STAFF], last="2025-02-02")],
            statements=[Statement("hm", "staff", "Hm.", channel="line")],
            needs=[attrs.evolve(CARE, services=[]), attrs.evolve(CALM, services=["desk"])],
            requirements=[QUICK, KIND],
            measures=[PerformanceMeasure("wait", "quick", "Wait")],
            improvements=[Improvement("new", "New", stage="done", since="2026-01-01")],
        ).gaps(on=JUNE)
        assert str(gaps) == LISTED
        said = "practice listening, gap never heard, kind customer, id patients: Patients"
        assert str(gaps[0]) == said
        assert len(gaps.sel(practice="determining satisfaction")) == 3

    def test_days_count_to_today_by_default(self):
        today = datetime.now().astimezone().date()
        fresh = attrs.evolve(BROKEN, on=today)
        stale = attrs.evolve(BROKEN, on=today - timedelta(days=400))
        for said, late in ((fresh, False), (stale, True)):
            gaps = evolved(channels=[], statements=[said]).gaps()
            assert (
                "staff" in [row["id"] for row in gaps.to_dicts() if "year" in row["gap"]]
            ) is late

    def test_a_name_cannot_forge_a_row(self):
        odd = Customer("odd", "Odd\nnever heard  customer  \x1b[2Jstaff")
        gaps = attrs.evolve(CLOSED, customers=[PATIENTS, STAFF, odd]).gaps(JUNE)
        for text in (str(gaps), str(gaps[0]), str(CustomerFocus("C", customers=[odd]).voice(odd))):
            assert "\x1b" not in text
            assert sum("never heard" in line for line in text.split("\n")) <= 1

    @pytest.mark.parametrize("method", [CLINIC.gaps, CLINIC.practices])
    @pytest.mark.parametrize("day", ["soon", 2026, datetime(2026, 5, 1, tzinfo=UTC)])
    def test_a_day_that_is_none_is_refused(self, method, day):
        with refused(f"on must be a date or its ISO text such as '2027-12-31', got {day!r}"):
            method(on=day)


class TestListeningGaps:
    HEARD_ON = staticmethod(lambda day: [SLOW, PACING, attrs.evolve(BROKEN, on=day)])

    def test_a_customer_who_was_only_observed_was_never_heard(self):
        asked = attrs.evolve(POLL, customers=["staff"])
        channels = [LINE, asked, HALL]
        lines = attrs.evolve(LINE, last=None)
        assert found("never heard", channels=channels, statements=[PACING, BROKEN]) == []
        channels = [lines, asked, attrs.evolve(HALL, last="2026-05-01")]
        assert found("never heard", channels=channels, statements=[PACING, BROKEN]) == ["patients"]

    def test_a_channel_that_was_used_to_reach_a_customer_has_heard_them(self):
        assert found("never heard", statements=[]) == []
        unused = [attrs.evolve(one, last=None) for one in (LINE, POLL, HALL)]
        assert found("never heard", statements=[], channels=unused) == ["patients", "staff"]
        assert found("never heard", statements=[], channels=[LINE]) == ["staff"]

    def test_of_the_statement_of_one_customer_another_is_not_heard(self):
        line = attrs.evolve(LINE, customers=["patients", "staff"], last=None)
        assert found("never heard", statements=[SLOW], channels=[line, HALL]) == ["staff"]

    @pytest.mark.parametrize(
        ("day", "on", "late"),
        [
            ("2025-06-01", "2026-06-01", False),
            ("2025-05-31", "2026-06-01", True),
            ("2027-02-28", "2028-02-29", False),
            ("2027-02-27", "2028-02-29", True),
            ("0001-01-01", "0001-12-31", False),
            ("2027-01-01", "2026-06-01", False),
            (None, "2099-06-01", False),
        ],
    )
    def test_a_year_ends_the_day_after_the_same_day(self, day, on, late):
        poll = attrs.evolve(POLL, last=None)
        gap = "not heard within a year"
        statements = self.HEARD_ON(day)
        ids = found(gap, on, statements=statements, channels=[LINE, poll, HALL])
        assert ("staff" in ids) is late

    def test_the_latest_of_statements_and_channels_counts(self):
        gap = "not heard within a year"
        assert found(gap, "2027-05-04") == ["staff"]
        assert found(gap, "2027-05-05") == ["patients", "staff"]
        assert found(gap, "2027-05-05", statements=self.HEARD_ON("2026-08-01")) == ["patients"]

    def test_what_was_observed_lately_is_not_heard_lately(self):
        seen = attrs.evolve(PACING, on="2027-05-01")
        statements = [SLOW, seen, BROKEN]
        assert "patients" in found("not heard within a year", "2027-05-05", statements=statements)

    def test_ways_are_channels_and_where_none_is_named_sources(self):
        gap = "heard by one channel only"
        assert found(gap, channels=[LINE, HALL]) == ["patients", "staff"]
        call = Statement("call", "patients", "Hello?", source="call", supports=["care"])
        again = attrs.evolve(BROKEN, id="again")
        statements = [SLOW, PACING, BROKEN, call, again]
        assert found(gap, channels=[LINE, HALL], statements=statements) == ["staff"]
        called = attrs.evolve(BROKEN, id="called", source="call")
        statements = [SLOW, PACING, call, BROKEN, called]
        assert found(gap, channels=[LINE, HALL], statements=statements) == []
        poll = attrs.evolve(SLOW, id="polled", channel="poll", source="")
        unused = attrs.evolve(POLL, last=None)
        channels, statements = [LINE, unused, HALL], [SLOW, poll, PACING, BROKEN]
        assert found(gap, channels=channels, statements=statements) == ["staff"]

    def test_without_channels_their_number_is_no_gap(self):
        assert found("heard by one channel only", channels=[], statements=[BROKEN]) == []


class TestRelationshipGaps:
    @pytest.mark.parametrize(
        ("on", "answered", "gap"),
        [
            ("2026-06-03", None, False),
            ("2026-06-04", None, True),
            ("2026-06-04", "2026-06-04", False),
        ],
    )
    def test_a_complaint_has_thirty_days_to_be_answered(self, on, answered, gap):
        said = attrs.evolve(SLOW, answered=answered)
        ids = found("complaint unanswered", on, statements=[said, PACING, BROKEN])
        assert ids == (["slow"] if gap else [])

    def test_a_complaint_without_a_date_needs_an_answer_at_once(self):
        for answered, ids in ((None, ["slow"]), ("2026-05-20", [])):
            said = attrs.evolve(SLOW, on=None, answered=answered)
            assert found("complaint unanswered", statements=[said, PACING, BROKEN]) == ids

    def test_only_complaints_need_an_answer(self):
        said = attrs.evolve(SLOW, answered=None)
        for kind, ids in (("complaint", ["slow"]), ("comment", []), ("survey", [])):
            channels = [attrs.evolve(LINE, kind=kind), POLL, HALL]
            changes = {"channels": channels, "statements": [said, PACING, BROKEN]}
            assert found("complaint unanswered", "2027-01-01", **changes) == ids

    def test_needs_want_a_service_where_there_are_services(self):
        alone = [attrs.evolve(need, services=[]) for need in CLINIC.needs]
        assert found("no service", needs=alone) == ["care", "tools", "calm"]
        assert found("no service", needs=alone, services=[]) == []


def about(thing):
    """A measure about something."""
    return PerformanceMeasure("new measure", thing, "New", target=Target.at_least(1))


class TestImprovementGaps:
    @pytest.mark.parametrize(
        ("serves", "measures", "gap"),
        [
            (["quick"], AIMED, False),
            (["quick"], [FAILURES], True),
            (["quick", "uptime"], [FAILURES], False),
            ([], AIMED, True),
            (["line"], AIMED, True),
            (["office"], AIMED, False),
            (["greet"], AIMED, False),
            (["office"], [FAILURES], True),
            (["greet"], [FAILURES], True),
            (["lab"], [FAILURES], False),
            (["office"], [about("office")], False),
            (["office"], [about("treat")], False),
            (["office"], [about("lab")], True),
            (["greet"], [about("greet")], False),
            (["greet"], [about("office")], False),
            (["greet"], [about("treat")], True),
            (["line"], [about("line")], False),
            (["line"], [about("poll")], True),
            (["quick"], [about("office")], True),
            (["office", "quick"], [about("patients")], True),
            (["lab", "line"], [about("line")], False),
        ],
    )
    def test_what_is_done_wants_a_measure_of_what_it_serves(self, serves, measures, gap):
        done = Improvement("new", "New", serves=serves, stage="done", since="2026-01-01")
        ids = found("done, not measured", measures=measures, improvements=[done])
        assert ids == (["new"] if gap else [])

    @pytest.mark.parametrize("stage", ["opportunity", "under way", "dropped"])
    def test_what_is_not_done_wants_none(self, stage):
        assert (
            found("done, not measured", improvements=[Improvement("new", "N", stage=stage)]) == []
        )
