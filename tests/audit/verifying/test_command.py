"""The command, what it leaves when it is interrupted, and what the auditors' page shows."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask

from sijinak.accounts.models import Role
from sijinak.audit.verifying import cli, faults, jobs, verification
from sijinak.audit.verifying.anchors import Anchor
from sijinak.audit.verifying.faults import Code
from sijinak.audit.verifying.progress import Progress
from sijinak.audit.verifying.verification import Begin, Wish
from sijinak.config import Settings
from sijinak.core.clock import clock, now
from sijinak.core.db import db
from sijinak.core.permissions import OPERATOR
from sijinak.core.signednote import Signer
from sijinak.core.tlog import head
from sijinak.proofs.logkey import logkey
from tests.audit.verifying.labs import Lab
from tests.audit.verifying.rewriting import leaves
from tests.audit.verifying.tamperings import change, pick, rows_of
from tests.audit.verifying.worlds import merged, pay_cash
from tests.databases import Databases
from tests.factories import make_user, signed_in


@pytest.fixture(scope="module")
def made(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder: Path = tmp_path_factory.mktemp("office")
    with Lab.opened(databases, folder) as lab:
        yield lab


@pytest.fixture
def lab(made: Lab) -> Lab:
    made.restore()
    for left in Path(settings_of(made.app).data_dir).glob("verif*"):
        left.unlink()
    return made


def settings_of(app: Flask) -> Settings:
    found: Settings = app.extensions["sijinak.settings"]
    return found


def run(lab: Lab, *arguments: str) -> tuple[int, str]:
    answer = lab.app.test_cli_runner().invoke(cli.verify, arguments)
    return answer.exit_code, answer.output


def alter_a_receipt(lab: Lab) -> str:
    with lab.as_owner() as connection:
        row = pick(connection, "receipts", Random(1))  # noqa: S311 - no secret
        change(connection, "receipts", row["id"], amount=row["amount"] - 500)
    return str(row["id"])


def test_all_agrees_also_with_paper_and_note(lab: Lab, tmp_path: Path):
    note = tmp_path / "catatan.note"
    note.write_text(lab.world.kept[1].note)
    code, said = run(lab, "--anchor", str(note), "--anchor", lab.world.kept[2].words)
    assert code == 0, said
    assert "cocok" in said


def test_the_first_bad_record_is_named_and_the_code_is_one(lab: Lab):
    receipt = alter_a_receipt(lab)
    code, said = run(lab)
    assert code == 1
    assert "row-differs" in said
    assert receipt in said
    code, said = run(lab, "--json", "--from-start")
    first = json.loads(next(line for line in said.splitlines() if line.startswith("{")))
    assert (code, first["id"], first["code"]) == (1, receipt, "row-differs")


def test_much_that_is_wrong_is_counted_by_kind_and_told_in_full_to_who_asks(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(faults, "MOST_KEPT", 2)
    with lab.as_owner() as connection:
        receipts = rows_of(connection, "receipts")
        for row in receipts:
            change(connection, "receipts", row["id"], payer_name="Orang Lain")
    altered = {str(row["id"]) for row in receipts}
    assert len(altered) > 4  # more than are kept
    code, said = run(lab)
    assert code == 1
    assert len({one for one in altered if one in said}) == 1
    assert f" {len(altered)} × " in said
    code, said = run(lab, "--all")
    assert code == 1
    assert all(one in said for one in altered)
    file = tmp_path / "faults"
    code, said = run(lab, "--output", str(file))
    assert (code, str(file) in said) == (1, True)
    assert len(file.read_text().splitlines()) == len(altered)
    assert all(one in file.read_text() for one in altered)
    code, said = run(lab, "--json")
    summary = json.loads([line for line in said.splitlines() if line.startswith("{")][-1])
    assert summary["kinds"] == {"row-differs": len(altered)}


def test_an_anchor_of_another_log_is_found(lab: Lab):
    size, words = lab.world.kept[1].words.split(" ")
    other = words[:-1] + ("0" if words[-1] != "0" else "1")
    code, said = run(lab, "--anchor", f"{size} {other}")
    assert (code, "anchor-differs" in said) == (1, True)
    code, said = run(lab, "--anchor", f"{10**6} {words}")
    assert (code, "anchor-beyond" in said) == (1, True)
    assert run(lab, "--anchor", "something else")[0] == 2


def test_a_key_that_is_not_ours_signed_nothing(lab: Lab):
    assert "checkpoint-unsigned" in run(lab, "--key", OTHERS)[1]


OTHERS = Signer("other.example/log", Ed25519PrivateKey.from_private_bytes(b"1" * 32)).vkey


@pytest.fixture
def interrupted(lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Wish]:
    """A run that was broken off once it had seen so many leaves, and the wish to go on."""
    monkeypatch.setattr(verification, "KEEP_EVERY", 10)
    wish = Wish(
        origin=logkey.origin, vkeys=logkey.vkeys, begin=Begin.RESUMED, state=tmp_path / "state"
    )

    def interrupt(at: int) -> Wish:
        def stop(done: int, of: int) -> None:
            if done >= at:
                raise KeyboardInterrupt

        (tmp_path / "state").unlink(missing_ok=True)
        with pytest.raises(KeyboardInterrupt):
            verification.verification(wish, by=OPERATOR, seen=stop)
        return wish

    return interrupt


IN_THE_ROWS = 200


def test_an_interrupted_run_goes_on_where_it_was(lab: Lab, interrupted: Callable[..., Wish]):
    whole = lab.look()
    for broken_at in (20, 60, 100, 140, 180, 220, 260):
        report = verification.verification(interrupted(broken_at), by=OPERATOR)
        assert report.skipped > 0
        assert (report.faults, report.rows) == ([], whole.rows)


def test_who_found_a_fault_begins_anew(lab: Lab, interrupted: Callable[..., Wish]):
    alter_a_receipt(lab)
    whole = lab.look()
    assert not whole.is_clean
    wish = interrupted(270)
    assert Progress.kept(wish.state or Path()) is None
    report = verification.verification(wish, by=OPERATOR)
    assert (report.skipped, report.faults, report.rows) == (0, whole.faults, whole.rows)


def test_the_log_may_grow_while_a_run_is_interrupted(lab: Lab, interrupted: Callable[..., Wish]):
    wish = interrupted(IN_THE_ROWS)
    pay_cash(lab.world, Random(1))  # noqa: S311 - no secret
    merged()
    lab.sign()
    size = merged()
    report = verification.verification(wish, by=OPERATOR)
    assert (report.faults, report.size) == ([], size)
    assert 0 < report.skipped < size


def test_a_witness_from_outside_is_asked_about_everything(
    lab: Lab, interrupted: Callable[..., Wish]
):
    """What was looked at before may have been altered while the run stood still."""
    wish = interrupted(IN_THE_ROWS)
    asked = replace(wish, anchors=(Anchor("paper", lab.world.kept[0].words),))
    assert verification.verification(asked, by=OPERATOR).skipped == 0


@pytest.mark.parametrize("later", [-timedelta(hours=1), timedelta(hours=7)])
def test_what_a_run_saw_long_ago_is_looked_at_again(
    interrupted: Callable[..., Wish], later: timedelta
):
    wish = interrupted(IN_THE_ROWS)
    with clock.reading(now() + later):
        assert verification.verification(wish, by=OPERATOR).skipped == 0


def test_a_log_that_was_renamed_is_still_ours(lab: Lab):
    report = verification.verification(
        Wish(origin="baru.example/log", vkeys=logkey.vkeys), by=OPERATOR
    )
    assert report.is_clean, report.faults


def test_what_was_kept_is_not_believed_when_the_tree_is_another(lab: Lab, tmp_path: Path):
    state = tmp_path / "state"
    wish = Wish(origin=logkey.origin, vkeys=logkey.vkeys, begin=Begin.NEW_LEAVES, state=state)
    assert verification.verification(wish, by=OPERATOR).skipped == 0
    assert verification.verification(wish, by=OPERATOR).skipped > 0
    told = json.loads(state.read_text())
    told["hashes"][0] = "00" * 32
    state.write_text(json.dumps(told))
    report = verification.verification(wish, by=OPERATOR)
    assert (report.skipped, report.is_clean) == (0, True)


def test_every_night_it_is_noted_and_shown(lab: Lab):
    auditor = signed_in(lab.app, make_user(Role.AUDITOR))
    assert auditor.get("/audit/keutuhan/").status_code == 200
    jobs.verify()
    page = auditor.get("/audit/keutuhan/").text
    assert "row-differs" not in page
    merged()
    receipt = alter_a_receipt(lab)
    jobs.verify()
    shown = auditor.get("/audit/keutuhan/").text
    assert receipt in shown, shown[shown.index("<main") : shown.index("</main")]


def test_the_log_grows_while_it_is_compared(lab: Lab, monkeypatch: pytest.MonkeyPatch):
    pay_cash(lab.world, Random(1))  # noqa: S311 - no secret
    before = head().size
    monkeypatch.setattr(jobs, "PAUSE", 0.0)
    jobs.verify()
    db.session.rollback()
    assert head().size > before


def test_new_leaves_are_looked_at_the_next_night(lab: Lab):
    jobs.verify()
    pay_cash(lab.world, Random(1))  # noqa: S311 - no secret
    size = merged()
    with lab.as_owner() as connection:
        newest = leaves(connection)[-1]
        change(connection, "log_leaves", newest["id"], hash=b"0" * 32)
    wish = Wish(
        origin=logkey.origin, vkeys=logkey.vkeys, begin=Begin.NEW_LEAVES,
        state=Path(settings_of(lab.app).data_dir) / jobs.STATE,
    )  # fmt: skip
    report = verification.verification(wish, by=OPERATOR)
    assert (report.faults[0].code, report.faults[0].position) == (Code.LEAF_ALTERED, size - 1)
    assert 0 < report.skipped < size
