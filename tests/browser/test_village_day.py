"""A village day without a mouse: one owner, then animal after animal, on a desk and on a phone."""

import time
from collections.abc import Callable
from random import Random

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.animals.models import Animal, IdentifierKind, Sex, Species, Verification
from sijinak.animals.queries import identifiers_of
from sijinak.core.codes import new_tag_code, spaced
from sijinak.core.db import db
from tests.browser.people import OpenBrowser, Person
from tests.browser.sites import OFFICE, PHONE
from tests.factories import LUNYUK, LUNYUK_REA, make_user

pytestmark = pytest.mark.slow

DELAY = 40  # milliseconds for a key: a clerk who types well
MOST_SECONDS = 20
MARKS = ("telinga kanan sobek", "bintik putih di dahi", "", "ekor putus")


@pytest.mark.parametrize(
    ("screen", "heads"),
    [
        pytest.param(OFFICE, 30, id="desk", marks=pytest.mark.slow),
        pytest.param(PHONE, 6, id="phone"),
    ],
)
def test_a_herd_is_registered_with_the_keyboard_alone(
    site: Flask,
    open_browser: OpenBrowser,
    screen: dict[str, int],
    heads: int,
    record_property: Callable[[str, object], None],
):
    with site.app_context():
        clerk = make_user(Role.CLERK, LUNYUK).username
    person = Person(open_browser(screen), clerk)
    person.go(f"/hari-desa/?desa={LUNYUK_REA}")
    _find_and_register_owner(person)
    expected, pauses = [], []
    for n in range(heads):
        began = time.monotonic()
        expected.append(_type_animal(person.page, n))
        pauses.append(time.monotonic() - began)
        person.page.locator(".made > li").nth(n).wait_for()
    person.look()
    record_property("seconds an animal", round(sum(pauses) / heads, 1))
    assert max(pauses) < MOST_SECONDS
    assert not person.faults
    with site.app_context():
        assert [_said_of(animal) for animal in _herd()] == expected
    _undo_the_last(person)
    with site.app_context():
        assert len(_herd()) == heads
    assert person.page.locator(".made > li").count() == heads - 1


def _find_and_register_owner(person: Person) -> None:
    """The cursor stands in the field for the name; nobody is called so, and the form is there."""
    page = person.page
    page.keyboard.type("Siti Hawa", delay=DELAY)
    _enter(page)
    assert page.locator("#field-name").input_value() == "Siti Hawa"
    assert page.evaluate("document.activeElement.name") == "nik"
    page.keyboard.type("5204024101800077", delay=DELAY)
    _enter(page)
    person.look()
    assert page.locator("h1").inner_text() == "Siti Hawa"


def _type_animal(page: Page, n: int) -> tuple[object, ...]:
    """Sex, age, teeth, marks, ear tag and tag; the rest is as it was for the last one."""
    chance = Random(n)  # noqa: S311 - the same herd each time
    sex, years, teeth = chance.choice(list(Sex)), chance.randrange(1, 9), chance.randrange(5)
    mark, tag = MARKS[n % len(MARKS)], new_tag_code()
    if n == 0:
        _describe_the_first(page)
    assert page.evaluate("document.activeElement.name") == "sex"
    page.keyboard.press("Space" if sex is Sex.FEMALE else "ArrowRight")
    _next(page, "age")
    page.keyboard.type(str(years), delay=DELAY)
    _next(page, "age_unit")
    _next(page, "teeth")
    page.keyboard.type(str(teeth), delay=DELAY)
    _next(page, "colour")
    page.keyboard.type("merah bata", delay=DELAY)
    _next(page, "special_marks")
    page.keyboard.type(mark, delay=DELAY)
    page.keyboard.press("Tab")  # more marks, closed
    _next(page, "eartag")
    page.keyboard.type(f"ID {n:04}", delay=DELAY)
    _next(page, "tag")
    page.keyboard.type(spaced(tag).lower())  # the scanner, which ends with Enter
    _enter(page)
    return (
        Species.CATTLE, "Sapi Bali", sex, "merah bata", mark, teeth, Verification.SEEN,
        LUNYUK_REA, {tag, f"ID {n:04}"},
    )  # fmt: skip


def _describe_the_first(page: Page) -> None:
    assert page.evaluate("document.activeElement.name") == "species"
    page.keyboard.type("sa", delay=DELAY)  # sapi
    _next(page, "breed")
    page.keyboard.type("Sapi Bali", delay=DELAY)
    for name in ("verification", "village", "hamlet", "sex"):
        _next(page, name)


def _undo_the_last(person: Person) -> None:
    undo = person.page.locator(".made-undo").first
    undo.focus()
    _enter(person.page)
    person.look()
    _enter(person.page)
    assert not person.faults


def _next(page: Page, name: str) -> None:
    page.keyboard.press("Tab", delay=DELAY)
    assert page.evaluate("document.activeElement.name") == name


def _enter(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def _herd() -> list[Animal]:
    return list(db.session.scalars(select(Animal).order_by(Animal.id)))


def _said_of(animal: Animal) -> tuple[object, ...]:
    worn = {i.value for i in identifiers_of(animal.id) if i.kind is not IdentifierKind.RFID}
    return (
        animal.species, animal.breed, animal.sex, animal.colour, animal.special_marks,
        animal.teeth, animal.verification, animal.village, worn,
    )  # fmt: skip
