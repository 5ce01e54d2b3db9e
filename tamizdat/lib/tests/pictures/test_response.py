"""The process that decodes may have been taken over: what it answers is not believed."""

import io
import json
import re
import struct
import sys

import pytest
from PIL import Image

from tamizdat.lib import pictures
from tamizdat.lib.pictures import response, runner
from tamizdat.lib.pictures.response import MOST_LINE
from tamizdat.lib.pictures.values import MOST_ANSWER, TOO_MUCH, PictureError
from tests.picture_bombs import chunk, jpeg, png, saved, text

SIDE = 64
MASTER = {"form": "jpg", "width": SIDE, "height": SIDE, "colour": "#123456"}


@pytest.fixture
def answers(monkeypatch, tmp_path):
    """Let the process that decodes answer this, whatever it is asked."""

    def put(said, *files):
        (tmp_path / "answer").write_bytes(said + b"\n" + b"".join(files))
        code = (
            "import sys, shutil\n"
            f"shutil.copyfileobj(open({str(tmp_path / 'answer')!r}, 'rb'), sys.stdout.buffer)"
        )
        monkeypatch.setattr(runner, "COMMAND", (sys.executable, "-c", code))

    return put


def made(*about):
    return json.dumps({"made": about}).encode()


def told(file, **otherwise):
    return made(MASTER | {"length": len(file)} | otherwise)


def gray():
    return of(Image.new("L", (SIDE, SIDE)), "PNG")


def of(image, form, **options):
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def animated():
    frames = [Image.new("RGB", (SIDE, SIDE), colour) for colour in ("red", "blue")]
    return of(frames[0], "PNG", save_all=True, append_images=frames[1:])


def drawn_twice():
    """A JPEG with a second frame, as wide as a JPEG can be."""
    data = saved("JPEG")
    at = data.index(b"\xff\xc0")
    end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    frame = data[at : at + 5] + struct.pack(">HH", 65_500, 65_500) + data[at + 9 : end]
    return data[:end] + frame + data[end:]


def test_what_ours_answers_is_believed(answers):
    file = saved("JPEG")
    answers(told(file), file)

    assert pictures.clean(b"").data == file


