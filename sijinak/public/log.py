"""The log as anybody may see it: its checkpoints, its keys, and whether a paper says the same."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from sijinak.core.errors import NotFound
from sijinak.core.money import thousands
from sijinak.core.permissions import Permission, may
from sijinak.core.qr import qr_path
from sijinak.core.signednote import words_of
from sijinak.core.tlog import LogCheckpoint
from sijinak.proofs.labels import why_named
from sijinak.proofs.queries import (
    LogBroken,
    checkpoint_history,
    checkpoint_of_size,
    consistency_text,
    known_keys,
    latest_checkpoint,
    sound,
)
from sijinak.proofs.watching import watched
from sijinak.public.comparing import MOST_DIGITS, Said, compared, size_of
from sijinak.public.guard import count_miss, refuse_guessers
from sijinak.web.access import public, someone
from sijinak.web.io import listing, place

bp = Blueprint("publiclog", __name__)


@bp.get("/catatan")
@public
def index() -> ResponseReturnValue:
    refuse_guessers()
    who, newest, form = someone(), latest_checkpoint(), compared(request.args)
    return render_template(
        "public/log.html",
        newest=newest,
        is_broken=newest is not None and not _holds(newest),
        words=words_of(newest.root) if newest else "",
        qr=qr_path(newest.note, level="L") if newest else None,
        keys=known_keys(),
        history=listing(checkpoint_history(place()), ".index"),
        words_of=words_of,
        why_named=why_named,
        thousands=thousands,
        form=form,
        compared=form.value,
        Said=Said,
        may_make=who is not None and may(who, Permission.LOG_CHECKPOINT),
    )


@bp.get("/catatan/terbaru")
@public
def newest() -> ResponseReturnValue:
    """For programs that watch the log."""
    found = latest_checkpoint()
    if found is None:
        raise NotFound
    return _note(found)


@bp.get("/catatan/kunci")
@public
def keys() -> ResponseReturnValue:
    """One on each line. Trust the one that you have on paper."""
    return _plain("\n".join([*known_keys(), ""]))


@bp.get("/catatan/<int:size>")
@public
def note(size: int) -> ResponseReturnValue:
    refuse_guessers()
    return _note(_checkpoint(size))


@bp.get("/catatan/keselarasan")
@public
def consistency() -> ResponseReturnValue:
    """That nothing of an older checkpoint is missing or other in a newer one."""
    refuse_guessers()
    old, new = _checkpoint(_size("dari")), _checkpoint(_size("ke"))
    with watched():
        return _plain(consistency_text(old.size, new.size))


def _note(checkpoint: LogCheckpoint) -> Response:
    with watched():
        return _plain(sound(checkpoint).note)


def _holds(checkpoint: LogCheckpoint) -> bool:
    try:
        with watched():
            sound(checkpoint)
    except LogBroken:
        return False
    return True


def _checkpoint(size: int) -> LogCheckpoint:
    try:
        return checkpoint_of_size(size if size < 10**MOST_DIGITS else -1)
    except NotFound:
        count_miss()
        raise


def _size(name: str) -> int:
    """-1 for what is no size: there is no such checkpoint."""
    size = size_of(request.args.get(name, ""))
    return -1 if size is None else size


def _plain(text: str) -> Response:
    return Response(text, mimetype="text/plain")
