"""A demo regency that tests may read, made once: they change nothing."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.databases import Databases
from tests.demo.regencies import regency


@pytest.fixture(scope="package")
def demo(databases: Databases) -> Iterator[Flask]:
    with regency(databases) as app:
        yield app
