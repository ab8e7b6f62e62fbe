"""A cluster of Spark on this machine: a master and a worker, each a Java process of its own."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from frames.engines import Engine, spark

DEPLOY = "org.apache.spark.deploy"
WHERE = {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_SCALA_VERSION": "2.13"}  # else it seeks a build's
PATIENCE = 60  # seconds to start, far more than it takes; no test is about it


@contextmanager
def spark_cluster() -> Iterator[Engine]:
    """Spark's standalone cluster, whose scripts are not in the wheel, but whose classes are."""
    pyspark = pytest.importorskip("pyspark", reason="PySpark is in the dependency group engines")
    home = Path(pyspark.__file__).parent
    port = _free_port()
    master = f"spark://127.0.0.1:{port}"
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        local = ("--host", "127.0.0.1", "--webui-port", "0")
        stack.enter_context(_java(home, "master.Master", *local, "--port", str(port)))
        _wait_for(port)
        stack.enter_context(
            _java(home, "worker.Worker", *local, "--cores", "2", "--work-dir", folder, master)
        )
        yield stack.enter_context(spark(master))


@contextmanager
def _java(home: Path, of_deploy: str, *arguments: str) -> Iterator[None]:
    java = shutil.which("java") or pytest.skip("Spark needs Java")
    process = subprocess.Popen(  # noqa: S603 - our own arguments
        [java, "-cp", f"{home}/jars/*", f"{DEPLOY}.{of_deploy}", *arguments],
        env={**os.environ, **WHERE, "SPARK_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def _wait_for(port: int) -> None:
    for _ in range(10 * PATIENCE):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"Spark's master does not answer within {PATIENCE} seconds")
