"""Whoever is shown a list of names stands in the trail, with whose names they were."""

from collections.abc import Collection
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Select, or_, select

from sijinak.accounts.models import Role
from sijinak.animals.models import Animal
from sijinak.animals.mutations.models import Mutation
from sijinak.animals.skkt.models import Sheet
from sijinak.core.db import db
from sijinak.core.events import Event
from sijinak.keepers.looking import LISTED, VIEWED, Page
from sijinak.keepers.models import Keeper
from sijinak.payments.wallet.models import Wallet
from sijinak.permits.chasing.models import BlockAppeal
from sijinak.permits.models import Permit, PermitState
from sijinak.privacy.models import PrivacyRequest
from sijinak.retribution.models import Skrd
from sijinak.retribution.receipts.models import Receipt
from tests.animals.mutations.deeds import make_cow, make_village, proposed
from tests.factories import make_user, signed_in
from tests.permits.factories import make_office, make_permit
from tests.web.worlds import make_world

MOVED = or_(Keeper.id == Mutation.from_keeper_id, Keeper.id == Mutation.to_keeper_id)
# Each address of a list: who looks, what the trail calls it, and whose names stand on it.
LISTS: dict[str, tuple[Role, Page, Select[Any]]] = {
    "/peternak/": (Role.VET, Page.KEEPERS, select(Keeper.id)),
    "/ternak/": (Role.VET, Page.ANIMALS, select(Animal.keeper_id)),
    "/ternak/?jenis=cattle": (Role.VET, Page.ANIMALS, select(Animal.keeper_id)),
    "/mutasi/": (Role.VET, Page.MUTATIONS, select(Keeper.id).join(Mutation, MOVED)),
    "/skkt/": (Role.VET, Page.SHEETS, select(Sheet.keeper_id)),
    "/izin/": (Role.VET, Page.PERMITS, select(Permit.keeper_id)),
    "/izin/antrean": (Role.VET, Page.PERMITS, select(Permit.keeper_id)),
    "/izin/waktu": (Role.KABID, Page.PERMITS, select(BlockAppeal.keeper_id)),
    "/retribusi/": (Role.PERMIT_DESK, Page.BILLS, select(Skrd.keeper_id)),
    "/retribusi/tbp": (Role.PERMIT_DESK, Page.RECEIPTS, select(Receipt.keeper_id)),
    "/retribusi/pembatalan": (Role.KABID, Page.RECEIPTS, select(Receipt.keeper_id)),
    "/audit/tbp": (Role.AUDITOR, Page.RECEIPTS, select(Receipt.keeper_id)),
    "/dompet/": (Role.KABID, Page.WALLETS, select(Wallet.keeper_id)),
    "/privasi/": (Role.KABID, Page.REQUESTS, select(PrivacyRequest.keeper_id)),
}
# Whoever may see them: firms in quotas are public, and the pages of audits are told elsewhere.
PUBLIC = frozenset({"/kuota-publik"})
# Firms with their bills and cases: their rows carry no keeper.
NOT_YET = frozenset({"/retribusi/selisih/", "/retribusi/pengembalian/"})


def listed(app: Flask) -> list[tuple[str, list[str], set[UUID]]]:
    asked = select(Event.facts).where(Event.name == LISTED).order_by(Event.id)
    with app.app_context():
        told = list(db.session.scalars(asked))
    return [(one["page"], one["filters"], {UUID(i) for i in one["ids"]}) for one in told]


def test_each_list_of_names_is_a_line_with_these_people(app: Flask):
    with app.app_context():
        make_world()
        people = {path: set(db.session.scalars(who)) for path, (_, _, who) in LISTS.items()}
        clients = {role: signed_in(app, make_user(role)) for role, _, _ in LISTS.values()}
    wrong = {}
    for path, (role, page, _) in LISTS.items():
        before = len(listed(app))
        answer = clients[role].get(path)
        assert answer.status_code == 200, path
        told = [ids for why, _, ids in listed(app)[before:] if why == page]
        if told != [people[path]] or not people[path]:
            wrong[path] = told, people[path]
    assert not wrong


@pytest.mark.slow
def test_no_address_shows_a_name_and_leaves_no_line(app: Flask):
    """Also one that is not named above: every address without an id is asked.

    Also narrowed to a keeper, who is named though the list may be empty.
    """
    with app.app_context():
        make_world()
        names = dict(db.session.execute(select(Keeper.id, Keeper.name)).all())
        unpaid = min(names.keys() - set(db.session.scalars(select(Receipt.keeper_id))))
        clients = [signed_in(app, make_user(r)) for r in Role if r is not Role.TRADER]
    rules = {r.rule for r in app.url_map.iter_rules() if "GET" in (r.methods or ())}
    paths = sorted(rule for rule in rules if "<" not in rule)
    narrowed = f"?peternak={unpaid}"
    silent = {
        path
        for path in paths
        for asked in (path, path + narrowed)
        for who in clients
        if is_silent(app, who, asked, names)
    }
    assert silent - PUBLIC == NOT_YET & silent


def is_silent(app: Flask, who: FlaskClient, path: str, names: dict[UUID, str]) -> bool:
    asked = select(Event.id).where(Event.name.in_((LISTED, VIEWED, "export.made")))
    with app.app_context():
        before = set(db.session.scalars(asked))
    answer = who.get(path, buffered=True)
    if answer.status_code != 200 or answer.mimetype not in {"text/html", "text/csv"}:
        return False
    text = unescape(answer.text.partition("<main")[2] or answer.text)
    with app.app_context():
        told = set(db.session.scalars(asked)) - before
    return shows_a_name(text, names.values()) and not told


def shows_a_name(text: str, names: Collection[str]) -> bool:
    return any(name in text for name in names)


def test_one_s_own_and_initials_are_no_look(app: Flask):
    with app.app_context():
        office = make_office()
        make_permit(office, PermitState.BILLED)
        village = make_village()
        proposed(village, make_cow(village.seller))
        own = [
            signed_in(app, make_user(Role.TRADER, keeper_id=keeper.id))
            for keeper in (office.firm, village.seller)
        ]
    for client in own:
        for path in ("/izin/", "/ternak/", "/mutasi/", "/skkt/", "/retribusi/", "/retribusi/tbp"):
            assert client.get(path).status_code in {200, 403}, path
    assert listed(app) == []


def test_only_the_names_of_filters_are_kept(app: Flask):
    with app.app_context():
        make_world()
        vet = signed_in(app, make_user(Role.VET))
    vet.get("/ternak/?cari=samawa&desa=&jenis=cattle&karangan=rahasia")
    assert [filters for _, filters, _ in listed(app)] == [["cari", "jenis"]]
