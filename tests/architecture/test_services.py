"""Each service asks whether its actor may do it."""

import ast
from pathlib import Path

import pytest

import sijinak

PACKAGE = Path(sijinak.__file__).parent
SERVICES = sorted(PACKAGE.rglob("services.py"))
# A person's own account needs no permission: these ask for its password.
OWN_MATTERS = {"change_own_password", "own_account"}


def called(function: ast.FunctionDef) -> set[str]:
    return {
        ast.unparse(node.func).split(".")[-1]
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
    }


def that_ask(functions: dict[str, ast.FunctionDef], known: set[str]) -> set[str]:
    """The names that reach ``require``, on their own or through others of the feature."""
    asking = {"require", "within_reach"} | known
    while True:
        more = {name for name, f in functions.items() if called(f) & asking} | asking
        if more == asking:
            return asking
        asking = more


def functions_in(path: Path) -> dict[str, ast.FunctionDef]:
    tree = ast.parse(path.read_text())
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("path", SERVICES, ids=lambda p: str(p.parent.relative_to(PACKAGE)))
def test_every_service_asks_who(path: Path):
    feature: dict[str, ast.FunctionDef] = {}
    for module in path.parent.glob("*.py"):
        feature |= functions_in(module)
    asking = that_ask(feature, set())
    for name, function in functions_in(path).items():
        if name.startswith("_"):
            continue
        assert "by" in [arg.arg for arg in function.args.kwonlyargs], f"{name} takes no actor"
        assert name in asking | OWN_MATTERS, f"{name} asks nobody"
