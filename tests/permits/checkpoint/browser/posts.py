"""The hands of an officer at a post, and the papers that people hand over there."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from playwright.sync_api import Page, expect

from sijinak.accounts.models import Role
from sijinak.core.clock import now
from sijinak.core.db import db, transaction
from sijinak.permits.checkpoint.services import record_check
from sijinak.permits.commands import RevokePermit
from sijinak.permits.ending import revoke_permit
from sijinak.permits.models import Permit, PermitState
from tests.browser.sites import Site
from tests.factories import actor_for, make_user
from tests.field.browser.handsets import PATIENCE, Handset
from tests.permits.checkpoint.papers import (
    forged,
    make_keys,
    make_lists,
    paper,
    signed_again,
    tags_of,
)
from tests.permits.checkpoint.saying import check
from tests.permits.factories import file_papers, make_herd, make_office, make_permit

APP = "/periksa/"
START_UP = '() => ["start", "lock", "home"].includes(document.body.dataset.view)'
REACHES_THE_OFFICE = """
() => fetch("/tentang", { cache: "no-store" }).then(() => true, () => false)
"""
Result = TypeVar("Result")
STRANGER = "7K3M9QX45J"  # a tag's code that is on no permit


@dataclass(frozen=True)
class Shipment:
    permit_id: UUID
    text: str  # what the code on its paper says
    plate: str
    tags: Sequence[str]


@dataclass(frozen=True)
class Port:
    officer: str  # the user name
    honest: Shipment
    other: Shipment
    revoked: Shipment
    edited: str
    expired: str


def settle() -> Port:
    """Committed. Call inside the app's context."""
    make_keys()
    office = make_office()

    def ship(plate: str) -> Shipment:
        tags = make_herd(office.firm, heads=6)
        permit = make_permit(office, PermitState.ISSUED, tags=tags, vehicle_plate=plate)
        with transaction():
            file_papers(permit)
        return Shipment(permit.id, paper(permit), plate, tags_of(permit))

    honest, other, revoked = ship("EA 8123 B"), ship("EA 9001 KZ"), ship("EA 7 L")
    with transaction():
        revoke_permit(
            RevokePermit(permit_id=revoked.permit_id, note="Jual beli tag"), by=office.kadis
        )
    make_lists()
    moment = int(now().timestamp())
    officer = make_user(Role.CHECKPOINT, name="Syamsul Bahri").username
    return Port(
        officer=officer,
        honest=honest,
        other=other,
        revoked=revoked,
        edited=forged(honest.text, plate="EA 1 X"),
        expired=signed_again(honest.text, issued=moment - 3600, until=moment - 60),
    )


def in_a_thread(work: Callable[[], Result], site: Site) -> Result:
    """Signing wants a loop, and the browser's runs in this one."""

    def worked() -> Result:
        with site.app.app_context():
            return work()

    with ThreadPoolExecutor(1) as one:
        return one.submit(worked).result()


def pass_elsewhere(shipment: Shipment, post: str) -> None:
    """Committed: another post let a copy pass, and its phone was the first to find a network."""
    permit = db.session.get_one(Permit, shipment.permit_id)
    command = check(permit, shipment.text, post=post)
    officer = actor_for(Role.CHECKPOINT)
    with transaction():
        record_check(command, by=officer)


def state_of(shipment: Shipment) -> PermitState:
    db.session.rollback()
    return db.session.get_one(Permit, shipment.permit_id).state


class PostPhone(Handset):
    def open(self, page: Page | None = None) -> "PostPhone":
        page = page or self.page
        page.goto(APP)
        page.wait_for_function(START_UP)
        return self

    def go_out_of_reach(self) -> "PostPhone":
        """No network, neither for the page nor for what works behind it."""
        self.context.set_offline(True)
        assert not self.page.evaluate(REACHES_THE_OFFICE)
        return self

    def take_supply(self, post: str = "Gerbang Badas") -> "PostPhone":
        self.go("paket", "supply")
        self.page.locator('main [name=port] option[value="badas"]').wait_for(state="attached")
        self.fill(port="badas", post=post).send("take-supply")
        expect(self.page.locator("main [data-slot=progress]")).to_be_hidden(timeout=PATIENCE)
        expect(self.page.locator("main [data-slot=said]")).to_be_visible(timeout=PATIENCE)
        expect(self.page.locator("main [data-slot=progress]")).to_be_hidden(timeout=PATIENCE)
        expect(self.page.locator("main [data-slot=trouble]")).to_be_hidden()
        supply = self.ask("checkpoint/supply", "m.theSupply().then((it) => it.permits.size)")
        assert supply > 0
        return self

    def read(self, text: str) -> str:
        """The verdict on a paper."""
        self.go("pindai", "paper")
        self.page.locator("#f-code").fill(text)
        self.page.locator("#type-code button").click()
        self.at("facts")
        return self.page.locator("main [data-verdict]").get_attribute("data-verdict") or ""

    def look(self, plate: str, males: int, females: int = 0, others: int = 0) -> "PostPhone":
        self.go("truk", "truck")
        self.fill(plate=plate, males=str(males), females=str(females), others=str(others))
        self.send("truck").at("animals")
        return self

    def scan_drawn(self, tags: Sequence[str], swapped: int | None = None) -> "PostPhone":
        """Each animal that was drawn; the ``swapped``-th wears a tag of another herd."""
        places = self.page.locator("main [data-position]")
        drawn = [int(p) for p in places.evaluate_all("all => all.map(p => p.dataset.position)")]
        for nth, position in enumerate(drawn):
            code = STRANGER if nth == swapped else tags[position - 1]
            self.page.locator("#f-code").fill(code)
            self.page.locator("#type-code button").click()
            expect(self.page.locator(f'main [data-position="{position}"]')).not_to_have_attribute(
                "data-found", ""
            )
        return self

    def findings(self) -> list[str]:
        self.go("putusan", "decision")
        found = self.page.locator("main [data-finding]")
        names: list[str] = found.evaluate_all("lines => lines.map(line => line.dataset.finding)")
        return names

    def may_pass(self) -> bool:
        return self.page.locator('main [data-action="pass"]').is_visible()

    def decide(self, decision: str, note: str = "") -> "PostPhone":
        if note:
            self.page.locator("#f-note").fill(note)
        self.tap(decision).at("minutes")
        return self
