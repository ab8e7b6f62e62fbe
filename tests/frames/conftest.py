"""Every engine that is installed, each started once for all tests of this folder."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from frames import engines
from frames.spark_cluster import spark_cluster, spark_connect

STARTED = {
    "Dask": engines.dask,
    "Ibis": engines.ibis,
    "Modin": engines.modin,
    "Modin, nullable": lambda: engines.modin(engines.nullable),
    "Spark": engines.spark,
}
CLUSTERS = {
    "Dask, two workers": engines.dask_cluster,
    "Spark, a worker": spark_cluster,
    "Spark Connect": spark_connect,
}
PACKAGES = {"spark": "pyspark", "spark connect": "grpc"}  # where the engine is not called so

NOT_OURS = (
    # Modin says which of its parts are those of pandas
    "ignore:.*defaulting to pandas:UserWarning",
    "ignore:.*implementation has mismatches with pandas:UserWarning",
    "ignore::DeprecationWarning:(modin|pyspark|sqlframe|sqlglot|ibis|distributed).*",
    "ignore:unclosed:ResourceWarning",
    # Dask builds an index of dates as pandas will not always read it
    "ignore:Dtype inference on a pandas object:FutureWarning",
)


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in (item for item in items if item.path.is_relative_to(here)):
        for warning in NOT_OURS:
            item.add_marker(pytest.mark.filterwarnings(warning))


def marked(name):
    """An engine's name with the marks of what it needs."""
    if name in engines.QUICK:
        return name
    marks = [pytest.mark.engines, pytest.mark.xdist_group(name)]
    return pytest.param(name, marks=[*marks, pytest.mark.cluster] if name in CLUSTERS else marks)


def is_installed(name):
    """Whether an engine of the dependency group engines is there."""
    package = name.partition(",")[0].lower()
    return find_spec(PACKAGES.get(package, package)) is not None


@pytest.fixture(scope="session")
def engine(request):
    """Any engine; those that take seconds to start are started once, one at a time."""
    if request.param in engines.QUICK:
        yield engines.QUICK[request.param]
        return
    with {**STARTED, **CLUSTERS}[request.param]() as started:
        yield started


def pytest_generate_tests(metafunc):
    """Tests of an engine are run on each; those that are marked so on clusters too."""
    if "engine" in metafunc.fixturenames:
        clusters = CLUSTERS if metafunc.definition.get_closest_marker("on_clusters") else ()
        names = [*engines.QUICK, *filter(is_installed, [*STARTED, *clusters])]
        metafunc.parametrize("engine", [*map(marked, names)], indirect=True, scope="session")
