"""What another process commits while an edition is planned is printed with the next one."""

import threading

from django.db import connections

from tamizdat.lib import clock
from tamizdat.press.actions import publish
from tamizdat.press.build.planner import Plan
from tamizdat.press.build.publication import Publication
from tamizdat.press.models import Change, RelatedArticles
from tamizdat.press.output.tree import Tree
from tamizdat.press.related import service
from tests.in_a_newsroom import lay_out, tell
from tests.newsdesk import NewsDesk


def test_what_is_marked_while_an_edition_is_planned_is_not_lost(tmp_path, databases):
    tell(lay_out(tmp_path, databases), led_on_while_planned)


def led_on_while_planned(newsroom):
    """The background relates an article from a connection of its own, in the middle of a plan."""
    desk = NewsDesk(newsroom)
    old, new = desk.article("Old story"), desk.article("New story")
    publish()
    RelatedArticles.objects.update(queued=False)
    RelatedArticles.objects.filter(pk=old.pk).update(ranked_ids="", queued=True)
    new.standfirst = "What the new story means now."
    desk.actions.publish(new)
    led_on = in_the_middle_of_a_plan(service.refresh)

    tree = Tree(newsroom.edition)
    with tree.locked(wait=True):
        Publication(newsroom, tree, clock.now()).carry_out(full=False)

    assert led_on() == 1
    assert list(Change.objects.values_list("key", flat=True)) == [f"job:article:{old.pk}"]
    publish()
    assert not Change.objects.exists()


def in_the_middle_of_a_plan(work):
    """Have something done in a thread while the next plan is made; return how to get its result.

    On PostgreSQL it commits in the middle of the plan, on SQLite it waits for the plan's end.
    """
    done, follow = [], Plan.follow

    def run():
        done.append(work())
        connections.close_all()

    thread = threading.Thread(target=run)

    def follow_and_wait(plan, keys):
        Plan.follow = follow
        thread.start()
        thread.join(1)
        return follow(plan, keys)

    Plan.follow = follow_and_wait

    def result():
        thread.join()
        return done[0]

    return result
