"""What the documents say must be so: sizes, links, settings, and nothing of one machine."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from sijinak.config import PREFIX, Settings
from sijinak.payments.adapters.midtrans.settings import MidtransSettings
from sijinak.payments.adapters.snap.settings import SnapSettings
from sijinak.payments.adapters.statement import StatementSettings
from sijinak.payments.adapters.wallet import WalletSettings

ROOT = Path(__file__).parents[2]
ADRS = sorted((ROOT / "docs" / "adr").glob("*.md"))
HIDDEN = {"node_modules", "instance", "build", "dist"}
LONGEST = {"README.md": 120, "ARCHITECTURE.md": 200}
LONGEST_ADR = 40
PARTS = ("## Context", "## Decision", "## Consequences")

_CODE = re.compile(r"```.*?```", re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_ELSEWHERE = re.compile(r"[a-z]+:")
_VARIABLE = re.compile(rf"\b{PREFIX}[A-Z][A-Z_]*")
_MACHINE = re.compile(r"(?<![\w.])/(?:work|tmp|root|home/\w+)\b|\b[A-Z]:\\")
# Read by tests, not by the program.
OTHERS = {"SIJINAK_TEST_DATABASE"}
ADAPTERS = {
    "midtrans": MidtransSettings,
    "snap": SnapSettings,
    "statement": StatementSettings,
    "wallet": WalletSettings,
}
OF_ADAPTERS = {
    f"{PREFIX}{name}_{field.name}".upper()
    for name, kind in ADAPTERS.items()
    for field in fields(kind)
}
VARIABLES = {PREFIX + field.name.upper() for field in fields(Settings)} | OF_ADAPTERS | OTHERS


def documents() -> list[Path]:
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*.md"))
    return sorted(p for p in found if not any(x in HIDDEN or x.startswith(".") for x in p.parts))


def texts() -> list[Path]:
    """Documents, and the papers without an ending that people read as well."""
    return [*documents(), Path("NOTICE"), Path("Makefile")]


def broken_links(text: str, folder: Path) -> list[str]:
    """Relative links and pictures that lead nowhere, seen from a folder."""
    linked = [t for t in _LINK.findall(_CODE.sub("", text)) if not _ELSEWHERE.match(t)]
    return [target for target in linked if not _leads_somewhere(target, text, folder)]


def _leads_somewhere(target: str, text: str, folder: Path) -> bool:
    path, _, heading = target.partition("#")
    place = folder / path
    if not place.exists():
        return False
    there = place.read_text() if path and heading else text
    return not heading or heading in headings(there)


def headings(text: str) -> set[str]:
    """The anchors of a document, as sites that show Markdown make them."""
    titles = re.findall(r"^#+ +(.+)$", _CODE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def unknown_variables(text: str) -> list[str]:
    """Variables of ours that nothing reads; <name>_FILE stands for a file with the value."""
    return [name for name in _VARIABLE.findall(text) if name.removesuffix("_FILE") not in VARIABLES]


def machine_paths(text: str) -> list[str]:
    return _MACHINE.findall(text)


def numbers_of_adrs() -> Iterator[int]:
    return (int(path.name[:4]) for path in ADRS)


@pytest.mark.parametrize("name", LONGEST)
def test_the_first_documents_are_short(name: str):
    assert len((ROOT / name).read_text().splitlines()) <= LONGEST[name]


@pytest.mark.parametrize("path", ADRS, ids=lambda p: p.stem)
def test_a_decision_is_short_and_has_its_three_parts(path: Path):
    text = path.read_text()
    assert len(text.splitlines()) <= LONGEST_ADR
    assert [line for line in text.splitlines() if line.startswith("## ")] == list(PARTS)
    assert text.startswith(f"# {int(path.name[:4])}. "), "the title begins with the number"


def test_decisions_are_numbered_without_a_gap_and_all_in_the_index():
    assert list(numbers_of_adrs()) == list(range(1, len(ADRS) + 1))
    index = (ROOT / "docs" / "README.md").read_text()
    assert [path.name for path in ADRS if f"](adr/{path.name})" not in index] == []


@pytest.mark.parametrize("path", documents(), ids=str)
def test_every_link_and_picture_leads_somewhere(path: Path):
    assert broken_links((ROOT / path).read_text(), (ROOT / path).parent) == []


@pytest.mark.parametrize("path", texts(), ids=str)
def test_every_variable_is_a_setting(path: Path):
    assert unknown_variables((ROOT / path).read_text()) == []


@pytest.mark.parametrize("path", texts(), ids=str)
def test_no_document_names_a_path_of_a_machine(path: Path):
    assert machine_paths((ROOT / path).read_text()) == []


def test_every_run_time_dependency_is_in_the_notice_and_has_a_reason():
    project = (ROOT / "pyproject.toml").read_text()
    wanted = re.search(r"^dependencies = \[(.*?)^\]", project, re.MULTILINE | re.DOTALL)
    assert wanted
    names = re.findall(r'"([\w-]+)', wanted[1])
    notice = (ROOT / "NOTICE").read_text()
    reasons = next(path for path in ADRS if "dependencies" in path.stem).read_text()
    assert [n for n in names if not re.search(rf"^ +{n} ", notice, re.MULTILINE)] == []
    assert [n for n in names if not re.search(rf"[| ,]{n}[ ,]", reasons)] == []


def test_the_looks_find_what_is_wrong(tmp_path: Path):
    (tmp_path / "there.md").write_text("# One title: yes\n")
    good = "[a](there.md) ![b](there.md) [c](there.md#one-title-yes) [d](https://example.org)"
    assert broken_links(good, tmp_path) == []
    assert broken_links("```\n[x](gone.md)\n```", tmp_path) == []
    assert broken_links("[a](gone.md) ![b](no.png)", tmp_path) == ["gone.md", "no.png"]
    assert broken_links("[a](there.md#other)", tmp_path) == ["there.md#other"]
    assert unknown_variables("SIJINAK_ZONE SIJINAK_DATA_KEY_FILE SIJINAK_*") == []
    assert unknown_variables("SIJINAK_ZONES") == ["SIJINAK_ZONES"]
    assert machine_paths("a page /t/<code>, a folder docs/work, /api/v1/work") == []
    for folder in ("work", "tmp", "root", "home"):
        assert len(machine_paths(f"see /{folder}/budi, or `/{folder}/x`")) == 2
