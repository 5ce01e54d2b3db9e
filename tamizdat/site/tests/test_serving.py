"""The four roles as processes of one machine."""

import socket

import pytest

from tamizdat.lib.newsroom import NewsroomError
from tamizdat.site import serving


@pytest.fixture
def somebody():
    """A server like granian's, which would share its port with whoever asks."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_port_on_which_somebody_listens_is_refused(newsroom, somebody):
    posts = serving.posts(newsroom, ["edition"], host="127.0.0.1", port=somebody, work=False)

    with pytest.raises(NewsroomError, match=f"port {somebody} .*Stop what listens there"):
        serving.watch(posts)
