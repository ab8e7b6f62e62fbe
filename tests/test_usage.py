"""A survey in a frame, groups by name: what users type, on random data, as the README shows it."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

import custfocus as cf

FIVE = cf.Scale.likert(5, missing=[9, None])
ITEMS = ["q3_01", "q3_02", "q3_03"]
WAVES = ("2022-03", "2021-09")


@pytest.fixture(scope="module")
def df():
    rng = np.random.default_rng(20220301)
    rows = 1200
    return pd.DataFrame(
        {
            name: rng.choice([1, 2, 3, 4, 5, 9], rows, p=[0.1, 0.1, 0.2, 0.3, 0.25, 0.05])
            for name in ITEMS
        }
        | {"rec": rng.integers(0, 11, rows)}
        | {"district": rng.integers(1, 7, rows), "wave": rng.choice(WAVES, rows)}
        | {"w": rng.uniform(0.5, 2, rows), "area": rng.integers(1, 4, rows)}
        | {"block": rng.integers(1, 60, rows)}
    )


@pytest.fixture(scope="module", params=["plain", "weighted"])
def e(request, df):
    weights = (
        {"weights": "w", "strata": "area", "clusters": "block"}
        if request.param == "weighted"
        else {}
    )
    t = cf.frames.tally(df, ITEMS, scale=FIVE, by=["district", "wave"], **weights)
    return cf.csat(t)


def test_groups_are_called_by_their_labels(df):
    found = cf.csat(df["q3_01"], scale=FIVE, by=df["district"])
    assert found.keys.labels("district") == [1, 2, 3, 4, 5, 6]
    assert found.keys.fixed == (("item", "q3_01"),)
    weighted = cf.csat(df["q3_01"], scale=FIVE, by=df["district"], weights=df["w"])
    assert list(weighted.to_dicts()[0]) == list(found.to_dicts()[0])
    assert cf.nps(df["rec"], by=df[["district", "wave"]]).keys.names == ("district", "wave")


def test_a_table_of_districts_waves_and_items(e, df):
    assert list(e.to_frame("polars").columns)[:8] == [
        "district", "wave", "item", "metric", "unit", "n", "missing", "value",
    ]  # fmt: skip
    assert isinstance(e.to_frame(pl.DataFrame()), pl.DataFrame)
    one = e.sel(district=3, wave="2022-03", item="q3_01")
    chosen = df[(df["district"] == 3) & (df["wave"] == "2022-03")]["q3_01"]
    assert int(one.n) == int((chosen != 9).sum())
    assert int(one.missing) == int((chosen == 9).sum())
    assert f"{one:.1f}" == one.metric.text(float(one))
    assert e.sel(district=3, item="q3_01").keys.labels("wave") == sorted(WAVES)


def test_what_changed_is_named(e):
    found = cf.compare(e, wave=WAVES)
    assert found.keys.names == ("district", "item")
    lines = str(found).splitlines()
    assert lines[0].split()[:2] == ["district", "item"]
    assert "n (2022-03)" in lines[0]
    assert "difference in CSAT, 2022-03 minus 2021-09, 95 % score intervals" in str(found)
    row = found.sel(district=4, item="q3_02")
    after, before = (e.sel(district=4, item="q3_02", wave=wave) for wave in WAVES)
    assert float(row) == pytest.approx(float(after) - float(before), abs=1e-12)
    assert cf.compare(e, {"wave": WAVES}) == found


def test_districts_are_compared_ranked_and_planned(e):
    district = e.sel(item="q3_01", wave="2022-03")
    rest = cf.comparisons.with_rest(district)
    assert rest.keys.labels("label_a") == [1, 2, 3, 4, 5, 6]
    ranks = cf.comparisons.rank(e, across="district")
    assert ranks.keys.rows == 36
    assert cf.planning.detectable_change(e).keys.rows == 36
    assert (
        cf.comparisons.rank(e, across="district").sel(item="q3_01", wave="2022-03").rank.max() <= 6
    )


def test_small_groups_are_suppressed(df):
    found = cf.disclosure.suppress(cf.csat(df["q3_01"], scale=FIVE, by=df["district"]), minimum=20)
    assert found.keys.labels("district") == [1, 2, 3, 4, 5, 6, None]


def test_the_labels_of_a_frame_and_of_its_columns_are_the_same(df):
    t = cf.frames.tally(df, ITEMS, scale=FIVE, by=["district", "wave"])
    assert t == cf.Tally.of(df[ITEMS], FIVE, by=df[["district", "wave"]])
    assert t == cf.frames.tally(
        pl.from_pandas(df).lazy(), ITEMS, scale=FIVE, by=["district", "wave"]
    )
    assert t.collapsed("wave") == cf.frames.tally(df, ITEMS, scale=FIVE, by="district")
