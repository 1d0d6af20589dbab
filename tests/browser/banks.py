"""A sandbox bank as a process of its own, and settings with which SiJINAK pays there."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from socket import socket
from typing import Any

from click.testing import CliRunner

from sijinak.config import Settings
from sijinak.sandboxbank.cli import sandbox_bank

COMMAND = [sys.executable, "-m", "sijinak.sandboxbank.cli"]  # quicker than through the whole app
START = 120.0


class BankProcess:
    """What a newcomer's two commands make; here the payer's phone is pressed by HTTP."""

    def __init__(self, folder: Path, sijinak: str) -> None:
        self._folder = folder
        with closing(socket()) as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._given = ["--folder", str(folder), "--sijinak", sijinak, "--port", str(self.port)]
        self._file = folder / "sijinak.env"
        folder.mkdir()
        written = CliRunner().invoke(
            sandbox_bank, [*self._given, "--demo-settings", str(self._file)]
        )
        assert written.exit_code == 0, written.output
        self._process = subprocess.Popen([*COMMAND, *self._given], stdout=subprocess.DEVNULL)
        self._wait()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def settings(self, own: Settings) -> Settings:
        """The test's settings, with what the bank wrote for a newcomer."""
        lines = (line.split("=", 1) for line in self._file.read_text().splitlines())
        found = Settings.from_env(dict(lines))
        return replace(
            own,
            payment_adapters=found.payment_adapters,
            outbound_internal=found.outbound_internal,
            adapter_settings=found.adapter_settings,
        )

    def call(self, method: str, path: str, body: object = None) -> Any:
        return json.loads(self._answer(method, path, body))

    def file(self, path: str) -> bytes:
        return self._answer("GET", path)

    def _answer(self, method: str, path: str, body: object = None) -> bytes:
        line = HTTPConnection("127.0.0.1", self.port, timeout=60)
        with closing(line):
            sent = None if body is None else json.dumps(body)
            line.request(method, path, sent, {"Content-Type": "application/json"})
            answer = line.getresponse()
            said = answer.read()
        assert answer.status < 400, said
        return said

    def turn(self, **knobs: object) -> None:
        self.call("PUT", "/knobs", knobs)

    def newest(self) -> dict[str, Any]:
        found: dict[str, Any] = self.call("GET", "/phone/orders")[0]
        return found

    def phone(self, **wish: object) -> dict[str, Any]:
        """The newest order is meant, unless the wish names one."""
        meant = {} if {"ref", "payload"} & wish.keys() else {"ref": self.newest()["ref"]}
        found: dict[str, Any] = self.call("POST", "/phone/pay", {**meant, **wish})
        return found

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + START
        while time.monotonic() < deadline:
            try:
                self.call("GET", "/knobs")
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError("the bank did not start")


@contextmanager
def open_bank(folder: Path, sijinak: str) -> Iterator[BankProcess]:
    bank = BankProcess(folder, sijinak)
    try:
        yield bank
    finally:
        bank.stop()
