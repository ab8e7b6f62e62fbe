"""The kinds of errors that the library raises, and the messages that several modules share."""

from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from typing import TypeVar

from custfocus.messages import list_names, near_miss, nearest, quoted

T = TypeVar("T")

_MOST_NAMES = 10  # in a message

LEAST_SIZE, GREATEST_SIZE = 1e-50, 1e50
"""Scores are 0 or of a size between these: float64 holds the fourth powers of their distances."""


class CustfocusError(ValueError):
    """Any error that this library raises on purpose; its one argument is the message."""


class ScaleError(CustfocusError):
    """A scale or a scoring that contradicts itself."""


class AnswerError(CustfocusError):
    """Answers that are not on their scale."""


class TallyError(CustfocusError):
    """Counts that no sample could have given."""


class LabelError(TallyError):
    """A name or label that is not there, that is reserved, or that two results do not share."""


class UnknownPartError(LabelError, KeyError):
    """A name that results by name do not have; a KeyError too, as of other mappings."""

    def __str__(self) -> str:  # a KeyError shows its message in quotes
        return ValueError.__str__(self)


class VocabularyError(CustfocusError):
    """Ids that are doubled or lead nowhere, targets that cannot be."""


class OptionError(CustfocusError):
    """An option that does not exist or is out of its range."""


class MissingExtraError(ImportError):
    """An optional part whose packages are not installed; the message names the installation."""


def missing_extra(package: str, remedy: str) -> MissingExtraError:
    """
    The error for a package that an optional part needs and that is not there.

    >>> print(missing_extra("pyarrow", "pip install pyarrow, or save as .json"))
    pyarrow is not installed: pip install pyarrow, or save as .json
    """
    return MissingExtraError(f"{package} is not installed: {remedy}", name=package)


FRAMES_EXTRA = 'pip install "custfocus[frames]", or in a clone pip install ".[frames]"'
PLOTS_EXTRA = 'pip install "custfocus[plots]", or in a clone pip install ".[plots]"'


@contextmanager
def naming(thing: str) -> Generator[None, None, None]:
    """Errors of one thing among many say which it is."""
    try:
        yield
    except CustfocusError as error:
        text = str(error)
        raise type(error)(text if text.startswith(f"{thing}: ") else f"{thing}: {text}") from None


def choose(kind: str, name: object, known: Mapping[str, T]) -> T:
    """
    What stands under a name.

    Raises:
        OptionError: A name that is not there.
    """
    if isinstance(name, str) and name in known:
        return known[name]
    raise unknown_option(kind, name, known)


def unknown_option(kind: str, got: object, known: Iterable[object]) -> OptionError:
    """
    The error for a name that is not among the known ones: what was meant, and the names nearest.

    Known labels are given as they are, so that one that differs by its type is called so.

    >>> print(unknown_option("method", "wilsn", ["wilson", "score"]))
    unknown method 'wilsn'; did you mean 'wilson'? (also: score)
    """
    names = list(known)
    near = nearest(got, names, _MOST_NAMES)
    meant = near_miss(got, near[:1])
    rest = near[1:] if meant else near
    rest += [name for name in names if name not in near]
    listed = list_names(list(map(str, rest)), _MOST_NAMES - bool(meant))
    if meant:
        ending = f"{meant} (also: {listed})" if listed else meant
    else:
        ending = f"choose from: {listed}" if listed else "there are none"
    return OptionError(f"unknown {kind} {quoted(got)}; {ending}")
