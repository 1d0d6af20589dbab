"""Each test has a bank on a port of its own. Its keys are made once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sijinak.sandboxbank.house import House
from tests.sandboxbank.partners import Listener, Merchant, Running


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    House.opened(folder, "http://127.0.0.1:9").books.close()
    (folder / "bank.sqlite").unlink()
    return folder


@pytest.fixture
def sijinak() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.stop()


@pytest.fixture
def bank(keys: Path, tmp_path: Path, sijinak: Listener) -> Iterator[Running]:
    folder = tmp_path / "bank"
    shutil.copytree(keys, folder)
    running = Running(folder, sijinak.url)
    yield running
    running.stop()


@pytest.fixture
def merchant(bank: Running) -> Merchant:
    return Merchant(bank).sign_in()
