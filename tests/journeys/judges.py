"""Programs of others that judge our pages: axe, and the validator of the W3C."""

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path

TOOLS = Path(__file__).parents[2] / ".cache/tools/node/node_modules"
# A second of Java is over before its best compiler has earned what it costs; with the first one
# alone the validator needs a deeper stack.
HASTE = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss16m")


def axe(page) -> list[str]:
    """Return what axe finds wrong with a page that is open, one line each."""
    page.evaluate((TOOLS / "axe-core/axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{each['id']}: {node['html'][:160]}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


def validator(files: Iterable[Path]) -> list[str]:
    """Return the errors of these HTML files, one line each."""
    vnu = TOOLS / "vnu-jar/build/dist/vnu.jar"
    run = subprocess.run(
        ["java", *HASTE, "-jar", vnu, "--errors-only", "--format", "json", *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return [f"{each['url']}: {each['message']}" for each in json.loads(run.stderr)["messages"]]
