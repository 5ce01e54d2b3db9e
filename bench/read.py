"""The edition's front under load, beside nginx with the same files, in the same run and in turns.

nginx is Debian's, with one worker as our front has one; it finds every text packed beside it as
our front keeps it packed, and sends the same headers. Readers ask for articles, lists and
pictures over connections that stay open, as browsers do.
"""

import os
import random
import re
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench._archived import HANDFUL, newsroom
from bench._costs import MB, family, resident
from bench._packed import copy_packed
from bench._rows import Row, row
from tamizdat.press.server.responses import ALWAYS, FRESH
from tests import demonstration, webservers

ROOT = Path(__file__).parents[1]
WRK = ROOT / ".cache/tools/wrk/usr"
MADE = demonstration.KEPT / "edition"
ARTICLES = 2_000
ROUNDS, SECONDS, MINUTE = 7, 5, 60
READERS, CROWD = 64, 1_000
LEAST, MOST_MB = 0.6, 150
SHARES = {"article": 0.6, "list": 0.2, "picture": 0.2}
WORKING_SET = {"article": 300, "list": 60, "picture": 360}  # what many read in one hour
FRONT_PORT, NGINX_PORT = 8132, 8133


def rows(*, smoke: bool) -> list[Row]:
    """Return the figures; `smoke` reads for a second each and judges nothing."""
    with tempfile.TemporaryDirectory(prefix="tamizdat-bench-") as name:
        place = Path(name)
        is_made = smoke and (MADE / "current").is_symlink()
        articles = HANDFUL if smoke else ARTICLES
        edition = MADE if is_made else newsroom(place, articles) / "edition"
        script = _script(place, asked := _paths(edition / "current", 40 if smoke else 1))
        copy_packed(edition / "current", asked, place / "packed")
        with webservers.front(edition, FRONT_PORT) as front, _nginx(place):
            _warm(script, smoke=smoke)
            ratio = _in_turns(script, 1 if smoke else ROUNDS, 1 if smoke else SECONDS)
            errors = _crowd(script, 1 if smoke else MINUTE)
            held = sum(resident(each) for each in family(front)) / MB
    return [
        row("read_vs_nginx", ratio, "times", least=LEAST),
        row("read_1000_errors", errors, "errors", 0),
        row("front_mb", held, "MB", MOST_MB),
    ]


def _paths(current: Path, thinner: int) -> list[str]:
    """Return what is asked for, in an order that is the same each time."""
    found: dict[str, list[str]] = {kind: [] for kind in SHARES}
    for file in sorted(current.resolve().rglob("*")):
        path = str(file.relative_to(current.resolve()))
        if path.startswith("pictures/") and file.is_file():
            found["picture"].append(path)
        elif path.endswith(".html"):
            is_article = re.match(r"[a-z]+/\d{4}/\d\d/(?!index)", path)
            found["article" if is_article else "list"].append(path)
    chance = random.Random(1)
    chosen = {
        kind: chance.sample(paths, min(WORKING_SET[kind] // thinner, len(paths)))
        for kind, paths in found.items()
    }
    order = chance.choices(list(SHARES), list(SHARES.values()), k=3_000)
    return [f"/{chance.choice(chosen[kind]).removesuffix('index.html')}" for kind in order]


def _script(place: Path, paths: Sequence[str]) -> Path:
    asked = ",\n".join(f"{path!r}" for path in paths)
    script = place / "readers.lua"
    script.write_text(
        f"local paths = {{{asked}}}\n"
        "local asked, last = {}, 0\n"
        "for number, path in ipairs(paths) do\n"
        '  asked[number] = "GET " .. path .. " HTTP/1.1\\r\\nHost: www.example.org\\r\\n'
        'Accept-Encoding: gzip, deflate, br\\r\\n\\r\\n"\n'
        "end\n"
        "function request() last = last % #asked + 1 return asked[last] end\n"
        "function done(all)\n"
        "  local e = all.errors\n"
        '  io.write(string.format("READ %f %d\\n", all.requests / all.duration * 1e6,'
        " e.connect + e.read + e.write + e.timeout + e.status))\n"
        "end\n"
    )
    return script


@contextmanager
def _nginx(place: Path) -> Iterator[None]:
    folder = place / "nginx"
    folder.mkdir()
    modules = webservers.NGINX_MODULES
    more = f"worker_processes 1; load_module {modules}/ngx_http_brotli_static_module.so;"
    headers = "".join(f'add_header {name} "{value}";' for name, value in ALWAYS)
    site = (
        "types { text/html html; image/jpeg jpg; image/avif avif; image/webp webp; }"
        "sendfile on; tcp_nopush on; keepalive_requests 100000000; brotli_static on;"
        f"server {{ listen 127.0.0.1:{NGINX_PORT} backlog=4096; root {place}/packed; {headers}"
        f'add_header cache-control "{FRESH}"; add_header vary accept-encoding; }}'
    )
    with webservers.nginx(site, folder, NGINX_PORT, more=more):
        yield


def _warm(script: Path, *, smoke: bool) -> None:
    """Read until the front has packed everything tightly, as nginx has it from the start."""
    for _ in range(1 if smoke else 8):
        _read(script, FRONT_PORT, READERS, 1 if smoke else 4)
        time.sleep(0 if smoke else 2)


def _in_turns(script: Path, rounds: int, seconds: int) -> float:
    """Return our rate in nginx's, round by round, so that a noisy machine disturbs both alike."""
    ratios = []
    for number in range(rounds):
        order = (FRONT_PORT, NGINX_PORT) if number % 2 else (NGINX_PORT, FRONT_PORT)
        rates = {port: _read(script, port, READERS, seconds)[0] for port in order}
        ratios.append(rates[FRONT_PORT] / rates[NGINX_PORT])
    return median(ratios)


def _crowd(script: Path, seconds: int) -> int:
    return _read(script, FRONT_PORT, CROWD, seconds)[1]


def _read(script: Path, port: int, readers: int, seconds: int) -> tuple[float, int]:
    """Let readers read; returns answers a second, and errors (of statuses those from 400 on)."""
    address = f"http://127.0.0.1:{port}"
    options = ("-t1", f"-c{readers}", f"-d{seconds}", "--timeout", "10s", "-s", str(script))
    libraries = {"LD_LIBRARY_PATH": ":".join(map(str, (WRK / "lib").glob("*-linux-gnu")))}
    done = subprocess.run(
        (str(WRK / "bin/wrk"), *options, address),
        env=os.environ | libraries,
        check=True,
        capture_output=True,
        text=True,
    )
    said = re.search(r"^READ (\S+) (\d+)$", done.stdout, re.MULTILINE)
    if said is None:
        raise RuntimeError(done.stdout)
    return float(said[1]), int(said[2])
