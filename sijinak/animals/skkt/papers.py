"""The sheet as a paper. It is a paper of law: always in Indonesian."""

from datetime import date

from babel.dates import format_date

from sijinak.animals.models import Verification
from sijinak.animals.skkt.labels import born, marks, sort, struck_because
from sijinak.animals.skkt.models import Sheet, SheetLine, SheetState
from sijinak.animals.skkt.queries import newer_than
from sijinak.areas.queries import place_name
from sijinak.config import Settings
from sijinak.core.clock import clock, local
from sijinak.core.codes import spaced
from sijinak.core.documents import render_pdf
from sijinak.keepers.models import KeeperKind
from sijinak.keepers.queries import keeper_facts
from sijinak.web.formats import day_in
from sijinak.web.papers import check_facts, office_facts

Facts = dict[str, object]
LANGUAGE = "id"
STAMPS = {SheetState.SUPERSEDED: "DIGANTI", SheetState.VOID: "BATAL"}
short_day = day_in(LANGUAGE)


def sheet_pdf(sheet: Sheet, settings: Settings) -> bytes:
    """Of a signed sheet: the same bytes until a line is struck or the sheet has had its day."""
    if sheet.signed_at is None or sheet.signed_on is None:
        raise ValueError(f"{sheet} is not signed")
    seen = [line for line in sheet.lines if line.basis is Verification.SEEN]
    declared = [line for line in sheet.lines if line.basis is Verification.DECLARED]
    facts = {
        **_head(sheet, settings),
        "owner": _owner(sheet),
        "seen": [_line(line, sheet) for line in seen],
        "declared": [_line(line, sheet) for line in declared],
        "place": f"{place_name(sheet.village[:8])}, {_day(sheet.signed_on)}",
        "signer": _signer(sheet),
        "stamp": STAMPS.get(sheet.state, ""),
        "notice": _notice(sheet),
    }
    return render_pdf("skkt", facts, at=sheet.signed_at)


def check_url(sheet: Sheet, settings: Settings) -> str:
    """In capitals, so that the QR code is small."""
    return f"{settings.public_url.rstrip('/').upper()}/K/{sheet.public_code}"


def _head(sheet: Sheet, settings: Settings) -> Facts:
    url = check_url(sheet, settings)
    return {
        "office": office_facts(settings),
        "check": check_facts(url),
        "number": sheet.number,
        "part": f"Lembar {sheet.part} dari {sheet.parts}",
    }


def _owner(sheet: Sheet) -> Facts:
    """The name as it was signed; of the number only the last four digits."""
    keeper = keeper_facts([sheet.keeper_id])[sheet.keeper_id]
    return {
        "name": sheet.owner_name,
        "number_name": "NIB" if keeper.kind is KeeperKind.FIRM else "NIK",
        "number": keeper.number_masked.replace("····", "•••• ") or "–",
        "village": place_name(sheet.village),
        "kecamatan": place_name(sheet.village[:8]),
    }


def _line(line: SheetLine, sheet: Sheet) -> Facts:
    seen_on = line.facts.get("seen_on")
    struck = ""
    if line.struck_at is not None:
        why = struck_because(line.struck_because, LANGUAGE)
        struck = f"Dicoret {short_day(line.struck_at)}: {why}"
    return {
        "no": line.no,
        "tag": spaced(line.tag),
        "eartag": line.facts.get("eartag", ""),
        "sort": sort(line.facts, LANGUAGE),
        "born": born(line.facts, LANGUAGE),
        "marks": marks({**line.facts, "eartag": ""}, sheet.village, LANGUAGE),
        "seen": short_day(date.fromisoformat(seen_on)) if seen_on else "–",
        "struck": struck,
    }


def _signer(sheet: Sheet) -> Facts:
    role, _, decree = (sheet.signed_as or "").partition(", ")
    return {
        "role": role,
        "name": sheet.signed_by_name,
        "mandate": decree,
        "electronic": f"Ditandatangani dalam SiJINAK, {_moment(sheet)}",
    }


def _notice(sheet: Sheet) -> str:
    """Why the paper is worth nothing any more."""
    if sheet.ended_at is None:
        return ""
    ended = _day(local(sheet.ended_at).date())
    if sheet.state is SheetState.VOID:
        return f"Lembar ini dibatalkan pada {ended}: {sheet.ended_because}"
    newer = newer_than(sheet)
    return f"Lembar ini diganti pada {ended} dengan SKKT nomor {newer and newer.number}"


def _day(day: date) -> str:
    return format_date(day, "d MMMM y", locale=LANGUAGE)


def _moment(sheet: Sheet) -> str:
    if sheet.signed_at is None:
        return ""
    here = local(sheet.signed_at)
    return f"{_day(here.date())} {here:%H.%M} {clock.zone.tzname(None)}"
