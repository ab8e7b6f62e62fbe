"""Spark in Java processes of its own on this machine: a master with a worker, a Connect server."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from frames.engines import Engine, Rows, arrow_table, spark, without_zones

DEPLOY = "org.apache.spark.deploy"
CONNECT = "org.apache.spark.sql.connect.service.SparkConnectServer"
OPEN = ("--add-opens", "java.base/java.nio=ALL-UNNAMED")  # Spark's scripts say so for Arrow
WHERE = {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_SCALA_VERSION": "2.13"}  # else it seeks a build's
PATIENCE = 240  # seconds to start, far more than it takes; no test is about it


@contextmanager
def spark_cluster() -> Iterator[Engine]:
    """Spark's standalone cluster, whose scripts are not in the wheel, but whose classes are."""
    port = _free_port()
    master = f"spark://127.0.0.1:{port}"
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        local = ("--host", "127.0.0.1", "--webui-port", "0")
        stack.enter_context(_java("master.Master", *local, "--port", str(port)))
        _wait_for(port)
        stack.enter_context(
            _java("worker.Worker", *local, "--cores", "2", "--work-dir", folder, master)
        )
        yield stack.enter_context(spark(master))


@contextmanager
def spark_connect() -> Iterator[Engine]:
    """A server of Spark Connect, and a session that talks to it without any Java."""
    pytest.importorskip("grpc", reason="Spark Connect is in the dependency group engines")
    from pyspark.sql.connect.session import SparkSession  # noqa: PLC0415
    from pyspark.sql.pandas.types import from_arrow_schema  # noqa: PLC0415

    port = _free_port()
    options = {
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
        "spark.driver.host": "127.0.0.1",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.session.timeZone": "UTC",
        "spark.ui.enabled": "false",
    }
    settings = [part for item in options.items() for part in ("--conf", "=".join(item))]
    with _java(
        "SparkSubmit", "--master", "local[2]", *settings, "--class", CONNECT, "spark-internal"
    ):
        _wait_for(port)
        session = SparkSession.builder.remote(f"sc://127.0.0.1:{port}").create()

        def build(rows: Rows) -> Any:
            table = arrow_table(rows)
            return session.createDataFrame(table, from_arrow_schema(table.schema))

        yield Engine(build, settled=without_zones)
        session.stop()


@contextmanager
def _java(of_deploy: str, *arguments: str) -> Iterator[None]:
    pyspark = pytest.importorskip("pyspark", reason="PySpark is in the dependency group engines")
    home = Path(pyspark.__file__).parent
    java = shutil.which("java") or pytest.skip("Spark needs Java")
    process = subprocess.Popen(  # noqa: S603 - our own arguments
        [java, *OPEN, "-cp", f"{home}/jars/*", f"{DEPLOY}.{of_deploy}", *arguments],
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
    pytest.fail(f"Spark does not answer within {PATIENCE} seconds")
