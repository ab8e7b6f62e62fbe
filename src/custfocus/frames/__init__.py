"""Tallies and scores out of any dataframe or engine; needs the extra ``frames``."""

from importlib.util import find_spec

from custfocus.errors import FRAMES_EXTRA, missing_extra

if find_spec("narwhals") is None:
    raise missing_extra("narwhals", FRAMES_EXTRA)

from custfocus.frames.files import load, save
from custfocus.frames.functions import score, scorecard, tally, tally_long

__all__ = ["load", "save", "score", "scorecard", "tally", "tally_long"]
