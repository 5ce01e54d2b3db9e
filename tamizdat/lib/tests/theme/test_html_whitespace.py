"""Line breaks in templates: gone between blocks, kept between words."""

import re

import pytest

from tamizdat.lib.theme.html_whitespace import HtmlWhitespace


@pytest.mark.parametrize(
    ("source", "tight"),
    [
        pytest.param("<ul>\n<li>a</li>\n</ul>\n", "<ul><li>a</li></ul>", id="a list"),
        pytest.param('<p class="x{{ y }}">\n{{ z }}\n</p>\n', '<p class="x{{ y }}">{{ z }}</p>'),
        pytest.param("<b>a</b>\n<a>b</a>\n", "<b>a</b>\n<a>b</a>\n", id="among words"),
        pytest.param("</li>\n{% endfor %}\n", "</li>{% endfor %}\n", id="before a statement"),
        pytest.param('<p title="{{ a > b }}">\nc', '<p title="{{ a > b }}">c', id="a sign inside"),
    ],
)
def test_space_goes_where_nobody_sees_it(source, tight):
    made = HtmlWhitespace.preprocess(None, source, "press/article.html")

    assert re.sub(r"{#\n+#}", "", made) == tight
    assert made.count("\n") == source.count("\n"), "a mistake would be told with a wrong line"


@pytest.mark.parametrize("name", ["letters/issue.html", "letters/issue.txt", None])
def test_letters_keep_their_lines(name):
    assert HtmlWhitespace.preprocess(None, "<p>a</p>\n<p>b</p>\n", name) == "<p>a</p>\n<p>b</p>\n"