@pytest.mark.parametrize(
    ("file", "otherwise"),
    [
        pytest.param(saved("PNG"), {}, id="a PNG that is said to be a JPEG"),
        pytest.param(b"<script>" * 9, {}, id="no picture"),
        pytest.param(b"", {}, id="nothing"),
        pytest.param(saved("JPEG") + b"PK\3\4", {}, id="something after its end"),
        pytest.param(saved("JPEG")[:-2], {}, id="cut short"),
        pytest.param(saved("JPEG", comment=b"c"), {}, id="with a comment"),
        pytest.param(saved("JPEG", (3_000, 3_000)), {"width": 3_000, "height": 3_000}, id="large"),
        pytest.param(jpeg(65_500, 65_500), {}, id="a bomb that is said to be small"),
        pytest.param(jpeg(SIDE, SIDE, scans=30), {}, id="drawn over and over again"),
        pytest.param(drawn_twice(), {}, id="of two sizes"),
        pytest.param(of(Image.new("L", (9, 9)), "JPEG"), {}, id="of another size"),
        pytest.param(png(60_000, 60_000, 2), {"form": "png"}, id="a PNG bomb said to be small"),
        pytest.param(png(SIDE, SIDE, 2, notes=[text()]), {"form": "png"}, id="with a text bomb"),
        pytest.param(animated(), {"form": "png"}, id="of two frames"),
        pytest.param(gray(), {"form": "png"}, id="a PNG of a kind that is not ours"),
        pytest.param(
            saved("PNG")[:-12] + chunk(b"IDAT", b"") + b"x", {"form": "png"}, id="without an end"
        ),
        pytest.param(saved("WEBP"), {"form": "webp"}, id="a form that masters do not have"),
        pytest.param(saved("JPEG"), {"form": "gif"}, id="a form that we do not have"),
        pytest.param(saved("JPEG"), {"form": ["jpg"]}, id="a form that is a list"),
        pytest.param(saved("JPEG"), {"width": float("inf")}, id="endless"),
        pytest.param(saved("JPEG"), {"width": "wide"}, id="a width in words"),
        pytest.param(saved("JPEG"), {"colour": "red;background:url(//x)"}, id="style for colour"),
        pytest.param(saved("JPEG"), {"colour": ""}, id="no colour"),
        pytest.param(saved("JPEG"), {"length": 9}, id="a part of what was sent"),
        pytest.param(saved("JPEG"), {"length": 10**9}, id="longer than it is"),
    ],
)
def test_a_file_that_is_not_what_it_is_said_to_be_is_refused(answers, file, otherwise):
    answers(told(file, **otherwise), file)

    with pytest.raises(PictureError, match=f"^{re.escape(TOO_MUCH)}$"):
        pictures.clean(b"")


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b'{"made": []}', id="nothing made"),
        pytest.param(b'{"made": 7}', id="a number made"),
        pytest.param(b'{"made": [7]}', id="a number in it"),
        pytest.param(b"[]", id="a list"),
        pytest.param(made(MASTER, MASTER), id="two without a length"),
        pytest.param(json.dumps({"refused": "no " * MOST_LINE}).encode(), id="a long refusal"),
        pytest.param(json.dumps({"refused": "Look:\n" * 9}).encode(), id="a letter"),
        pytest.param(json.dumps({"refused": ["no"]}).encode(), id="a refusal that is a list"),
        pytest.param(b" " * MOST_LINE + b'{"refused": "no"}', id="a line without an end"),
    ],
)
def test_an_answer_that_ours_never_gives_is_refused(answers, said):
    answers(said)

    with pytest.raises(PictureError, match=f"^{re.escape(TOO_MUCH)}$"):
        pictures.clean(b"")


def test_two_masters_are_none(answers):
    file = saved("JPEG")
    about = MASTER | {"length": len(file)}
    answers(made(about, about), file, file)

    with pytest.raises(PictureError):
        pictures.clean(b"")


def test_an_answer_that_is_too_long_is_not_read(tmp_path):
    with (tmp_path / "long").open("w+b") as answer:
        answer.write(b'{"refused": "no"}\n')
        answer.truncate(MOST_ANSWER + 1)
        answer.seek(0)
        with pytest.raises(PictureError, match=re.escape(TOO_MUCH)):
            response.read(answer)


def test_a_picture_that_is_opened_again_is_not_exchanged(answers):
    file = saved("JPEG")
    answers(told(file), file)

    assert pictures.reopen(file).data == file
    with pytest.raises(PictureError):
        pictures.reopen(saved("JPEG", quality=30))


@pytest.mark.parametrize(
    "otherwise",
    [
        pytest.param({}, id="only one"),
        pytest.param({"form": "jpg/../../../../keys/x"}, id="with a place for a form"),
    ],
)
def test_sizes_are_those_that_were_asked_for(answers, otherwise):
    file = saved("AVIF")
    master = pictures.clean(saved("JPEG"))
    about = {"form": "avif", "width": SIDE, "height": SIDE, "length": len(file)}
    answers(made(about | otherwise), file)

    with pytest.raises(PictureError):
        list(pictures.renditions(master))


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("size", [(700, 501), (37, 1_100), (1, 1)])
def test_all_that_ours_makes_is_believed(mode, size):
    grain = Image.effect_noise(size, 90).convert("RGB")
    if mode == "RGBA":
        grain.putalpha(Image.effect_noise(size, 90))

    master = pictures.clean(of(grain, "PNG"))

    assert (master.width, master.height) == size
    assert len(list(pictures.renditions(master))) == 3 * len(pictures.widths(size[0]))
