"""What production refuses to start with."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from sijinak import app as main
from sijinak.accounts.models import Role
from sijinak.app import create_app, wsgi
from sijinak.config import DEVELOPMENT_KEY, EXAMPLE_ACCOUNT, Misconfigured, Settings
from tests.factories import make_user
from tests.web.houses import house, let_go

GOOD = {
    "SIJINAK_ENVIRONMENT": "production",
    "SIJINAK_SECRET_KEY": "s" * 40,
    "SIJINAK_DATA_KEY": "d" * 40,
    "SIJINAK_LOOKUP_KEY": "l" * 40,
    "SIJINAK_LOG_KEY": "g" * 40,
    "SIJINAK_PUBLIC_URL": "https://sijinak.example",
    "SIJINAK_PAYMENT_ADAPTERS": "cash",
    "SIJINAK_BANK_ACCOUNTS": "rkud|Bank NTB Syariah|0012345678|Kas umum",
    "SIJINAK_DATABASE_URL": "postgresql://sijinak:secret@db.example/s?sslmode=verify-full",
}
BAD = [
    ("SECRET_KEY", DEVELOPMENT_KEY),
    ("DATA_KEY", DEVELOPMENT_KEY),
    ("LOOKUP_KEY", DEVELOPMENT_KEY),
    ("LOG_KEY", DEVELOPMENT_KEY),
    ("LOG_KEY", "s" * 40),
    ("LOG_KEY", "too short"),
    ("LOG_ORIGIN", "two words"),
    ("NOTICE_SMTP_URL", "smtps://mail.example"),
    ("SECRET_KEY", "too short"),
    ("SECRET_KEY", "d" * 40),
    ("LOOKUP_KEY", "d" * 40),
    ("DEBUG", "true"),
    ("PUBLIC_URL", "http://sijinak.example"),
    ("PAYMENT_ADAPTERS", "cash,sandbox"),
    ("PAYMENT_ADAPTERS", "cash, sandbox"),
    ("DATABASE_URL", "postgresql://postgres:secret@localhost/s"),
    ("DATABASE_URL", "postgresql://localhost/s"),
    ("DATABASE_URL", "postgresql://sijinak:secret@db.example/s"),
    ("DATABASE_URL", "postgresql://sijinak:secret@db.example/s?sslmode=require"),
    ("DATABASE_URL", "postgresql://sijinak@db.example/s?sslmode=verify-full"),
    ("ENVIRONMENT", "staging"),
    ("PASSWORD_POLICY", "none"),
    ("SESSION_HOURS", "twelve"),
    ("DEBUG", "perhaps"),
    ("ZONE", "UTC"),
    ("BANK_ACCOUNTS", EXAMPLE_ACCOUNT),
]


def test_good_settings_start():
    assert Settings.from_env(GOOD).in_production


@pytest.mark.parametrize(("name", "value"), BAD)
def test_production_refuses(name: str, value: str):
    with pytest.raises(Misconfigured):
        Settings.from_env({**GOOD, f"SIJINAK_{name}": value})


def test_a_key_that_others_can_read_is_refused(tmp_path: Path):
    file = tmp_path / "key"
    file.write_text("k" * 40 + "\n")
    env = {**GOOD, "SIJINAK_SECRET_KEY_FILE": str(file)}
    file.chmod(0o644)
    with pytest.raises(Misconfigured, match="chmod 400"):
        Settings.from_env(env)
    file.chmod(0o400)
    assert Settings.from_env(env).secret_key == "k" * 40


def test_a_key_file_that_is_missing_is_told(tmp_path: Path):
    with pytest.raises(Misconfigured, match="cannot be read"):
        Settings.from_env({**GOOD, "SIJINAK_DATA_KEY_FILE": str(tmp_path / "nothing")})


def test_an_unknown_role_is_told(settings: Settings):
    with pytest.raises(Misconfigured, match="king"):
        create_app(replace(settings, require_second_factor="kadis, king"))


def test_demo_accounts_keep_production_from_starting(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
):
    ours: dict[str, Any] = {
        "environment": "production",
        "secret_key": "s" * 40,
        "data_key": "d" * 40,
        "lookup_key": "l" * 40,
        "log_key": "g" * 40,
        "public_url": "https://sijinak.example",
        "payment_adapters": "cash",
    }
    production = replace(settings, **ours)
    monkeypatch.setattr(Settings, "from_env", lambda: production)
    with house(settings) as app:
        with app.app_context():
            make_user(Role.VET)
        let_go(wsgi())
        with app.app_context():
            make_user(Role.KADIS, is_demo=True)
        with pytest.raises(Misconfigured, match="demo"), closing_what_it_makes(monkeypatch):
            wsgi()


@contextmanager
def closing_what_it_makes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    made: list[Flask] = []

    def create() -> Flask:
        made.append(create_app())
        return made[-1]

    monkeypatch.setattr(main, "create_app", create)
    try:
        yield
    finally:
        for app in made:
            let_go(app)
