"""Results: labelled tables, and how they are read as text, HTML, dictionaries and dataframes."""

from custfocus.results.keys import Keys
from custfocus.results.metric import Direction, Metric
from custfocus.results.result import Column, Result
from custfocus.results.stack import Stack

__all__ = ["Column", "Direction", "Keys", "Metric", "Result", "Stack"]
