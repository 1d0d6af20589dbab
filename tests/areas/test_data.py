import csv
import re
from collections import Counter
from pathlib import Path

DATA = Path(__file__).parents[2] / "sijinak" / "areas" / "data"

SHAPES = {
    "province": r"\d{2}",
    "regency": r"\d{2}\.[0-6]\d",
    "city": r"\d{2}\.[7-9]\d",
    "kecamatan": r"52\.04\.\d{2}",
    "desa": r"52\.04\.\d{2}\.2\d{3}",
    "kelurahan": r"52\.04\.\d{2}\.1\d{3}",
}


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


REGIONS = rows("regions.csv")
CODES = {region["code"] for region in REGIONS}
PORTS = rows("ports.csv")


def test_every_level_has_the_rows_of_the_decree():
    assert Counter(region["level"] for region in REGIONS) == {
        "province": 38,
        "regency": 416,
        "city": 98,
        "kecamatan": 24,
        "desa": 157,
        "kelurahan": 8,
    }


def test_a_code_has_the_shape_of_its_level():
    wrong = [r for r in REGIONS if not re.fullmatch(SHAPES[r["level"]], r["code"])]
    assert wrong == []


def test_no_code_stands_twice():
    assert len(CODES) == len(REGIONS)


def test_no_two_siblings_share_a_name():
    names = Counter((region["parent"], region["name"].casefold()) for region in REGIONS)
    assert [name for name, times in names.items() if times > 1] == []


def test_a_parent_is_the_code_without_its_last_part_and_exists():
    for region in REGIONS:
        assert region["parent"] == region["code"].rpartition(".")[0]
        assert (region["parent"] in CODES) != (region["level"] == "province"), region


def test_every_kecamatan_and_province_has_children():
    parents = {region["parent"] for region in REGIONS}
    childless = CODES - parents
    levels = {region["level"] for region in REGIONS if region["code"] in childless}
    assert levels == {"regency", "city", "desa", "kelurahan"}


def test_names_are_proper():
    first_words = {"regency": "Kabupaten ", "city": "Kota "}
    for region in REGIONS:
        name = region["name"]
        assert name == " ".join(name.split()), region
        assert name[:1].isupper(), region
        assert name.startswith(first_words.get(region["level"], "")), region


def test_villages_have_a_postal_code_and_nobody_else():
    for region in REGIONS:
        village = region["level"] in {"desa", "kelurahan"}
        assert re.fullmatch(r"\d{5}" if village else "", region["postal"]), region


def test_known_places_stand_under_their_codes():
    names = {region["code"]: region["name"] for region in REGIONS}
    assert names["52.04"] == "Kabupaten Sumbawa"
    assert names["52.71"] == "Kota Mataram"
    assert names["52.04.07"] == "Batu Lanteh"
    assert names["52.04.02.2001"] == "Lunyuk Rea"


def test_ports_are_named_once_and_lie_in_known_regions():
    assert {port["code"] for port in PORTS} == {"badas", "poto-tano"}
    assert len(PORTS) == 2
    for port in PORTS:
        assert port["region"] in CODES, port
        assert port["kind"] == "sea", port
        assert port["name"].startswith("Pelabuhan "), port
