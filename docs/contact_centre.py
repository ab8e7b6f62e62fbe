"""
A city's 311 contact centre: who it serves, what they need, and how well it does.

The answers are those of Kansas City, Missouri, in two quarterly waves of its resident survey,
published by the city as open data and counted by district in data/kcmo_311_counts.csv. The
targets are examples of ours, not the city's.

Run ``python docs/contact_centre.py`` for the scorecard by wave and by district.
"""

import csv
from pathlib import Path

from custfocus import (
    Customer,
    CustomerFocus,
    Need,
    PerformanceMeasure,
    Requirement,
    Scale,
    Scorecard,
    Scoring,
    Service,
    Stakeholder,
    Tally,
    Target,
    scorecard,
)
from custfocus.vocabulary import Activity, Channel

COUNTS = Path(__file__).with_name("data") / "kcmo_311_counts.csv"

SATISFACTION = Scale.likert(
    5,
    labels=["Very dissatisfied", "Dissatisfied", "Neutral", "Satisfied", "Very satisfied"],
    missing=[9, None],  # 9 is "don't know"
)
SATISFIED = Scoring.top_box(SATISFACTION, boxes=2)
NET_SATISFIED = Scoring.net(SATISFACTION, positive=2, negative=2)

FOCUS = CustomerFocus(
    "Kansas City 311 contact centre",
    customers=[
        Customer("residents", "Residents"),
        Customer("departments", "City departments", relation="internal", form="entity"),
    ],
    stakeholders=[
        Stakeholder("council", "City council", interests=["influences"]),
        Stakeholder("neighbourhoods", "Neighbourhoods", interests=["benefits indirectly"]),
    ],
    services=[
        Service(
            "contact-centre",
            "311 contact centre",
            customers=["residents", "departments"],
            stakeholders=["council", "neighbourhoods"],
            activities=[
                Activity("take", "Take the request by phone or on the web"),
                Activity("route", "Pass it to the department that can act"),
                Activity("close", "Tell the resident what was done"),
            ],
        )
    ],
    channels=[
        Channel(
            "survey", "Resident survey", customers=["residents"], every="quarter", last="2022-03-31"
        )
    ],
    needs=[
        Need(
            "one-door",
            "residents",
            "one place to turn to, whoever is responsible",
            services=["contact-centre"],
        ),
        Need(
            "clear-requests",
            "departments",
            "requests that they can act on",
            services=["contact-centre"],
            spoken=False,
        ),
    ],
    requirements=[
        Requirement("easy-phone", "one-door", "easy to reach by phone"),
        Requirement("easy-web", "one-door", "easy to use on the web"),
        Requirement("courteous", "one-door", "courteous staff", kind="want"),
        Requirement("resolved", "one-door", "the request resolved", kind="key driver"),
        Requirement("complete-requests", "clear-requests", "complete and sent to the right place"),
    ],
    measures=[
        PerformanceMeasure(
            "phone-satisfied",
            "easy-phone",
            "Satisfied with the phone",
            items="ease_311_phone",
            index=SATISFIED,
            target=Target.at_least(65),
        ),
        PerformanceMeasure(
            "web-satisfied",
            "easy-web",
            "Satisfied with the web",
            items="ease_311_web",
            index=SATISFIED,
            target=Target.at_least(65),
        ),
        PerformanceMeasure(
            "courtesy-satisfied",
            "courteous",
            "Satisfied with courtesy",
            items="courtesy_311",
            index=SATISFIED,
            target=Target.at_least(65),
        ),
        PerformanceMeasure(
            "resolution-satisfied",
            "resolved",
            "Satisfied with the result",
            items="resolved_311",
            index=SATISFIED,
            target=Target.at_least(60),
        ),
        PerformanceMeasure(
            "resolution-net",
            "resolved",
            "Net satisfied with the result",
            items="resolved_311",
            index=NET_SATISFIED,
            target=Target.at_least(40),
        ),
    ],
)


def read_counts(path: Path = COUNTS) -> dict[str, Tally]:
    """
    The counts as one tally for each item, its rows by wave and district.

    Args:
        path: A file with the columns quarter, district, item, answer and count.
    """
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    cells = {
        (row["item"], row["quarter"], row["district"], int(row["answer"])): int(row["count"])
        for row in rows
    }
    groups = sorted({(row["quarter"], row["district"]) for row in rows})
    waves, districts = zip(*groups, strict=True)
    return {
        item: Tally(
            [
                [cells.get((item, *group, point), 0) for point in SATISFACTION.points]
                for group in groups
            ],
            SATISFACTION,
            [cells.get((item, *group, 9), 0) for group in groups],
            by={"wave": waves, "district": districts},
        )
        for item in sorted({row["item"] for row in rows})
    }


def cards() -> tuple[Scorecard, Scorecard]:
    """The scorecard by wave and the one by district, both waves together."""
    tallies = read_counts()
    by_wave = {item: tally.collapsed("district") for item, tally in tallies.items()}
    by_district = {item: tally.collapsed("wave") for item, tally in tallies.items()}
    return scorecard(FOCUS, by_wave), scorecard(FOCUS, by_district)


if __name__ == "__main__":
    for title, card in zip(("By wave", "By district, both waves together"), cards(), strict=True):
        print(title, card, "", sep="\n")
    print("What is still missing:", FOCUS.gaps(on="2022-06-30"), sep="\n")
