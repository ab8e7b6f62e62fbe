"""Answers on a scale, what each of them counts, and how many chose each point."""

from custfocus.responses.pairs import PairTally
from custfocus.responses.sample import Sample
from custfocus.responses.scale import Scale
from custfocus.responses.scoring import Scoring, Unit
from custfocus.responses.tally import Tally

__all__ = ["PairTally", "Sample", "Scale", "Scoring", "Tally", "Unit"]
