"""Each picture is decoded by a process of its own, which knows nothing and may take little."""

import io
import itertools
import os
import subprocess
import sys
import threading
import time

import pytest
from PIL import Image

from tamizdat.lib import pictures
from tamizdat.lib.pictures import PictureError, costs, process, runner
from tamizdat.lib.pictures.metadata import has_metadata
from tests.picture_bombs import (
    APP2,
    chunk,
    film,
    jpeg,
    png,
    profile,
    sequence,
    tags,
    text,
    thumbnail,
    with_exif,
    with_profile,
    with_segments,
)

BEGIN = f"import sys; sys.path.insert(0, {str(runner.PACKAGE)!r})\n"
LIMITED = (
    "import resource, tamizdat.lib.pictures.process as p\n"
    "for which, limit in p.LIMITS.items(): resource.setrlimit(which, (limit, limit))\n"
)

QUICK = {"quality": 10, "enc_params": {"preset": "ultrafast"}}  # to encode; it decodes as any

IMPATIENT = LIMITED.replace("p.LIMITS.items()", "(p.LIMITS | {resource.RLIMIT_CPU: 1}).items()")


@pytest.fixture
def instead(monkeypatch):
    """Another program in the place of the one that decodes."""

    def put(code):
        monkeypatch.setattr(runner, "COMMAND", (sys.executable, "-c", BEGIN + code))

    return put


def photo(width=1200, height=800, form="JPEG", **options):
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#337799").save(out, form, **options)
    return out.getvalue()


def test_a_picture_comes_back_clean_with_its_sizes():
    cleaned = pictures.clean(photo())

    assert (cleaned.width, cleaned.height, cleaned.form) == (1200, 800, "jpg")
    assert pictures.reopen(cleaned.data) == cleaned
    assert [(form, width) for form, width, _, _ in pictures.renditions(cleaned)] == [
        (form, width) for width in (320, 640, 960, 1200) for form in ("avif", "webp", "jpg")
    ]


def test_what_asks_loads_no_decoder():
    code = f"{BEGIN}import tamizdat.lib.pictures; print('PIL' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "False"


def test_what_decodes_knows_no_environment_and_no_open_files(instead, monkeypatch, tmp_path):
    monkeypatch.setenv("TAMIZDAT_SECRET", "told to nobody")
    with (tmp_path / "key").open("w") as key:
        os.set_inheritable(key.fileno(), True)  # noqa: FBT003
        instead(
            "import os, json\n"
            "left = dict(os.environ); left.pop('LC_CTYPE', None)\n"
            "files = len(os.listdir('/proc/self/fd'))\n"
            "print(json.dumps({'refused': f'{left} {files}'}))"
        )
        with pytest.raises(PictureError, match=r"^\{\} 4$"):  # three, and the folder of them
            pictures.clean(photo())


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("import os; os.kill(os.getpid(), 9)", id="killed"),
        pytest.param("import os; os.abort()", id="fell"),
        pytest.param("raise SystemExit(3)", id="gave up"),
        pytest.param("pass", id="says nothing"),
        pytest.param("print('{\"made\": [{}]}')", id="says nonsense"),
        pytest.param("print('[' * 100000)", id="says much nonsense"),
        pytest.param(f"{LIMITED}bytes(2**30)", id="wants a gigabyte"),
        pytest.param(f"{LIMITED}while True: sys.stdout.write('x' * 2**20)", id="never ends"),
    ],
)
def test_however_it_ends_the_sender_gets_a_sentence(instead, code):
    instead(code)

    with pytest.raises(PictureError, match=r"and send it again\.$"):
        pictures.clean(photo())


def test_one_that_hangs_is_ended(instead, monkeypatch):
    instead("import time; time.sleep(600)")
    monkeypatch.setattr(runner, "SECONDS", 0.5)

    started = time.monotonic()
    with pytest.raises(PictureError):
        pictures.clean(photo())
    assert time.monotonic() - started < 20


def test_one_that_reckons_for_ever_is_ended_by_the_kernel(instead, monkeypatch):
    instead(f"{IMPATIENT}while True: 1")

    with pytest.raises(PictureError):
        pictures.clean(photo())


def test_pictures_are_decoded_one_at_a_time_and_a_fourth_sender_is_asked_to_wait(instead):
    instead('import time; time.sleep(1.5); print(\'{"refused": "read"}\')')
    told = []

    def send():
        try:
            pictures.clean(photo())
        except PictureError as error:
            told.append((str(error), time.monotonic()))

    senders = [threading.Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    assert [text for text, _ in told] == [runner.BUSY, "read", "read", "read"]
    moments = [at for _, at in told[1:]]
    assert min(later - one for one, later in itertools.pairwise(moments)) > 1.4


@pytest.mark.parametrize(
    ("data", "size"),
    [
        pytest.param(lambda: photo(12_000, 8_000), (2560, 1707), id="a camera's 96 megapixels"),
        pytest.param(lambda: photo(6_000, 4_000, "PNG"), (2560, 1707), id="24 in a PNG"),
        pytest.param(lambda: photo(6_000, 4_000, "HEIF", **QUICK), (2560, 1707), id="24 in a HEIC"),
        pytest.param(lambda: photo(4_000, 3_000, "WEBP", method=0), None, id="12 in a WebP"),
    ],
)
def test_large_photographs_are_taken_or_the_sender_is_told_what_to_do(data, size):
    if size:
        cleaned = pictures.clean(data())
        assert abs(cleaned.width - size[0]) + abs(cleaned.height - size[1]) <= 2
    else:
        with pytest.raises(PictureError, match=r"4000 by 3000 pixels: .* Save it as a JPEG"):
            pictures.clean(data())


@pytest.mark.parametrize("data", [png(9_000, 9_000, 6), jpeg(20_000, 15_000)], ids=["PNG", "JPEG"])
def test_what_a_header_asks_for_is_refused_before_it_is_decoded(data):
    with pytest.raises(PictureError, match=r"pixels.*send it again\.$"):
        pictures.clean(data)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(with_profile, id="a profile of 17 MB"),
        pytest.param(lambda: with_exif(tags()), id="EXIF of 47 GB in a JPEG"),
        pytest.param(lambda: png(64, 64, 2, notes=[chunk(b"eXIf", tags())]), id="in a PNG"),
        pytest.param(lambda: with_exif(thumbnail(jpeg(65_500, 65_500))), id="a thumbnail"),
        pytest.param(lambda: film((800, 600), (800, 600), 5_000), id="5,000 frames of a WebP"),
        pytest.param(lambda: sequence(500_000), id="500,000 frames of an AVIF"),
    ],
)
def test_of_a_file_with_much_besides_its_picture_the_picture_is_kept(data):
    assert has_metadata(pictures.clean(data()).data) == []


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(lambda: with_segments(APP2, [b""] * 2_000_000), id="2,000,000 segments"),
        pytest.param(lambda: png(64, 64, 2, notes=[profile()]), id="a profile of 150 MB"),
        pytest.param(lambda: png(64, 64, 2, notes=[text(150_000_000)]), id="a text of 150 MB"),
        pytest.param(lambda: png(64, 64, 2, notes=[text()] * 90), id="90 texts"),
        pytest.param(lambda: film((16_383, 16_383), (16, 16), 200), id="a screen of 1 GB"),
    ],
)
def test_a_file_with_too_much_besides_its_picture_is_refused(data):
    with pytest.raises(PictureError, match=r"and send it again\.$"):
        pictures.clean(data())


def test_the_limit_is_that_of_the_estimate():
    assert dict(process.LIMITS)[process.resource.RLIMIT_DATA] == (costs.MOST_MEMORY)
