"""What somebody sees when the desk cannot do what they asked."""

import pytest
from django.template.loader import render_to_string


def test_an_address_that_leads_nowhere_says_so_and_leads_back(desk, client):
    answer = client.get("/nothing-here/")

    assert answer.status_code == 404
    assert "There is no such page" in answer.content.decode()
    assert 'href="/desk/"' in answer.content.decode()


def test_a_page_that_broke_says_so_in_a_sentence(editor, monkeypatch):
    from tamizdat.desk.admin import dashboard

    monkeypatch.setattr(dashboard, "scheduled", lambda: 1 / 0)
    editor.raise_request_exception = False

    answer = editor.get("/desk/")

    assert answer.status_code == 500
    assert "Something broke here" in answer.content.decode()


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
def test_pages_of_trouble_need_nothing_that_could_be_broken(name):
    page = render_to_string(f"{name}.html")

    assert "<h1>" in page
    assert "{" not in page.split("</style>")[1]
    assert "src=" not in page
