"""
Draws the pictures of docs/plots.md and docs/small-groups.md into docs/pictures.

Run it with ``python docs/pictures.py`` from the folder of the clone.
"""

import csv
from pathlib import Path

from contact_centre import SATISFIED, cards, read_counts
from matplotlib import pyplot as plt

from custfocus import Scale, Scoring, Tally, Target, estimate, plots, verdict
from custfocus.comparisons import Shrunken, shrink
from custfocus.progress import chart
from custfocus.quantities import Observed

DOCS = Path(__file__).parent


def take_up() -> Observed:
    """The share of powers of attorney that are made online, by month (docs/data)."""
    with (DOCS / "data" / "opg_services_monthly.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["service"].startswith("make")]
    known = [row for row in rows if row["digital_take_up_percent"]]
    return Observed(
        [float(row["digital_take_up_percent"]) for row in known],
        period=[row["month"] for row in known],
        unit="percent",
        bounds=(0, 100),
        name="Digital take-up",
    )


def players() -> Shrunken:
    """Hits of 18 players in 45 times at bat, drawn together (docs/data)."""
    with (DOCS / "data" / "batting_1970.csv").open(encoding="utf-8") as file:
        hits = {row["player"]: int(row["hits"]) for row in csv.DictReader(file)}
    scale = Scale.likert(2, labels=["out", "hit"])
    tally = Tally([[45 - one, one] for one in hits.values()], scale, by={"player": [*hits]})
    return shrink(estimate(tally, Scoring(scale, [0, 1], name="hits", unit="percent")))


def main(folder: Path) -> None:
    """Draw them and save them in a folder."""
    courtesy = read_counts()["courtesy_311"]
    satisfied = estimate(courtesy.collapsed("wave"), SATISFIED)
    by_wave, _ = cards()
    pictures = {
        "verdicts": verdict(satisfied, Target.at_least(65)),
        "answers": courtesy.collapsed("district"),
        "series": chart(take_up(), target=Target.at_least(50)),
        "scorecard": by_wave,
        "small-groups": players(),
    }
    folder.mkdir(exist_ok=True)
    for name, result in pictures.items():
        axes = plots.draw(result)
        file = folder / f"{name}.png"
        axes.figure.savefig(file, dpi=80, bbox_inches="tight", metadata={"Software": None})
        plt.close(axes.figure)


if __name__ == "__main__":
    main(DOCS / "pictures")
