"""What no reader can find out, by an attacker with a program of his own."""

import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attacker import groups_of, rows_of
from custfocus import Tally, estimate
from custfocus.disclosure import suppress
from custfocus.disclosure.margins import published_rows
from custfocus.disclosure.sensitive import rule_of
from custfocus.disclosure.suppress import shown_of
from custfocus.errors import OptionError
from tables import attacked, cost, estimates, laid_out, rules

law = settings(derandomize=True, deadline=None, max_examples=40, database=None)


def every_secret_is_kept(e, found, **margins: Any):
    attack, secrets = attacked(e, found, **margins)
    for secret in secrets:
        assert found.hidden[secret.row]
        assert attack.bound(secret)[0] >= secret.threshold
    assert secrets or not found.hidden.any() or e.missing.any()
    return attack, secrets


class TestAttacks:
    @law
    @given(estimates(), rules)
    def test_no_number_is_known_to_be_small(self, e, rule):
        every_secret_is_kept(e, suppress(e, respondents="unknown", **rule))

    @law
    @given(estimates(), rules)
    def test_nor_where_as_many_were_asked_as_answered(self, e, rule):
        every_secret_is_kept(e, suppress(e, **rule))

    @law
    @given(estimates(missing=True), rules)
    def test_nor_where_readers_know_how_many_were_asked(self, e, rule):
        every_secret_is_kept(e, suppress(e, **rule))

    @law
    @given(estimates(points=3), rules)
    def test_nor_with_more_points(self, e, rule):
        every_secret_is_kept(e, suppress(e, **rule))

    @law
    @given(estimates(), rules, st.sampled_from([False, [()], [("district",)], [("district",), ()]]))
    def test_nor_with_some_totals_only(self, e, rule, totals):
        every_secret_is_kept(e, suppress(e, totals=totals, **rule), totals=totals)

    @law
    @given(estimates(), rules)
    def test_nor_where_the_grand_total_is_kept(self, e, rule):
        try:
            found = suppress(e, keep=[()], respondents="unknown", **rule)
        except OptionError as error:
            assert "while the totals in keep= or" in str(error)  # noqa: PT017
            return
        assert not found.sel(level="total").hidden.any()
        every_secret_is_kept(e, found)


class TestRows:
    @law
    @given(estimates(missing=True), rules)
    def test_shown_rows_are_sums_of_the_data_and_hidden_ones_are_nowhere(self, e, rule):
        found = suppress(e, **rule)
        labels, table, points = laid_out(e, found)
        everyone = list(range(len(labels)))
        rows = rows_of(found, labels, everyone, found.hidden)
        for at, row in enumerate(rows):
            total = table[row.groups].sum(axis=0)
            if row.hidden:
                assert not found.counts[at].any()
                assert np.isnan([found.n[at], found.value[at], found.low[at], found.high[at]]).all()
            else:
                assert (found.counts[at] == total[:points]).all()
                assert found.missing[at] == total[points:].sum()

    @law
    @given(estimates(), rules)
    def test_rows_of_the_same_groups_are_shown_or_hidden_together(self, e, rule):
        found = suppress(e, **rule)
        labels, table, _ = laid_out(e, found)
        rows = rows_of(found, labels, groups_of(labels, table), found.hidden)
        status = {}
        for row in rows:
            if row.groups:
                assert status.setdefault(tuple(row.groups), row.hidden) == row.hidden

    @law
    @given(estimates(), rules, st.randoms(use_true_random=False))
    def test_the_order_of_groups_changes_little(self, e, rule, random):
        """Ties may be broken otherwise, so that a search ends elsewhere."""
        order = list(range(e.keys.rows))
        random.shuffle(order)
        turned = estimate(e.sample[np.array(order)], e.scoring)
        ours, theirs = suppress(e, **rule), suppress(turned, **rule)
        assert ours.hidden.any() == theirs.hidden.any()
        assert cost(turned, theirs) <= 2 * cost(e, ours)

    @law
    @given(estimates(), st.integers(2, 10), st.integers(0, 10))
    def test_a_higher_minimum_never_shows_what_is_too_small(self, e, minimum, more):
        found = suppress(e, minimum=minimum + more)
        n = found.n[~found.hidden]
        assert not ((n > 0) & (n < minimum + more)).any()


class TestNothingOfHiddenNumbersIsLeft:
    @pytest.mark.parametrize("missing", [False, True])
    @law
    @given(data=st.data(), rule=rules)
    def test_another_table_that_agrees_with_what_is_shown_reads_the_same(self, missing, data, rule):
        e = data.draw(estimates(missing=missing))
        found = suppress(e, **rule)
        attack, secrets = attacked(e, found)
        if not secrets:
            return
        _, other = attack.bound(data.draw(st.sampled_from(secrets)))
        labels, table, points = laid_out(e, found)
        table = table.copy()
        table[groups_of(labels, table)] = other
        tally = Tally(table[:, :points], e.sample.scale, table[:, points:], by=e.keys)
        its = estimate(tally, e.scoring)
        rows = published_rows(e.keys, totals=True)
        made = rule_of(
            rule["minimum"], rule.get("numerator", 0), e.scoring, unanimous="unanimous" in rule
        )
        twin = shown_of(its, tally, rows, found.hidden, made, respondents=found.respondents)
        for read in (str, lambda one: one._repr_html_(), lambda one: one.to_dicts(), pickle.dumps):
            assert read(twin) == read(found)
        assert pickle.dumps(twin.shown) == pickle.dumps(found.shown)
