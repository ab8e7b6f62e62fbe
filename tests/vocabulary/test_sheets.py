"""A focus from sheets: what a workbook holds, and what is wrong in it by sheet and row."""

import re
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import custfocus as cf
from custfocus.errors import VocabularyError
from custfocus.vocabulary import Activity, Channel, Improvement, focus_of_sheets

SATISFIED = cf.Scoring.top_box(cf.Scale.likert(5))
SHEETS = {
    "customers": pd.DataFrame({"id": ["p", "f"], "name": ["Passengers", "Freight"]}),
    "stakeholders": [{"id": "town", "name": "Town", "interests": "influences; influenced"}],
    "services": pd.DataFrame(
        {"id": ["cross", "book"], "name": ["Crossing", "Booking"], "customers": ["p, f", "p"],
         "kind": ["service", np.nan]}
    ),
    "activities": [{"id": "load", "service": "cross", "name": "Loading"}],
    "channels": [{"id": "poll", "name": "Poll", "customers": "p", "two_way": False}],
    "statements": [{"id": "s", "customer": "p", "text": "Late again.", "channel": "poll",
                    "on": pd.Timestamp("2026-02-03"), "supports": "time"}],
    "needs": pd.DataFrame({"id": ["over"], "customer": ["p"], "text": ["to get over"],
                           "services": ["cross;book"]}),
    "requirements": pd.DataFrame({"id": ["time"], "need": ["over"], "text": ["on time"],
                                  "importance": [3]}),
    "measures": pd.DataFrame(
        {"id": ["wait", "glad"], "about": ["time", "cross"], "name": ["Wait", "Satisfied"],
         "unit": ["minutes", None], "high": [20, np.nan], "low": [np.nan, 70],
         "due": [pd.Timestamp("2026-12-31"), pd.NaT], "lowest": [0, np.nan],
         "items": [None, "q1"], "index": [None, "satisfied"], "owner": ["  ", "Crew"]}
    ),
    "improvements": [{"id": "ramp", "name": "Second ramp", "serves": "time", "learned_from": "s"}],
}  # fmt: skip
FOCUS = cf.CustomerFocus(
    "Ferry",
    customers=[cf.Customer("p", "Passengers"), cf.Customer("f", "Freight")],
    stakeholders=[cf.Stakeholder("town", "Town", interests=["influences", "influenced"])],
    services=[
        cf.Service("cross", "Crossing", customers=["p", "f"], activities=[Activity("load", "Loading")]),
        cf.Service("book", "Booking", customers=["p"]),
    ],
    channels=[Channel("poll", "Poll", customers=["p"])],
    statements=[
        cf.Statement("s", "p", "Late again.", channel="poll", on="2026-02-03", supports=["time"])
    ],
    needs=[cf.Need("over", "p", "to get over", services=["cross", "book"])],
    requirements=[cf.Requirement("time", "over", "on time", importance=3)],
    measures=[
        cf.PerformanceMeasure("wait", "time", "Wait", unit="minutes", bounds=(0, None),
                              target=cf.Target.at_most(20, due="2026-12-31")),
        cf.PerformanceMeasure("glad", "cross", "Satisfied", items="q1", index=SATISFIED,
                              target=cf.Target.at_least(70), owner="Crew"),
    ],
    improvements=[Improvement("ramp", "Second ramp", serves=["time"], learned_from=["s"])],
)  # fmt: skip


def made(**sheets):
    return focus_of_sheets("Ferry", SHEETS | sheets, indices={"satisfied": SATISFIED})


def test_each_row_is_an_object():
    assert made() == FOCUS


@pytest.mark.parametrize("kind", [pl.from_pandas, pa.Table.from_pandas])
def test_frames_of_any_library_are_sheets(kind):
    frames = {
        name: kind(sheet) for name, sheet in SHEETS.items() if isinstance(sheet, pd.DataFrame)
    }
    assert made(**frames) == FOCUS


def test_ids_that_a_sheet_has_as_numbers_are_texts():
    found = focus_of_sheets(
        "Library",
        {
            "customers": pd.DataFrame({"id": [1, 2], "name": ["Readers", "Pupils"]}),
            "services": pd.DataFrame({"id": [7.0], "name": ["Loans"], "customers": [1.0]}),
            "needs": [{"id": 1.5, "customer": 2, "text": "books"}, {"id": None, "text": " "}],
        },
    )
    assert [one.id for one in found.customers] == ["1", "2"]
    assert (found.services[0].id, found.services[0].customers) == ("7", ("1",))
    assert (found.needs[0].id, found.needs[0].customer) == ("1.5", "2")


