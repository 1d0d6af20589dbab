"""The long-running processes: the one that answers, and the one that does what events ask for."""

import logging
import signal
import subprocess
import sys
import threading

from sqlalchemy.exc import SQLAlchemyError

from sijinak.core.db import db
from sijinak.core.events import events
from sijinak.core.schedule import Rounds
from sijinak.wiring import SCHEDULE

IDLE_SECONDS = 0.5
OUTAGE_SECONDS = 5.0
# A slow answer or a slow sender holds a thread; a proxy in front keeps slow senders away.
THREADS = 4

log = logging.getLogger(__name__)


def work(*, once: bool) -> None:
    """Deliver what is owed and run what is due until stopped, or until nothing is left."""
    rounds = Rounds(SCHEDULE)
    stop = _stop_signal()
    while not stop.is_set():
        try:
            rounds.run_due()
            busy = events.deliver_next()
        except SQLAlchemyError:
            log.exception("the database does not answer; trying again")
            stop.wait(OUTAGE_SECONDS)
            continue
        finally:
            db.session.remove()
        if not busy:
            if once:
                return
            stop.wait(IDLE_SECONDS)


def _stop_signal() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


class Companion:
    """The worker as a child of the server: started with it, started again when it dies."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._child = self._start()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def stop(self) -> None:
        self._stopping.set()
        self._child.terminate()
        self._child.wait()

    def _start(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "sijinak.cli", "worker"]
        return subprocess.Popen(command)  # noqa: S603 - our own command

    def _watch(self) -> None:
        while not self._stopping.is_set():
            self._child.wait()
            if not self._stopping.wait(OUTAGE_SECONDS):
                log.error("the worker ended; starting another")
                self._child = self._start()


def answer(host: str, port: int, processes: int) -> None:
    """Answer on HTTP until stopped."""
    from granian import Granian  # noqa: PLC0415 - only the server needs it
    from granian.constants import Interfaces  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415

    Granian(
        "sijinak.app:wsgi",
        factory=True,
        interface=Interfaces.WSGI,
        address=host,
        port=port,
        workers=processes,
        blocking_threads=THREADS,
        log_access=False,
        log_level=LogLevels.warning,
    ).serve()
