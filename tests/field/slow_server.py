"""The app as it is served, on a database whose every commit takes its time."""

import sys
import time

from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from sqlalchemy import Connection, event

from sijinak.app import wsgi
from sijinak.core.db import WRITES, db
from sijinak.serving import THREADS

COMMIT = 0.2  # seconds


def slow_wsgi() -> Flask:
    app = wsgi()
    with app.app_context():
        event.listen(db.engine, "commit", _wait)
    return app


def _wait(connection: Connection) -> None:
    if connection.get_execution_options().get(WRITES):
        time.sleep(COMMIT)


if __name__ == "__main__":
    Granian(
        "tests.field.slow_server:slow_wsgi",
        factory=True,
        interface=Interfaces.WSGI,
        address="127.0.0.1",
        port=int(sys.argv[1]),
        blocking_threads=THREADS,
    ).serve()
