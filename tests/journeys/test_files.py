"""What lies on the disk of a machine that runs the demonstration."""

from tests.file_modes import closed_to_a_web_server, open_to_others


def test_only_the_edition_can_be_read_by_others(house):
    house.work()

    assert open_to_others(house.newsroom.folder) == []
    assert closed_to_a_web_server(house.newsroom.edition) == []
    assert list((house.newsroom.edition / "current/pictures").iterdir())