def test_a_workbook_is_read(tmp_path):
    with pd.ExcelWriter(tmp_path / "focus.xlsx") as book:
        for name, sheet in SHEETS.items():
            pd.DataFrame(sheet).to_excel(book, sheet_name=name, index=False)
    sheets = pd.read_excel(tmp_path / "focus.xlsx", sheet_name=None)
    found = focus_of_sheets("Ferry", sheets, indices={"satisfied": SATISFIED})
    assert found == FOCUS
    assert found.measures[0].target.due == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("sheets", "said"),
    [
        ({"Needs": []}, "unknown sheet 'Needs'; did you mean 'needs', which differs by case?"),
        ({"needs": "needs.csv"}, "sheet 'needs' must be a dataframe or a list of rows, got a str"),
        ({"needs": ["over"]}, "rows of sheet 'needs' must be cells by column, got a str; write {'id"),
        ({"needs": [{"id": "over", "cust": "p", "text": "x"}]},
         "sheet 'needs', 'over': unknown column 'cust'; did you mean 'customer'?"),
        ({"needs": [{"id": "a", "customer": "p", "text": "x"}, {"customer": "p", "text": "x"}]},
         "sheet 'needs', row 2: the cell 'id' must be filled in, got none"),
        ({"needs": pd.DataFrame({"id": ["a", None, None], "customer": ["p", None, "p"],
                                 "text": ["x", " ", "y"]})},
         "sheet 'needs', row 4: the cell 'id' must be filled in, got none"),
        ({"activities": [{"id": "load", "name": "Loading"}]},
         "sheet 'activities', 'load': the cell 'service' must be filled in, got none"),
        ({"activities": [{"id": "load", "name": "Loading", "service": "crossing"}]},
         "sheet 'activities': unknown service 'crossing'; did you mean 'cross'?"),
        ({"services": [{"id": "cross", "name": "Crossing", "activities": "load"}]},
         "sheet 'services', 'cross': unknown column 'activities'"),
        ({"measures": [{"id": "wait", "about": "time", "name": "Wait", "high": "20 %"}]},
         "'wait': a target's low, high and baseline must be finite numbers, got '20 %'; write 20 for it"),
        ({"measures": [{"id": "wait", "about": "time", "name": "Wait", "due": "2026-12-31"}]},
         "sheet 'measures', 'wait': a target needs low=, high= or both"),
        ({"measures": [{"id": "g", "about": "time", "name": "G", "items": "q1", "index": "satisfed"}]},
         "sheet 'measures', 'g': unknown index 'satisfed'; did you mean 'satisfied'?"),
        ({"customers": [{"id": "p", "name": "P", "form": "firm"}]},
         "sheet 'customers', 'p': unknown Customer.form 'firm'"),
        ({"needs": [{"id": "over", "customer": "pasengers", "text": "x"}], "customers":
          [{"id": "passengers", "name": "P"}]},
         "'over' refers to 'pasengers', which is no Customer (did you mean 'passengers'?)"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_sheet_and_row(sheets, said):
    with pytest.raises(cf.CustfocusError) as error:
        made(**sheets)
    assert said in str(error.value)


def test_the_page_has_every_column():
    page = (Path(__file__).parents[2] / "docs" / "customer-focus.md").read_text("utf-8")
    for sheet in SHEETS:
        [row] = (line for line in page.splitlines() if line.startswith(f"| `{sheet}` |"))
        known = re.findall(r"`(\w+)`", row)[1:]
        for column in known:
            with pytest.raises(cf.CustfocusError) as found:
                focus_of_sheets("Ferry", {sheet: [{column: "?", "x": 1}]})
            assert "unknown column 'x'" in str(found.value)


def test_an_index_is_given_by_name():
    with pytest.raises(VocabularyError, match=r"give indices=\{'satisfied': Scoring.top_box"):
        focus_of_sheets("Ferry", SHEETS)
    with pytest.raises(VocabularyError, match="sheets must be tables by name, got a list"):
        focus_of_sheets("Ferry", [SHEETS])
