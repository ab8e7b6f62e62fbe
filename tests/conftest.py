"""Hypothesis without deadlines, since tests never judge time, repeatable in CI; no screen."""

import os

from hypothesis import settings

os.environ["MPLBACKEND"] = "Agg"  # pictures without a screen
settings.register_profile("search", deadline=None)
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable" if os.environ.get("CI") else "search")
