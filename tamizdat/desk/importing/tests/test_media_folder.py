import pytest

from tamizdat.desk.importing.media_folder import MediaFolder

UPLOADS = "https://old.example.org/wp-content/uploads"


@pytest.fixture
def folder(tmp_path):
    for place in ("2019/03/mill.jpg", "2018/01/mill.jpg", "2019/dam.jpg", "plan-300x200.png"):
        file = tmp_path / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    return MediaFolder(tmp_path)


@pytest.mark.parametrize(
    ("address", "place"),
    [
        pytest.param(f"{UPLOADS}/2019/03/mill.jpg", "2019/03/mill.jpg", id="by its path"),
        pytest.param(f"{UPLOADS}/2018/01/mill-300x200.jpg", "2018/01/mill.jpg", id="sized"),
        pytest.param(f"{UPLOADS}/2018/01/mill-scaled.jpg?w=604", "2018/01/mill.jpg", id="scaled"),
        pytest.param(f"{UPLOADS}/2018/01/mill-e1552000000000.jpg", "2018/01/mill.jpg", id="edited"),
        pytest.param(f"{UPLOADS}/2019/03/MILL.JPG", "2019/03/mill.jpg", id="in capitals"),
        pytest.param("https://cdn.example.net/x/dam.jpg", "2019/dam.jpg", id="by its name alone"),
        pytest.param("https://cdn.example.net/x/mill.jpg", None, id="two have the name: neither"),
        pytest.param(f"{UPLOADS}/plan-300x200.png", "plan-300x200.png", id="truly named so"),
        pytest.param(f"{UPLOADS}/2019/03/", None, id="no file"),
        pytest.param("https://old.example.org/../../etc/passwd", None, id="out of the folder"),
    ],
)
def test_which_file_an_address_means(folder, address, place):
    found = folder.find(address)

    assert (folder.place(found) if found else None) == place


def test_without_a_folder_there_are_no_files():
    assert MediaFolder(None).find(f"{UPLOADS}/a.jpg") is None
