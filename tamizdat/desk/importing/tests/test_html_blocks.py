import json
import re

import pytest

from tamizdat.desk.importing.html.html_blocks import pieces
from tamizdat.desk.importing.html.pieces import Gallery, Notes, Photo
from tamizdat.desk.published.values import Embed, Facts, Heading, Items, Quote, Table, Text

SITE = "https://old.example.org"


def made(content, notes=None):
    return pieces(content, SITE, notes or Notes())


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(
            "One\ntwo\n\nthree", [Text("<p>One<br>two</p><p>three</p>")], id="classic line ends"
        ),
        pytest.param("<p>One\ntwo</p>", [Text("<p>One<br>two</p>")], id="classic, marked up"),
        pytest.param(
            "<!-- wp:paragraph -->\n<p>One\ntwo</p>\n<!-- /wp:paragraph -->",
            [Text("<p>One two</p>")],
            id="in a block a line end is a space",
        ),
        pytest.param(
            "old\n\nstyle<!-- wp:paragraph --><p>new</p><!-- /wp:paragraph -->",
            [Text("<p>old</p><p>style</p><p>new</p>")],
            id="classic before blocks",
        ),
        pytest.param(
            "<b>a</b> <i>b</i> <u>c</u> <span style='x'>d</span> <q>e</q>",
            [Text("<p><strong>a</strong> <em>b</em> c d “e”</p>")],
            id="only our own marks stay",
        ),
        pytest.param("a<br><br>b", [Text("<p>a</p><p>b</p>")], id="two line ends part paragraphs"),
        pytest.param("<h4>Head <em>er</em></h4>", [Heading("Head er")], id="heading"),
        pytest.param(
            "<blockquote><p>One</p><p>Two</p><cite>Who</cite></blockquote>",
            [Quote("One\n\nTwo", "Who")],
            id="quote",
        ),
        pytest.param(
            "<figure class='wp-block-pullquote'><blockquote><p>One</p></blockquote></figure>",
            [Quote("One", "")],
            id="pull quote",
        ),
        pytest.param(
            "<ol><li>a <b>b</b></li><li></li><li><p>c</p></li></ol>",
            [Items(("a <strong>b</strong>", "c"), ordered=True)],
            id="flat list",
        ),
        pytest.param(
            "<ul><li>a<ol><li>b</li></ol></li></ul>",
            [Text("<ul><li>a<ol><li>b</li></ol></li></ul>")],
            id="nested list",
        ),
        pytest.param(
            "<table><thead><tr><th>A</th><th>B</th></tr></thead><tr><td>1</td></tr></table>",
            [Table("", ("A", "B"), (("1", ""),))],
            id="table with header, a cell missing",
        ),
        pytest.param(
            "<figure><table><tr><td colspan=2>1</td></tr><tr><td>2</td><td>3</td></tr></table>"
            "<figcaption>Sums</figcaption></figure>",
            [Table("Sums", (), (("1", ""), ("2", "3")))],
            id="table with caption and a wide cell",
        ),
        pytest.param(
            "<details><summary>More</summary><p>Facts.</p></details>",
            [Facts("More", "<p>Facts.</p>")],
            id="details",
        ),
        pytest.param(
            "<pre>if x:\n  y &lt; 1</pre>",
            [Text("<p><code>if x:<br>\xa0\xa0y &lt; 1</code></p>")],
            id="code keeps its indent",
        ),
        pytest.param(
            "<dl><dt>Term</dt><dd>Meaning</dd></dl>",
            [Text("<p><strong>Term</strong></p><p>Meaning</p>")],
            id="definitions",
        ),
        pytest.param(
            "https://www.youtube.com/watch?v=abcdefg",
            [Embed("https://www.youtube.com/watch?v=abcdefg", "YouTube", "YouTube", None)],
            id="a player's address alone in its line",
        ),
        pytest.param(
            '<iframe src="https://www.youtube.com/embed/abcdefg?rel=0" title="A film"></iframe>',
            [Embed("https://www.youtube.com/watch?v=abcdefg", "A film", "YouTube", None)],
            id="a frame becomes a link to the film's page",
        ),
        pytest.param(
            '<!-- wp:embed {"url":"https://vimeo.com/1"} --><figure class="wp-block-embed"><div'
            ' class="wp-block-embed__wrapper">\nhttps://vimeo.com/1\n</div><figcaption>Said'
            "</figcaption></figure><!-- /wp:embed -->",
            [Embed("https://vimeo.com/1", "Said", "Vimeo", None)],
            id="embed block with caption",
        ),
        pytest.param(
            '<p>Look: <img src="/wp-content/uploads/a.jpg" alt="A" class="wp-image-7"> so</p>',
            [
                Text("<p>Look:</p>"),
                Photo(f"{SITE}/wp-content/uploads/a.jpg", 7, "A", ""),
                Text("<p>so</p>"),
            ],
            id="a picture interrupts the text",
        ),
        pytest.param(
            '<figure><a href="x.jpg"><img src="https://e.example/a.jpg"></a>'
            "<figcaption>Here</figcaption></figure>",
            [Photo("https://e.example/a.jpg", 0, "", "Here")],
            id="figure with caption",
        ),
        pytest.param(
            '<h2>Head<img src="https://e.example/a.jpg"></h2>',
            [Photo("https://e.example/a.jpg", 0, "", ""), Heading("Head")],
            id="picture in a heading",
        ),
        pytest.param(
            'Fine <img class="emoji" alt="🙂" src="https://s.example/1.svg">',
            [Text("<p>Fine 🙂</p>")],
            id="a smiling face is a letter",
        ),
        pytest.param(
            '[caption id="attachment_5" width="3"]<img src="/a.jpg"/> Bell[/caption]',
            [Photo(f"{SITE}/a.jpg", 5, "", "Bell")],
            id="caption shortcode",
        ),
        pytest.param('[gallery ids="3,4"]', [Gallery((3, 4))], id="gallery shortcode"),
        pytest.param("[gallery]", [Gallery(())], id="gallery of all that hangs on the post"),
        pytest.param(
            "[embed]https://vimeo.com/9[/embed]",
            [Embed("https://vimeo.com/9", "Vimeo", "Vimeo", None)],
            id="embed shortcode",
        ),
        pytest.param("He said [sic] and [1].", [Text("<p>He said [sic] and [1].</p>")], id="[sic]"),
        pytest.param("[[gallery]]", [Text("<p>[gallery]</p>")], id="escaped shortcode"),
        pytest.param(
            "<code>[gallery]</code>", [Text("<p><code>[gallery]</code></p>")], id="shown as code"
        ),
        pytest.param("   \n\n<p>&nbsp;</p><hr><div></div>", [], id="nothing"),
    ],
)
def test_what_becomes_of_it(content, expected):
    assert list(made(content)) == expected


