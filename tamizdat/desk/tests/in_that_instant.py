"""Two requests of the same instant: what one does where the other has passed all questions."""

from threading import Thread

from django.db import connections

A_WHILE = 0.3  # seconds in which a form is saved where nothing holds it up


def meanwhile(monkeypatch, view, step, act):
    """Have somebody act where a view is about to do a step, once; return a way to wait for it."""
    real, begun = getattr(view, step), []

    def acted():
        act()
        connections.close_all()

    def _step(*args, **kwargs):
        if not begun:
            begun.append(Thread(target=acted))
            begun[0].start()
            begun[0].join(A_WHILE)
        return real(*args, **kwargs)

    def wait():
        begun[0].join()

    monkeypatch.setattr(view, step, _step)
    return wait
