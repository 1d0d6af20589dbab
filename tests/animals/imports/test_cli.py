from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from sijinak.accounts.models import Role
from sijinak.animals.imports import taking
from sijinak.animals.imports.cli import imports
from tests.animals.imports.lists import CLEAN, WRONG, everything
from tests.factories import LUNYUK, LUNYUK_ODE, make_user


def run(app: Flask, *args: object) -> Result:
    return app.test_cli_runner().invoke(imports, ["animals", *map(str, args)])


def counts(app: Flask) -> dict[str, int]:
    with app.app_context():
        return everything()


def test_a_list_is_taken_in(app: Flask):
    result = run(app, CLEAN)
    assert result.exit_code == 0, result.output
    assert counts(app)["animals"] == 40


def test_a_dry_run_writes_nothing(app: Flask):
    before = counts(app)
    result = run(app, CLEAN, "--dry-run")
    assert result.exit_code == 0, result.output
    assert "40" in result.output
    assert counts(app) == before


def test_mistakes_are_printed_and_end_with_one(app: Flask):
    before = counts(app)
    result = run(app, WRONG)
    assert result.exit_code == 1
    assert "nomor_eartag" in result.output
    assert counts(app) == before


def test_twice_is_once(app: Flask):
    run(app, CLEAN)
    assert run(app, CLEAN).exit_code == 0
    assert counts(app)["animals"] == 40


def test_a_list_that_was_interrupted_is_gone_on_with(app: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(taking, "CHUNK", 15)

    def stop(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as stopped:
        stopped.setattr(taking, "change_known", stop)
        assert run(app, CLEAN).exit_code != 0
    result = run(app, CLEAN)
    assert result.exit_code == 0, result.output
    assert counts(app)["animals"] == 40


def test_an_account_stays_in_its_area(app: Flask):
    with app.app_context():
        here = make_user(Role.CLERK, LUNYUK).username
        elsewhere = make_user(Role.CLERK, LUNYUK_ODE).username
        vet = make_user(Role.VET, LUNYUK).username
    for username in (elsewhere, vet, "nobody"):
        assert run(app, CLEAN, "--as", username).exit_code == 1
    assert counts(app)["animals"] == 0
    assert run(app, CLEAN, "--as", here).exit_code == 0


@pytest.mark.parametrize("content", [b"", b"x" * (50 * 1024 * 1024), b"nik\n\xe9\n"])
def test_a_bad_file_is_a_sentence(app: Flask, tmp_path: Path, content: bytes):
    (tmp_path / "list.csv").write_bytes(content)
    result = run(app, tmp_path / "list.csv")
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
