"""A newsroom of one's own, with the archive that it brings from WordPress."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager

from tamizdat.lib.newsroom import load
from tests.free_ports import free_ports
from tests.journeys.judges import axe

OF_EVERYTHING = "markup-html-tags-and-formatting.html"  # the post with every element there is


def tamizdat(*words, folder=None):
    """Run the command line as somebody would who has only the README."""
    chosen = ["--newsroom", folder] if folder else []
    run = subprocess.run(
        [sys.executable, "-m", "tamizdat.site", *chosen, *words],
        env={k: v for k, v in os.environ.items() if not k.startswith("TAMIZDAT_")},
        capture_output=True,
        check=False,
        text=True,
        timeout=600,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


@contextmanager
def served(folder, port):
    """Serve a newsroom's edition while somebody reads."""
    command = ["serve", "--role", "edition", "--port", str(port)]
    process = subprocess.Popen(
        [sys.executable, "-m", "tamizdat.site", "--newsroom", folder, *command],
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def test_a_wordpress_archive_becomes_a_proper_site(tmp_path, test_data, visit):
    folder, port = tmp_path / "sheet", free_ports(4)
    export = test_data / "wxr/theme-test-data/themeunittestdata.wordpress.xml"
    tamizdat(
        *("init", str(folder), "--name", "The Sheet", "--language", "en"),
        *("--address", f"http://127.0.0.1:{port}", "--yes"),
    )

    report = json.loads(tamizdat("import", "wordpress", str(export), "--json", folder=folder))
    built = json.loads(tamizdat("build", "--json", folder=folder))
    again = json.loads(tamizdat("build", "--json", folder=folder))

    articles = list((load(folder).edition / "current/en").glob("[12][0-9][0-9][0-9]/*/*.html"))
    assert len(articles) == 55
    assert report["left_out"]
    assert again["number"] == built["number"]
    with served(folder, port) as address:
        reader = visit(javascript=False)
        for _ in range(100):
            try:
                reader.page.goto(address)
                break
            except Exception:  # noqa: BLE001  the server is not up yet
                reader.page.wait_for_timeout(200)
        reader.page.locator("main a[href*='/20']").first.click()
        assert reader.page.locator("h1").inner_text()
        assert reader.hosts() == {address}
        judge = visit()
        judge.page.goto(f"{address}/en/2013/01/{OF_EVERYTHING}")
        assert axe(judge.page) == []
