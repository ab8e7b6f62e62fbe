"""Patterns of error messages, and how far a printed number may be off."""

import re


def begins(text: str) -> str:
    """A pattern for a message that starts with the text."""
    return "^" + re.escape(text)


def whole(text: str) -> str:
    """A pattern for exactly that message."""
    return f"^{re.escape(text)}$"


def half_a_unit(decimals: int) -> float:
    """Of the last of so many printed decimals, and a little for its own rounding."""
    return 0.5000001 * 10**-decimals
