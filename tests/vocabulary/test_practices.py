"""The four practices of customer focus: their evidence and their gaps."""

import attrs

from custfocus.vocabulary import CustomerFocus, Improvement
from vocabulary.clinic import CLINIC, HALL, PACING, PATIENTS, SLOW, TICKETS, evolved, rows

JUNE = "2026-06-01"
PRACTISED = """\
practice                  evidence  gaps  by name
listening                        6     0  Complaint line; Poll; Waiting room; I waited all day.; ...
building relationships           4     0  Front office; Laboratory; Complaint line; I waited all day.
determining satisfaction         4     1  Days to wait; Seen the same day; Talks; Failures a month
improving                        0     0  -
how the customer focus is practised: things that evidence it, and gaps"""


class TestPractices:
    def test_has_the_evidence_of_each_by_number_and_name_and_its_gaps(self):
        assert rows(CLINIC.practices(JUNE)) == [
            ("listening", 6, 0,
             "Complaint line; Poll; Waiting room; I waited all day.; Many pace.; It broke again."),
            ("building relationships", 4, 0,
             "Front office; Laboratory; Complaint line; I waited all day."),
            ("determining satisfaction", 4, 1,
             "Days to wait; Seen the same day; Talks; Failures a month"),
            ("improving", 2, 0, "Numbered tickets; More chairs"),
        ]  # fmt: skip

    def test_of_an_empty_focus_they_have_nothing(self):
        assert rows(CustomerFocus("C").practices()) == [
            (practice, 0, 0, "")
            for practice in ("listening", "building relationships", "determining satisfaction",
                             "improving")
        ]  # fmt: skip

    def test_gaps_are_counted_as_the_gaps_of_the_day(self):
        for day in (JUNE, "2027-06-01", "2028-06-01"):
            focus = evolved(statements=[attrs.evolve(SLOW, answered=None)])
            counts = [row["gaps"] for row in focus.practices(day).to_dicts()]
            listed = focus.gaps(day).keys.labels("practice")
            names = focus.practices(day).keys.labels("practice")
            assert counts == [listed.count(name) for name in names]
            assert sum(counts) == len(focus.gaps(day))

    def test_a_channel_is_evidence_once_it_was_used(self):
        def channels(*statements, last=None):
            hall = attrs.evolve(HALL, last=last)
            focus = CustomerFocus("C", customers=[PATIENTS], channels=[hall], statements=statements)
            return focus.practices().to_dicts()[0]["evidence"] - len(statements)

        plain = attrs.evolve(PACING, supports=[])
        assert channels() == 0
        assert channels(plain) == 1
        assert channels(last="2026-01-01") == 1

    def test_an_improvement_is_evidence_if_it_was_learned_from_something_and_not_dropped(self):
        stages = ("opportunity", "under way", "done", "dropped")
        made = [attrs.evolve(TICKETS, id=stage, name=stage, stage=stage) for stage in stages]
        made.append(Improvement("guess", "guess"))
        practice = evolved(improvements=made).practices(JUNE).sel(practice="improving")
        assert str(practice.text) == "opportunity; under way; done"

    def test_print_as_a_table_with_the_beginning_of_the_evidence(self):
        assert str(evolved(improvements=[]).practices(JUNE)) == PRACTISED
        single = CLINIC.practices(JUNE)[3]
        assert str(single) == (
            "practice improving: evidence 2 (Numbered tickets; More chairs), gaps 0"
        )
        none = evolved(improvements=[]).practices(JUNE).sel(practice="improving")
        assert str(none) == "practice improving: evidence 0, gaps 0"
