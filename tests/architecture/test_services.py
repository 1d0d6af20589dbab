"""Each service asks whether its actor may do it."""

import ast
from pathlib import Path

import pytest

import sijinak

PACKAGE = Path(sijinak.__file__).parent
SERVICES = sorted(PACKAGE.rglob("services.py"))
# A person's own account needs no permission: these ask for its password.
OWN_MATTERS = {"change_own_password", "own_account"}
# Called by those that have asked and that record; a link is its own proof; whoever scans an altered
# paper rings the alarm. A document is kept for the permit that names it.
HELPING = {
    "keep_picture", "keep_document", "keep_raw", "note_altered", "raise_findings", "note_use",
    "take_back_use", "write_reading", "ask_owners", "try_link", "answer_by_link",
    "open_discrepancy", "refuse_biller",
    "post", "reverse",
}  # fmt: skip
# They load the lists that come with the program, look without changing anything, or note when to
# ask a bank again.
SILENT = {
    "load_regions",
    "load_products",
    "load_tariffs",
    "load_rules",
    "load_holidays",
    "own_account",
    "check_vaccinations",
    "note_asked",
    "note_bank_balance",
}


def called(function: ast.FunctionDef) -> set[str]:
    return {
        ast.unparse(node.func).split(".")[-1]
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
    }


def reaching(functions: dict[str, ast.FunctionDef], ends: set[str]) -> set[str]:
    """The names that call one of the ends, on their own or through others of the feature."""
    while True:
        more = {name for name, f in functions.items() if called(f) & ends} | ends
        if more == ends:
            return ends
        ends = more


def feature_of(path: Path) -> dict[str, ast.FunctionDef]:
    functions: dict[str, ast.FunctionDef] = {}
    for module in path.parent.glob("*.py"):
        functions |= functions_in(module)
    return functions | functions_in(path)  # two modules may have a private one of the same name


def public_services(path: Path) -> dict[str, ast.FunctionDef]:
    return {name: f for name, f in functions_in(path).items() if not name.startswith("_")}


def functions_in(path: Path) -> dict[str, ast.FunctionDef]:
    tree = ast.parse(path.read_text())
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


ALL_SERVICES = {name for path in SERVICES for name in public_services(path)}


@pytest.mark.parametrize("path", SERVICES, ids=lambda p: str(p.parent.relative_to(PACKAGE)))
def test_every_service_asks_who(path: Path):
    asking = reaching(feature_of(path), {"require", "within_reach"})
    for name, function in public_services(path).items():
        if name in HELPING:
            continue
        assert "by" in [arg.arg for arg in function.args.kwonlyargs], f"{name} takes no actor"
        assert name in asking | OWN_MATTERS, f"{name} asks nobody"


@pytest.mark.parametrize("path", SERVICES, ids=lambda p: str(p.parent.relative_to(PACKAGE)))
def test_every_service_leaves_a_line_in_the_trail(path: Path):
    """Or goes through another service, which does; loading our own lists changes no record."""
    recording = reaching(feature_of(path), {"record"} | ALL_SERVICES - set(public_services(path)))
    for name in public_services(path):
        assert name in recording | SILENT | HELPING, f"{name} leaves no line"