@pytest.mark.parametrize(
    ("content", "kept", "noted"),
    [
        pytest.param("<script>steal()</script>a", "a", "script", id="script"),
        pytest.param("<form><input name=x>a</form>", "a", "form", id="form"),
        pytest.param("<svg onload=x()><title>q</title></svg>a", "a", "svg", id="drawing"),
        pytest.param("[poll id=4]a[/poll]", "a", "[poll]", id="unknown shortcode"),
        pytest.param("a<!-- wp:latest-posts /-->", "a", "latest-posts", id="filled by WordPress"),
        pytest.param('a<img src="data:image/png;base64,x">', "a", "picture", id="drawn in"),
        pytest.param('a<img width=1 height=1 src="https://t.example/p">', "a", "pixel", id="pixel"),
        pytest.param('a<iframe src="javascript:x()"></iframe>', "a", "iframe", id="frame"),
    ],
)
def test_what_is_not_carried_is_noted(content, kept, noted):
    notes = Notes()

    assert made(content, notes) == (Text(f"<p>{kept}</p>"),)
    assert any(noted in note for note in notes.left_out)


@pytest.mark.parametrize(
    ("href", "leads"),
    [
        pytest.param("/about/", f"{SITE}/about/", id="relative"),
        pytest.param("mailto:desk@example.org", "mailto:desk@example.org", id="mail"),
        pytest.param("javascript:x()", None, id="script"),
        pytest.param("java&#10;script:x()", None, id="script in two lines"),
        pytest.param("data:text/html,x", None, id="data"),
        pytest.param("https://u:p@e.example/", None, id="with a password"),
        pytest.param("http://[bad", None, id="no address at all"),
        pytest.param("#top", None, id="a place on the old page"),
    ],
)
def test_where_a_link_leads(href, leads):
    expected = f'<p><a href="{leads}">x</a></p>' if leads else "<p>x</p>"

    assert made(f'<a href="{href}">x</a>') == (Text(expected),)


ALLOWED = re.compile(
    r'(?:[^<>]|</?(?:p|strong|em|ul|ol|li|sub|sup|code|small)>|<br>|<a href="(?:https?://|mailto:|article:|plain:)'
    r'[^"<>]*">|</a>)*'
)


def harmless(found):
    for piece in found:
        for html in htmls(piece):
            assert ALLOWED.fullmatch(html), html
        if isinstance(piece, Photo | Embed):
            assert piece.address.startswith(("http://", "https://"))


def htmls(piece):
    if isinstance(piece, Text | Facts):
        return [piece.html]
    return piece.items if isinstance(piece, Items) else []


def test_hostile_markup_of_the_sanitisers_own_tests_is_harmless(test_data):
    attacks = json.loads((test_data / "sanitiser/dompurify/expect.json").read_text())
    for attack in attacks:
        harmless(made(attack["payload"]))
    assert len(attacks) > 100


def test_odd_markup_of_the_parsers_own_tests_is_harmless(test_data):
    files = sorted((test_data / "sanitiser/html5lib-tests/tree-construction").glob("*.dat"))
    for file in files:
        for source in re.findall(r"#data\n(.*?)\n#errors", file.read_text(), re.DOTALL):
            harmless(made(source))
    assert files


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("<div>" * 15_000 + "deep", id="15,000 divisions"),
        pytest.param("<ul><li>" * 3_000 + "deep", id="3,000 lists"),
        pytest.param("<blockquote>" * 3_000 + "deep", id="3,000 quotes"),
        pytest.param("<b>" * 50_000 + "deep", id="50,000 tags"),
        pytest.param("<!-- wp:a {" * 20_000 + "deep", id="20,000 open comments"),
        pytest.param("[caption " * 20_000 + "deep", id="20,000 open shortcodes"),
        pytest.param("[a]" * 20_000 + "deep", id="20,000 brackets"),
        pytest.param("<pre><a " * 9_000 + "deep", id="9,000 open tags"),
    ],
)
def test_a_text_built_to_exhaust_ends_all_the_same(content):
    harmless(made(content))
