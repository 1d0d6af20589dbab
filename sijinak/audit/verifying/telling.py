"""What `sijinak audit verify` tells people of its report."""

from collections.abc import Iterator

from sijinak.audit.verifying.faults import Fault
from sijinak.audit.verifying.labels import FAULTS
from sijinak.audit.verifying.verification import Report
from sijinak.core.money import thousands
from sijinak.core.signednote import words_of
from sijinak.web.i18n import gettext as _

WIDTH = 16


def sentence(fault: Fault) -> str:
    """Everything that is known of it, on one line."""
    place = f"#{_places(fault)}" if _places(fault) else ""
    said = fault.now
    if fault.was:
        said = _("was %(was)s, is %(now)s", was=fault.was, now=fault.now or "–")
    about = " ".join(filter(None, (fault.table, str(fault.id or ""), place)))
    return ": ".join(filter(None, (_named(fault), about, said)))


def agreed(report: Report) -> Iterator[str]:
    facts = {
        "size": thousands(report.size), "rows": thousands(report.rows),
        "seconds": round(report.seconds),
    }  # fmt: skip
    yield _(
        "Log and records agree: %(size)s lines of the log, %(rows)s records, in %(seconds)s s.",
        **facts,
    )
    if report.skipped:
        yield _("%(n)s lines were looked at in an earlier run.", n=thousands(report.skipped))
    yield _("Size and words: %(size)s %(words)s", size=report.size, words=words_of(report.root))


def disagreed(report: Report) -> Iterator[str]:
    """The first bad record in full, then each kind with one example."""
    yield _("The first bad record:")
    yield from (f"  {name:<{WIDTH}} {value}" for name, value in _in_full(report.faults[0]))
    yield ""
    yield _("By kind:")
    for fault, number in report.kinds:
        yield f"  {thousands(number):>9} × {sentence(fault)}"


def summed_up(report: Report) -> str:
    """One line, for whoever reads only the last one."""
    return _(
        "Log and records do not agree: %(n)s faults; the first: %(first)s",
        n=thousands(report.count), first=sentence(report.faults[0]),
    )  # fmt: skip


def _in_full(fault: Fault) -> Iterator[tuple[str, str]]:
    told = (
        (_("What"), _named(fault)),
        (_("Table"), fault.table),
        (_("Id"), str(fault.id or "")),
        (_("Line of the log"), _places(fault)),
        (_("Should be"), fault.was),
        (_("Found"), fault.now),
    )
    return ((name, value) for name, value in told if value)


def _named(fault: Fault) -> str:
    return f"{_(FAULTS[fault.code])} ({fault.code.value})"


def _places(fault: Fault) -> str:
    if fault.position is None:
        return ""
    if fault.until is None or fault.until - 1 <= fault.position:
        return str(fault.position)
    return f"{fault.position}–{fault.until - 1}"
