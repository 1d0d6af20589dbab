"""An office that keeps wallets in its own books."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from sijinak.config import Settings
from tests.databases import Databases


@pytest.fixture
def settings(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with databases.copy() as url:
        plain = Settings(database_url=url, data_dir=str(tmp_path_factory.mktemp("instance")))
        yield replace(
            plain,
            wallet_mode="closed_loop",
            payment_adapters="cash,sandbox,wallet",
            wallet_float_ceiling=20_000_000,
        )
