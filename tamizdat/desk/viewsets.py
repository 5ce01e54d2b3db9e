"""The lists of the desk: articles, front pages, plain pages, sections, topics, people."""

from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.snippets.views.snippets import SnippetViewSet

from tamizdat.desk.models import ArticlePage, FrontPage, Person, PlainPage, Section, Topic


class Articles(PageListingViewSet):
    model = ArticlePage
    icon = "doc-full"
    menu_label = "Articles"
    menu_order = 10
    add_to_admin_menu = True
    list_display = ["title", "section", "locale", "latest_revision_created_at", "live"]
    list_filter = ["section", "locale", "live"]


class FrontPages(PageListingViewSet):
    model = FrontPage
    icon = "home"
    menu_label = "Front page"
    menu_order = 20
    add_to_admin_menu = True
    list_display = ["title", "locale", "latest_revision_created_at"]


class PlainPages(PageListingViewSet):
    model = PlainPage
    icon = "doc-empty"
    menu_label = "Plain pages"
    menu_order = 70
    add_to_admin_menu = True
    list_display = ["title", "locale", "version", "latest_revision_created_at"]
    list_filter = ["locale"]


class Sections(SnippetViewSet):
    model = Section
    icon = "folder-open-inverse"
    menu_label = "Sections"
    menu_order = 30
    add_to_admin_menu = True
    list_display = ["name", "slug", "order", "locale"]


class Topics(SnippetViewSet):
    model = Topic
    icon = "tag"
    menu_label = "Topics"
    menu_order = 40
    add_to_admin_menu = True
    list_display = ["name", "slug", "locale"]


class People(SnippetViewSet):
    model = Person
    icon = "group"
    menu_label = "People"
    menu_order = 50
    add_to_admin_menu = True
    list_display = ["name", "kind", "title", "locale"]
    list_filter = ["kind"]


PAGES = (Articles("articles"), FrontPages("fronts"), PlainPages("plains"))
SNIPPETS = (Sections, Topics, People)
