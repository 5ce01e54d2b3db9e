"""The desk as it runs in production, and small files that ask for gigabytes."""

import pytest

from bench._picture_desk import Watch, is_taken, send_all, served, told
from tests.picture_bombs import bombs

MOST_MB = 400
HARMLESS = {  # their bombs lie in what is never decoded
    "largest.png",
    "text.png",
    "raw.png",
    "tags.png",
    "frames.gif",
    "film.webp",
    "film.avif",
    "profile.jpg",
    "tags.jpg",
    "thumbnail.jpg",
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with served(tmp_path_factory.mktemp("pictures")) as running:
        yield running


def test_thirty_picture_bombs_neither_fell_nor_silence_the_desk(desk):
    with Watch(desk) as watch:
        answers = send_all(desk, bombs(), at_once=3)

    assert watch.most_mb < MOST_MB
    assert desk.megabytes() < MOST_MB / 2, "what a bomb took is kept"
    assert desk.seconds_for("/desk/images/") < 10
    assert {answer.status_code for answer in answers.values()} <= {200, 302}
    assert {name for name, answer in answers.items() if is_taken(answer)} == HARMLESS
    for name in answers.keys() - HARMLESS:
        assert told(answers[name]).endswith("."), name
        assert f"About {name}" in answers[name].text, "what was typed is lost"
