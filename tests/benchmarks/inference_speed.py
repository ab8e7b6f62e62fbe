"""
Every ratio of the inference benchmarks in one run.

Run it with ``python tests/benchmarks/inference_speed.py``: intervals for shares, two samples,
bootstrap and survey designs, each beside the library that an analyst would use instead. It takes
a few minutes.
"""

import runpy
from pathlib import Path

SCRIPTS = ("proportion_speed", "two_sample_speed", "bootstrap_speed", "survey_speed")


def main():
    for script in SCRIPTS:
        print(f"\n{script}")
        runpy.run_path(str(Path(__file__).with_name(f"{script}.py")), run_name="__main__")


if __name__ == "__main__":
    main()
