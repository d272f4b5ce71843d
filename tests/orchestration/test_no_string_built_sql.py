"""SQL has values as parameters and names through the quoting functions: what the linter lets pass says why."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.company import ROOT

ROOMS = ("orchestration", "expectations", "app")
FILES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
EXECUTES = {"execute", "executemany", "sql", "query", "execute_query"}
EXEMPTION = re.compile(r"#\s*(?:ruff:\s*)?noqa:[^#]*\bS608\b(?P<reason>[^#]*)")


def calls_that_execute(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in EXECUTES:
            yield node


def is_formatted(node: ast.expr) -> bool:
    """Whether a text is made by %, + or .format, of which the linter sees less than of f-strings."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod | ast.Add):
        return not all(isinstance(side, ast.Constant | ast.JoinedStr) for side in (node.left, node.right))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        # psycopg's own composition quotes what it is given.
        made = node.func.value
        return not (isinstance(made, ast.Call) and isinstance(made.func, ast.Attribute) and made.func.attr == "SQL")
    return False


@pytest.mark.parametrize("room", ROOMS)
def test_no_statement_is_formatted_where_it_is_executed(room: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in FILES
        if path.is_relative_to(ROOT / room)
        for call in calls_that_execute(ast.parse(path.read_text(encoding="utf-8")))
        if call.args and is_formatted(call.args[0])
    ]
    assert found == []


def test_an_exemption_for_a_whole_file_says_why() -> None:
    exempt = {
        path.relative_to(ROOT): match["reason"]
        for path in FILES
        for line in path.read_text(encoding="utf-8").splitlines()
        if (match := EXEMPTION.search(line)) and "ruff:" in line
    }
    assert len(exempt) > 10
    assert [str(path) for path, reason in exempt.items() if len(reason.strip(" -")) < 10] == []
