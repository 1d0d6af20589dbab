"""The rules that no linter knows."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

import sijinak
from sijinak import migrate
from sijinak.config import Settings
from sijinak.flows import FLOWS, drawn

PACKAGE = Path(sijinak.__file__).parent
ROOT = PACKAGE.parent
MODULES = sorted(PACKAGE.rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
LONGEST_MODULE, LONGEST_FUNCTION, LONGEST_TEMPLATE = 300, 40, 80


# One file that stands alone, so that an auditor needs nothing else.
CHECKER = PACKAGE / "audit" / "verifying" / "periksa.py"


def calls(tree: ast.AST, *names: str) -> list[str]:
    """The calls of functions or methods with one of the names."""
    return [
        ast.unparse(node.func)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in names
    ]


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_module_keeps_its_size_and_leaves_commits_to_core_db(path: Path):
    source = path.read_text()
    tree = ast.parse(source)
    if path != CHECKER:
        assert source.count("\n") <= LONGEST_MODULE
    for function in functions(tree):
        assert (function.end_lineno or 0) - function.lineno < LONGEST_FUNCTION, function.name
    if path != PACKAGE / "core" / "db.py":
        assert not calls(tree, "commit", "rollback"), "only core.db commits"
    if path.name == "__init__.py":
        assert len(tree.body) == 1, "a package file holds its docstring, and no code"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_template_is_short_and_brings_no_style_or_script(path: Path):
    text = path.read_text()
    assert text.count("\n") <= LONGEST_TEMPLATE
    assert " style=" not in text
    assert "<style" not in text
    assert "|safe" not in text
    for piece in text.split("<script")[1:]:
        assert piece.split(">")[0].strip().startswith(("src=", 'type="module" src=')), (
            "inline script"
        )


def test_migrations_make_the_models(settings: Settings):
    migrate.check(settings.database)


def test_migrations_import_nothing_of_the_application():
    for path in (ROOT / "migrations").rglob("*.py"):
        tree = ast.parse(path.read_text())
        imported = [
            ast.unparse(n) for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom)
        ]
        assert not [line for line in imported if "sijinak" in line], path.name


def test_migrations_have_one_head():
    scripts = ScriptDirectory.from_config(migrate.configuration("sqlite://"))
    assert len(scripts.get_heads()) == 1


def test_the_drawing_of_the_flows_is_true():
    assert (ROOT / "docs" / "flows.md").read_text() == drawn(), "run: sijinak draw"


@pytest.mark.parametrize("name", FLOWS)
def test_every_state_of_a_flow_can_be_reached(name: str):
    steps = list(FLOWS[name])
    states = [*type(steps[0].source).__members__.values()]
    assert {states[0]} | {step.target for step in steps} == set(states)
