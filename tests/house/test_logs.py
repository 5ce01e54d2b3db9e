"""What is logged is a sentence of ours with values named one by one, so that each can be judged."""

import ast
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "tamizdat"
LOGS = {"log", "logger", "logging"}
LEVELS = {"debug", "info", "warning", "error", "exception", "critical", "log"}


def test_no_log_line_is_put_together_before_the_formatter_sees_it():
    """The formatter leaves the words of an error out; of a finished sentence it cannot."""
    finished = [
        f"{path.relative_to(PACKAGE)}:{call.lineno}"
        for path in PACKAGE.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if _logs(call) and not isinstance(call.args[0], ast.Constant)
    ]

    assert finished == []


def _logs(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in LOGS
        and node.func.attr in LEVELS
        and bool(node.args)
    )
