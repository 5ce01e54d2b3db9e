"""How the counter answers."""

import base64
import hashlib
import re

import pytest
from django.test import RequestFactory

from tamizdat.readers.counter.answers import page, wished


@pytest.mark.parametrize("language", ["en", "ru", "fa"])
def test_the_header_lets_in_what_the_page_carries(language):
    answer = page("counter/notfound.html", language)

    for tag in ("style", "script"):
        inside = re.search(f"<{tag}>(.*?)</{tag}>", answer.content.decode(), re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        pytest.param("fa-IR,fa;q=0.9,en;q=0.8", "fa", id="the first"),
        pytest.param("de-CH, uk;q=0.7", "uk", id="the first that we speak"),
        pytest.param("*", "en", id="any"),
        pytest.param("", "en", id="nothing said"),
    ],
)
def test_a_page_without_a_language_speaks_the_reader_s(asked, language):
    assert wished(RequestFactory().get("/", headers={"accept-language": asked})) == language
