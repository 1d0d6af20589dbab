"""Labels: each printed once unless wanted again, and every one leads to its animal."""

from pathlib import Path

import pytest
from flask import Flask

from sijinak.accounts.models import Role
from sijinak.core.db import transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.permissions import OPERATOR
from sijinak.tags.layouts import LAYOUTS
from sijinak.tags.queries import sheet_by_id
from sijinak.tags.services import NothingToPrint, PrintLabels, print_labels
from sijinak.tags.sheets import sheet_pdf
from tests.animals.factories import make_animal, make_keeper
from tests.factories import LUNYUK, LUNYUK_ODE, LUNYUK_REA, actor_for
from tests.papers import codes_in

HOST = "https://sijinak.example.go.id"


def printed(command: PrintLabels, role: Role = Role.CLERK, region: str = LUNYUK):
    by = actor_for(role, region)
    with transaction():
        return print_labels(command, by=by)


def test_a_label_is_printed_once_unless_wanted_again(context: Flask):
    tags = {make_animal()[1] for _ in range(3)}
    _, rows = printed(PrintLabels(village=LUNYUK_REA))
    assert {identifier.value for identifier, _ in rows} == tags
    with pytest.raises(NothingToPrint):
        printed(PrintLabels(village=LUNYUK_REA))
    _, again = printed(PrintLabels(village=LUNYUK_REA, again=True))
    assert len(again) == 3


def test_a_double_click_makes_one_sheet(context: Flask):
    make_animal()
    clerk = actor_for(Role.CLERK, LUNYUK)
    command = PrintLabels(village=LUNYUK_REA)
    sheets = []
    for _ in range(2):
        with transaction():
            sheets.append(print_labels(command, by=clerk)[0].id)
    assert sheets == [command.id, command.id]


def test_only_the_wanted_keeper(context: Flask):
    mine = make_keeper()
    _, my_tag = make_animal(mine)
    make_animal()
    _, rows = printed(PrintLabels(keeper_id=mine.id))
    assert [identifier.value for identifier, _ in rows] == [my_tag]


def test_labels_elsewhere_are_not_there(context: Flask):
    make_animal()
    sheet, _ = printed(PrintLabels(village=LUNYUK_REA))
    with pytest.raises(NothingToPrint):
        printed(PrintLabels(village=LUNYUK_REA, again=True), region=LUNYUK_ODE)
    with pytest.raises(NotFound):
        sheet_by_id(sheet.id, by=actor_for(Role.CLERK, LUNYUK_ODE))
    with pytest.raises(Forbidden):
        printed(PrintLabels(), role=Role.TREASURER)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_label_of_a_sheet_is_read_back(context: Flask, layout: str, tmp_path: Path):
    keeper = make_keeper()
    tags = {make_animal(keeper)[1] for _ in range(26)}
    with transaction():
        command = PrintLabels(keeper_id=keeper.id, layout=layout)
        sheet, rows = print_labels(command, by=OPERATOR)
    read = codes_in(sheet_pdf(sheet, rows, HOST), tmp_path)
    assert sorted(read) == sorted(f"{HOST.upper()}/T/{tag}" for tag in tags)
