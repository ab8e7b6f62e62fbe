"""Pictures without a screen, each closed after its test."""

import matplotlib as mpl
import pytest
from matplotlib import pyplot as plt

mpl.use("Agg")


@pytest.fixture(autouse=True)
def _figures_are_closed():
    yield
    plt.close("all")
