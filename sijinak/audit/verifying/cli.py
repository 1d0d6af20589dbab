"""`sijinak audit verify`: whether log, rows and what others keep outside agree."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path

import click
from flask.cli import with_appcontext

from sijinak.audit.verifying.anchors import Anchor, UnreadableAnchor
from sijinak.audit.verifying.telling import agreed, disagreed, sentence, summed_up
from sijinak.audit.verifying.verification import Begin, Report, Wish, verification
from sijinak.core.permissions import OPERATOR
from sijinak.core.signednote import BadNote, check_vkey
from sijinak.proofs.logkey import logkey
from sijinak.web.i18n import gettext as _
from sijinak.web.settings import settings

STATE = "verifying.json"
SCREEN = "-"  # instead of a file


@click.command()
@click.option(
    "--anchor",
    "anchors",
    multiple=True,
    metavar='FILE|"SIZE WORDS"',
    help="A checkpoint kept outside: a file with the signed note, or size and words from paper.",
)
@click.option("--key", "keys", multiple=True, help="A public key to trust instead of our own.")
@click.option(
    "--from-start",
    "begin",
    flag_value=Begin.START.value,
    default=Begin.RESUMED.value,
    help="Do not go on where a run was interrupted.",
)
@click.option(
    "--only-new",
    "begin",
    flag_value=Begin.NEW_LEAVES.value,
    help="Do not grow that part of the tree anew that was right before.",
)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for each fault.")
@click.option(
    "--all", "every", flag_value=SCREEN, help="Print every fault. Looks at everything anew."
)
@click.option(
    "--output",
    "every",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="Write every fault into a file, one on each line. Looks at everything anew.",
)
@with_appcontext
def verify(
    anchors: tuple[str, ...],
    keys: tuple[str, ...],
    *,
    begin: str,
    as_json: bool,
    every: str | None,
) -> None:
    """Compare the log with the rows, the checkpoints and what others keep; 1 if one differs."""
    folder = Path(settings().data_dir)
    folder.mkdir(parents=True, exist_ok=True)
    wish = Wish(
        origin=logkey.origin,
        vkeys=_known(keys) or logkey.vkeys,
        anchors=tuple(_anchor(one) for one in anchors),
        begin=Begin(begin),
        state=folder / STATE,
        every=every is not None,
    )
    report = _shown(wish)
    if as_json:
        _told_to_machines(report, every)
    elif report.is_clean:
        _echo(agreed(report))
    else:
        _echo([*disagreed(report), ""])
        _told_in_full(report, every)
    if not report.is_clean:
        raise click.ClickException(summed_up(report))
    if not (as_json or anchors):
        _echo([_("No anchor from outside was given: a log that was made anew looks the same.")])


def _told_to_machines(report: Report, every: str | None) -> None:
    lines = [json.dumps(one.told()) for one in report.faults]
    if every and every != SCREEN:
        _write(lines, every)
    else:
        _echo(lines)
    _echo([json.dumps(_summary(report))])


def _told_in_full(report: Report, every: str | None) -> None:
    lines = [sentence(one) for one in report.faults]
    if every == SCREEN:
        _echo([_("Every fault:"), *lines])
    elif every:
        _write(lines, every)
        _echo([_("Every fault stands in %(file)s.", file=every)])
    elif report.count > len(report.kinds):
        _echo([_("To see every fault: sijinak audit verify --all, or --output FILE")])


def _write(lines: Iterable[str], path: str) -> None:
    Path(path).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _echo(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def _shown(wish: Wish) -> Report:
    """With a bar on a terminal. Raises UsageError for an anchor that cannot be read."""
    try:
        with click.progressbar(length=1, label=_("Comparing"), file=sys.stderr) as bar:

            def seen(done: int, of: int) -> None:
                bar.length = of
                bar.update(done - bar.pos)

            return verification(wish, by=OPERATOR, seen=seen)
    except UnreadableAnchor as error:
        raise click.UsageError(str(error)) from error


def _anchor(given: str) -> Anchor:
    path = Path(given)
    text = path.read_text(encoding="utf-8") if path.is_file() else given
    return Anchor(given, text)


def _known(keys: tuple[str, ...]) -> tuple[str, ...]:
    try:
        for key in keys:
            check_vkey(key)
    except BadNote as error:
        raise click.UsageError(str(error)) from error
    return keys


def _summary(report: Report) -> dict[str, object]:
    return {
        "size": report.size, "root": report.root.hex(), "rows": report.rows,
        "skipped": report.skipped, "seconds": round(report.seconds, 1), "faults": report.count,
        "kinds": {one.code.value: number for one, number in report.kinds},
    }  # fmt: skip
