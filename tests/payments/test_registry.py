from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from sijinak.app import create_app
from sijinak.config import Misconfigured, Settings
from sijinak.core.money import Rupiah
from sijinak.payments.adapters.base import Can, Tools
from sijinak.payments.adapters.registry import GROUP, NotOffered, Registry
from sijinak.payments.adapters.sandbox import SandboxAdapter
from sijinak.payments.adapters.tools import tools_for
from tests.payments.adapters.kit import tools

SANDBOX = "sijinak.payments.adapters.sandbox:SandboxAdapter"


class Old(SandboxAdapter):
    """Made before there were tools."""

    name = "old"
    api_version = 1

    def __init__(self) -> None:
        raise AssertionError("it was made before it was looked at")


class Poor:
    name = "poor"
    api_version = 2


class Misnamed(SandboxAdapter):
    name = "other"


class Wayless(SandboxAdapter):
    name = "wayless"
    ways = ()  # type: ignore[assignment]


class Keeping(SandboxAdapter):
    name = "keeping"

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        self.tools = tools

    def most(self, way: str) -> Rupiah | None:  # noqa: ARG002
        return Rupiah(1000)


class Made(EntryPoint):
    """An entry point that needs no module."""

    def load(self) -> object:
        kinds = {"old": Old, "poor": Poor, "misnamed": Misnamed}
        return (kinds | {"wayless": Wayless, "keeping": Keeping})[self.name]


def point(name: str, value: str = SANDBOX) -> EntryPoint:
    return EntryPoint(name=name, value=value, group=GROUP)


def made(name: str) -> EntryPoint:
    return Made(name=name, value="x:y", group=GROUP)


def plain(_: str) -> Tools:
    return tools()


@pytest.mark.parametrize(
    ("names", "points", "says"),
    [
        ("bank", [point("sandbox")], "no installed package"),
        ("sandbox", [point("sandbox"), point("sandbox")], "are called sandbox"),
        ("sandbox,sandbox", [point("sandbox")], "twice"),
        ("old", [made("old")], "version 2"),
        ("poor", [made("poor")], "has no answer, cancel, most, query, read_notice"),
        ("misnamed", [made("misnamed")], "otherwise"),
        ("wayless", [made("wayless")], "which ways"),
    ],
)
def test_what_is_wrong_is_said_at_start(names: str, points: list[EntryPoint], says: str):
    with pytest.raises(Misconfigured, match=says):
        Registry().load(names, plain, points)


def test_the_app_does_not_start_with_an_unknown_adapter(settings: Settings):
    wrong = Settings(database_url=settings.database_url, payment_adapters="cash,nobody")
    with pytest.raises(Misconfigured, match="nobody"):
        create_app(wrong)
    create_app(settings)


def test_installed_is_not_enabled():
    registry = Registry()
    registry.load("cash", plain)
    assert registry.online() == []
    with pytest.raises(NotOffered):
        registry.offered("sandbox")


def test_a_broken_adapter_that_is_not_named_does_no_harm():
    registry = Registry()
    registry.load("sandbox", plain, [point("sandbox"), point("broken", "no.such.module:X")])
    assert registry.online() == ["sandbox"]


def test_one_that_was_taken_away_stays_readable():
    registry = Registry()
    registry.load("cash", plain)
    assert registry.known("sandbox").name == "sandbox"
    assert registry.known("sandbox").can == Can(0)


def test_the_ways_that_are_offered_fit_the_amount():
    registry = Registry()
    registry.load("keeping,sandbox,cash", plain, [made("keeping"), point("sandbox"), CASH])
    assert registry.ways(Rupiah(1000)) == [("keeping", "play"), ("sandbox", "play")]
    assert registry.ways(Rupiah(1001)) == [("sandbox", "play")]


CASH = point("cash", "sijinak.payments.adapters.cash:CashAdapter")


def test_an_adapter_sees_its_own_variables_and_no_others(tmp_path: Path):
    secret = tmp_path / "key"
    secret.write_text("s3cret\n")
    secret.chmod(0o400)
    env = {
        "SIJINAK_PAYMENT_ADAPTERS": "cash,keeping",
        "SIJINAK_KEEPING_URL": "https://bank.example",
        "SIJINAK_KEEPING_KEY_FILE": str(secret),
        "SIJINAK_SNAP_URL": "https://other.example",
    }
    settings = Settings.from_env(env)
    registry = Registry()
    registry.load("keeping", tools_for(settings), [made("keeping")])
    adapter: Any = registry.known("keeping")
    assert adapter.tools.settings == {"url": "https://bank.example", "key": "s3cret"}
    assert "s3cret" not in repr(settings)


def test_an_address_that_anybody_could_listen_to_is_refused():
    settings = Settings(adapter_settings={"keeping_url": "http://bank.example"})
    with pytest.raises(Misconfigured, match=r"KEEPING_…URL: bank\.example is not internal"):
        Registry().load("keeping", tools_for(settings), [made("keeping")])


def test_a_secret_that_others_can_read_is_refused(tmp_path: Path):
    secret = tmp_path / "key"
    secret.write_text("s3cret")
    secret.chmod(0o444)
    env = {"SIJINAK_PAYMENT_ADAPTERS": "snap", "SIJINAK_SNAP_PRIVATE_KEY_FILE": str(secret)}
    with pytest.raises(Misconfigured, match="can be read by others"):
        Settings.from_env(env)
