"""A demo regency on a day of its own, so that no weekend of today changes what is found."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask

from sijinak.core.clock import ZONES, clock
from tests.databases import Databases
from tests.demo.regencies import regency

THURSDAY = datetime(2026, 11, 19, 10, tzinfo=ZONES["WITA"])


@pytest.fixture(scope="module")
def clean(databases: Databases) -> Iterator[Flask]:
    """Demo data, made anew for each module: what is planted stays in it."""
    with clock.reading(THURSDAY), regency(databases) as app:
        yield app
