"""How many answers a survey needs, and how small a change will show."""

from custfocus.intervals.detection import (
    Direction,
    detection_power,
    detection_sample_size,
    smallest_detectable_change,
)
from custfocus.intervals.plans import Plan
from custfocus.intervals.sample_sizes import margin_assurance, margin_of_error, sample_size
from custfocus.planning.next_wave import (
    AnswersNeeded,
    DetectableChange,
    answers_needed,
    detectable_change,
)

__all__ = [
    "AnswersNeeded",
    "DetectableChange",
    "Direction",
    "Plan",
    "answers_needed",
    "detectable_change",
    "detection_power",
    "detection_sample_size",
    "margin_assurance",
    "margin_of_error",
    "sample_size",
    "smallest_detectable_change",
]
