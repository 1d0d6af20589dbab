"""The example package of docs/adapter.md works as it stands: it is found, made, and conforms."""

import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from sijinak.core.money import Rupiah
from sijinak.payments.adapters.registry import GROUP, Registry
from sijinak.payments.conformance import run
from tests.payments.adapters.kit import tools

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "docs" / "adapter-contoh"


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(EXAMPLE / "src")
    monkeypatch.syspath_prepend(EXAMPLE / "tests")
    yield
    for name in [name for name in sys.modules if "lumbung" in name]:
        del sys.modules[name]


def test_it_is_found_by_its_entry_point():
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["project"]
    points = [
        EntryPoint(name=name, value=value, group=GROUP)
        for name, value in project["entry-points"][GROUP].items()
    ]
    registry = Registry()
    registry.load("lumbung", lambda _: tools(url="https://lumbung.example", key="k"), points)
    assert registry.ways(Rupiah(5)) == [("lumbung", "code")]


def test_it_conforms():
    run(import_module("test_lumbung").TestLumbung())


def test_the_page_is_one_page_and_speaks_of_what_there_is():
    page = (ROOT / "docs" / "adapter.md").read_text()
    assert len(page.splitlines()) <= 120
    for method in ("start", "query", "read_notice", "answer", "cancel", "refund", "settlements"):
        assert f"`{method}" in page
