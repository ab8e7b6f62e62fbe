"""Who was heard, what was spoken, and when a channel was last used."""

from datetime import date

import attrs
import pytest

from custfocus.vocabulary import CustomerFocus, Statement
from vocabulary.clinic import (
    BROKEN,
    CARE,
    CLINIC,
    HALL,
    HEARD,
    KIND,
    LINE,
    PACING,
    PATIENTS,
    POLL,
    QUICK,
    SLOW,
    STAFF,
    UPTIME,
    evolved,
    refused,
    rows,
)


class TestVoice:
    def test_has_what_was_spoken_first_statements_before_each_need_with_its_requirements(self):
        assert rows(CLINIC.voice("patients")) == [
            (True, "statement", "slow", "I waited all day."),
            (True, "need", "care", "care close to home"),
            (True, "requirement", "quick", "a visit within a day"),
            (True, "requirement", "heard", "time to talk"),
            (False, "statement", "pacing", "Many pace."),
            (False, "requirement", "kind", "kindness"),
            (False, "need", "calm", "to be reassured"),
        ]

    def test_what_nothing_shows_is_null_and_comes_last(self):
        voice = evolved(statements=[PACING, BROKEN]).voice(PATIENTS)
        assert [(row["spoken"], row["id"]) for row in voice.to_dicts()] == [
            (True, "heard"), (False, "pacing"), (False, "kind"), (False, "calm"),
            (None, "care"), (None, "quick"),
        ]  # fmt: skip
        assert str(voice).split("\n")[5].startswith("(none)  need         care")
        assert [row["id"] for row in voice.sel(spoken=None).to_dicts()] == ["care", "quick"]
        assert voice.to_frame("polars")["spoken"].null_count() == 2

    def test_prints_as_a_table_that_names_the_customer_a_row_as_its_words(self):
        voice = CLINIC.voice(STAFF)
        assert str(voice).split("\n") == [
            "spoken  kind         id      text",
            "True    statement    broken  It broke again.",
            "True    need         tools   working tools",
            "True    requirement  uptime  few failures",
            "the voice of Other staff",
        ]
        assert str(voice[1]) == "spoken True, kind need, id tools: working tools"
        assert len(voice.sel(spoken=False)) == 0

    def test_of_a_silent_customer_is_empty_and_says_so(self):
        voice = CustomerFocus("Clinic", customers=[PATIENTS]).voice("patients")
        assert len(voice) == 0
        assert str(voice) == "no statements, needs or requirements"


class TestSpoken:
    OTHER = Statement("other", "staff", "Quick, please.", source="call", supports=["quick"])

    @pytest.mark.parametrize("kind", ["survey", "interview", "meeting", "complaint", "comment"])
    def test_customers_speak_in_all_kinds_of_channels_but_two(self, kind):
        channel = attrs.evolve(LINE, kind=kind)
        assert channel.heard
        assert evolved(channels=[channel, POLL, HALL]).spoken("quick") is True

    @pytest.mark.parametrize("kind", ["observation", "usage"])
    def test_what_was_only_observed_is_unspoken_until_one_statement_speaks(self, kind):
        silent = attrs.evolve(LINE, kind=kind)
        assert not silent.heard
        channels = [silent, POLL, HALL]
        assert evolved(channels=channels).spoken(QUICK) is False
        for statements in ([SLOW, PACING, self.OTHER], [self.OTHER, PACING, SLOW]):
            assert evolved(channels=channels, statements=statements).spoken(QUICK) is True

    def test_without_a_statement_it_is_unknown(self):
        assert evolved(statements=[]).spoken("care") is None
        assert evolved(statements=[]).spoken("quick") is None

    def test_the_statement_of_a_requirement_says_nothing_of_its_need(self):
        focus = evolved(statements=[attrs.evolve(SLOW, supports=["quick"])])
        assert (focus.spoken(CARE), focus.spoken(QUICK)) == (None, True)

    @pytest.mark.parametrize("spoken", [True, False])
    def test_the_field_of_a_wish_prevails(self, spoken):
        quick = attrs.evolve(QUICK, spoken=spoken)
        for statements in ([], [SLOW], [attrs.evolve(PACING, supports=["quick"])]):
            focus = evolved(requirements=[quick, KIND, HEARD, UPTIME], statements=statements)
            assert focus.spoken("quick") is spoken

    def test_what_is_neither_need_nor_requirement_is_refused(self):
        with refused("expected a Need or a Requirement, got 'slow', which is a Statement"):
            CLINIC.spoken("slow")

    def test_the_tree_marks_what_is_unspoken_and_what_has_no_statement(self):
        lines = str(evolved(statements=[PACING])).split("\n")
        assert "|  +- needs: care close to home (no statement)" in lines
        assert "|  |  +- key driver: a visit within a day (no statement)" in lines
        assert "|  |  +- expectation: kindness (unspoken)" in lines
        assert "|  +- needs: to be reassured (unspoken)" in lines


class TestLastUsed:
    def test_is_the_later_of_the_channels_own_day_and_its_latest_statement(self):
        early = attrs.evolve(SLOW, id="early", on="2026-05-01")
        undated = attrs.evolve(SLOW, id="undated", on=None)
        assert CLINIC.last_used("line") == date(2026, 5, 4)
        assert evolved(statements=[undated, early]).last_used(LINE) == date(2026, 5, 2)
        assert CLINIC.last_used(POLL) == date(2026, 3, 31)

    def test_is_none_where_nothing_is_known(self):
        assert CLINIC.last_used("hall") is None
        seen = attrs.evolve(PACING, on="2026-01-01")
        assert evolved(statements=[SLOW, seen]).last_used("hall") == date(2026, 1, 1)
