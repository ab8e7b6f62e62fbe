"""Hypothesis profiles: no deadlines, since tests never judge time, and the same examples in CI."""

import os

from hypothesis import settings

settings.register_profile("search", deadline=None)
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable" if os.environ.get("CI") else "search")
