"""What colleagues choose for themselves; and who at the desk may be sent a file at all."""

import io

from django.core.files.storage import default_storage
from django.urls import Resolver404, get_resolver, resolve
from PIL import Image

from tamizdat.desk.tests.admin.addresses import as_address, paths
from tamizdat.desk.tests.conftest import photo, signed_in

PICTURES = ("wagtailimages:", "wagtailimages_chooser:")  # their form is `desk.picture_form`


def asks_for_a_file(browser, address):
    answer = browser.get(address)
    return not answer.streaming and 'type="file"' in answer.content.decode()


def test_no_page_but_those_for_pictures_asks_for_a_file(bridge, demonstration):
    admin, asking = signed_in("Cleo Arn", "admin"), set()
    admin.raise_request_exception = False
    for pattern in sorted(set(paths(get_resolver().url_patterns))):
        address = as_address(pattern)
        try:
            name = resolve(address).view_name or ""
        except Resolver404:
            continue
        if "logout" not in name and asks_for_a_file(admin, address):
            asking.add(name)

    assert {name for name in asking if not name.startswith(PICTURES)} == set()
    assert {"wagtailimages:add", "wagtailimages:add_multiple"} <= asking


def test_a_picture_of_a_colleague_is_neither_opened_nor_kept(reporter, monkeypatch):
    opened = []
    monkeypatch.setattr(Image, "open", lambda *_file, **_how: opened.append("a file"))
    face = io.BytesIO(photo())
    face.name = "face.jpg"
    said = {"name_email-first_name": "Ines", "name_email-last_name": "Holm", "avatar-avatar": face}
    reporter.post("/desk/account/", said)

    assert not opened
    assert not default_storage.exists("avatar_images")


def test_a_colleague_changes_their_name(reporter):
    from django.contrib.auth.models import User

    shown = reporter.get("/desk/account/").context["panels_by_tab"]
    forms = [panel.get_form() for panels in shown.values() for panel in panels]
    said = {f"{each.prefix}-{k}": each[k].value() or "" for each in forms for k in each.fields}
    reporter.post("/desk/account/", said | {"name_email-last_name": "Holm"})

    assert User.objects.get(username="ines@example.org").last_name == "Holm"
