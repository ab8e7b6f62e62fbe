"""Performance measures against their targets."""

from custfocus.progress.verdict import Standing, Verdict, verdict

__all__ = ["Standing", "Verdict", "verdict"]
