"""
How many files lead from a dataframe to the limits of an index, and how often each is entered.

Run it with ``python tests/benchmarks/path_to_limits.py``. A pandas frame of 1,000 respondents
with one question of 0 to 10 and one key of two shops goes through ``frames.score`` to the limits
of its NPS, first plainly, then with a column of weights. What is counted are calls of functions
that stand in files of the package; the first run, which loads and caches, is not counted.

- *Files entered* is the number of files that any of these functions are in.
- A file is *entered* by a call of one of its functions when the call before it, of any function
  of the package, was one in another file. That a function returns into a file, or a generator
  goes on in one, does not count. Calls of comprehensions and generator expressions count as
  those of functions do (from Python 3.12 on comprehensions are no calls, so compare figures of
  one version of Python).
- It is *called into* by a call from a function in another file; calls by way of the standard
  library, another package or a method that attrs wrote are those of the nearest file of the
  package.

How often a file is entered depends on the number of points, and with weights on that of groups,
wherever a function is called for each of them; so both are fixed here.
"""

import inspect
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

import custfocus
from custfocus import Scale, frames, nps

PACKAGE = Path(custfocus.__file__).parent
SCALE = Scale.range(0, 10)
ROWS = 1000
MOST_FILES, MOST_ENTRIES = 18, 4  # what is aimed at; the second for each file of frames/


class Calls(NamedTuple):
    """The files of the functions called, in order, each with the file that it was called from."""

    files: list[str]
    callers: list[str]

    @property
    def entered(self) -> Counter[str]:
        """How often a call is in another file than the call before it."""
        before = ["", *self.files]
        return Counter(file for file, last in zip(self.files, before, strict=False) if file != last)

    @property
    def called_into(self) -> Counter[str]:
        """How often a call comes from another file."""
        pairs = zip(self.files, self.callers, strict=True)
        return Counter(file for file, caller in pairs if file != caller)


def file_of(frame) -> str:
    """The frame's file below the package, or nothing for one from elsewhere."""
    path = Path(frame.f_code.co_filename)
    return path.relative_to(PACKAGE).as_posix() if path.is_relative_to(PACKAGE) else ""


def caller_of(frame) -> str:
    """The file of the nearest caller in the package."""
    while (frame := frame.f_back) is not None:
        if file := file_of(frame):
            return file
    return ""


def calls_of(work: Callable[[], object]) -> Calls:
    """The calls of the package's functions while the work is done."""
    calls, begun = Calls([], []), set()

    def note(frame, event, _) -> None:
        if event != "call" or frame in begun or not (file := file_of(frame)):
            return  # a frame that is called again is a generator that goes on
        if frame.f_code.co_flags & inspect.CO_GENERATOR:
            begun.add(frame)
        calls.files.append(file)
        calls.callers.append(caller_of(frame))

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return calls


def report(title: str, work: Callable[[], object]) -> None:
    """Print what is counted of some work, after it was done once."""
    work()
    calls = calls_of(work)
    entered, called_into = calls.entered, calls.called_into
    worst = max(entered[file] for file in entered if file.startswith("frames/"))
    print(f"{title}: {len(entered)} files entered (at most {MOST_FILES} wanted),")
    print(f"  a file of frames/ up to {worst} times (at most {MOST_ENTRIES} wanted);")
    print(f"  {entered.total()} entries, {called_into.total()} calls into another file")
    print(f"{'':<32}{'entered':>10}{'called into':>14}")
    for file in sorted(entered, key=lambda file: (not file.startswith("frames/"), file)):
        print(f"{file:<32}{entered[file]:>10}{called_into[file]:>14}")
    print()


def main() -> None:
    """Print both paths."""
    generator = np.random.default_rng(1)
    answers = generator.integers(0, len(SCALE), ROWS)
    shops = np.array(["north", "south"], dtype=object)[np.arange(ROWS) % 2]
    weights = generator.uniform(0.5, 2, ROWS)
    frame = pd.DataFrame({"q": answers, "shop": shops, "weight": weights})
    report("plain", lambda: frames.score(frame, "q", nps, scale=SCALE, by="shop"))
    report(
        "weighted",
        lambda: frames.score(frame, "q", nps, scale=SCALE, by="shop", weights="weight"),
    )


if __name__ == "__main__":
    main()
