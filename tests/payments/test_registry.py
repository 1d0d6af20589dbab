from importlib.metadata import EntryPoint

import pytest

from sijinak.app import create_app
from sijinak.config import Misconfigured, Settings
from sijinak.payments.adapters.base import Can
from sijinak.payments.adapters.registry import GROUP, NotOffered, Registry
from sijinak.payments.adapters.sandbox import SandboxAdapter


class Old(SandboxAdapter):
    name = "old"
    api_version = 0


class Poor:
    name = "poor"
    api_version = 1
    can = Can.QUERY


class Misnamed(SandboxAdapter):
    name = "other"


def point(name: str, value: str = "") -> EntryPoint:
    value = value or "sijinak.payments.adapters.sandbox:SandboxAdapter"
    return EntryPoint(name=name, value=value, group=GROUP)


class Made(EntryPoint):
    """An entry point that needs no module."""

    def load(self) -> object:
        return {"old": Old, "poor": Poor, "misnamed": Misnamed}[self.name]


def made(name: str) -> EntryPoint:
    return Made(name=name, value="x:y", group=GROUP)


@pytest.mark.parametrize(
    ("names", "points", "says"),
    [
        ("bank", [point("sandbox")], "no installed package"),
        ("sandbox", [point("sandbox"), point("sandbox")], "are called sandbox"),
        ("sandbox,sandbox", [point("sandbox")], "twice"),
        ("old", [made("old")], "version 1"),
        ("poor", [made("poor")], "has no cancel, query, read_notice"),
        ("misnamed", [made("misnamed")], "otherwise"),
    ],
)
def test_what_is_wrong_is_said_at_start(names: str, points: list[EntryPoint], says: str):
    with pytest.raises(Misconfigured, match=says):
        Registry().load(names, points)


def test_the_app_does_not_start_with_an_unknown_adapter(settings: Settings):
    wrong = Settings(database_url=settings.database_url, payment_adapters="cash,nobody")
    with pytest.raises(Misconfigured, match="nobody"):
        create_app(wrong)
    create_app(settings)


def test_installed_is_not_enabled():
    registry = Registry()
    registry.load("cash")
    assert registry.online() == []
    with pytest.raises(NotOffered):
        registry.offered("sandbox")


def test_a_broken_adapter_that_is_not_named_does_no_harm():
    registry = Registry()
    registry.load("sandbox", [point("sandbox"), point("broken", "no.such.module:X")])
    assert registry.online() == ["sandbox"]


def test_one_that_was_taken_away_stays_readable():
    registry = Registry()
    registry.load("cash")
    assert registry.known("sandbox").name == "sandbox"
    assert registry.known("sandbox").can == Can(0)
