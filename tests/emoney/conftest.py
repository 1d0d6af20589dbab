"""An office at a sandbox bank that nobody answers for, with wallets in its own books."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sijinak.config import Settings
from sijinak.sandboxbank.house import House, settings_of
from tests.databases import Databases

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(scope="session")
def at_bank(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder: Path = tmp_path_factory.mktemp("bank")
    house = House.opened(folder, NOWHERE)
    house.books.close()
    return Settings.from_env(settings_of(house, folder, NOWHERE))


@pytest.fixture
def settings(
    databases: Databases, at_bank: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    with databases.copy() as url:
        yield replace(
            Settings(database_url=url, data_dir=str(tmp_path_factory.mktemp("instance"))),
            payment_adapters="cash,sandbox,snap,wallet",
            outbound_internal="127.0.0.1",
            adapter_settings=at_bank.adapter_settings,
            wallet_mode="closed_loop",
            wallet_float_ceiling=20_000_000,
        )
