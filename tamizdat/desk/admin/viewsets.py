"""The lists of the desk: articles, front pages, plain pages, sections, topics, people."""

from wagtail.admin.ui.tables import Column, LocaleColumn
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.snippets.views.snippets import SnippetViewSet

from tamizdat.desk.admin.choosing import ChooseLanguage
from tamizdat.desk.admin.deleting_rows import DeleteRow
from tamizdat.desk.forms.moments import when
from tamizdat.desk.forms.row_conflicts import EditRow
from tamizdat.desk.models import ArticlePage, FrontPage, Person, PlainPage, Section, Topic
from tamizdat.lib import clock

TITLE = PageTitleColumn("title", label="Headline", sort_key="title", classname="title")
UPDATED = Column(
    "updated",
    label="Last worked on",
    accessor=lambda page: when(page.latest_revision_created_at, clock.now()),
    sort_key="latest_revision_created_at",
)
LANGUAGE = LocaleColumn(label="Language")
STATUS = PageStatusColumn("status", label="Status", sort_key="live")


class Articles(PageListingViewSet):
    model = ArticlePage
    icon = "doc-full"
    menu_label = "Articles"
    menu_order = 10
    add_to_admin_menu = True
    columns = [BulkActionsColumn("bulk_actions"), TITLE, Column("section"), UPDATED, STATUS]
    list_filter = ["section", "locale", "live"]
    choose_parent_view_class = ChooseLanguage


class FrontPages(PageListingViewSet):
    model = FrontPage
    icon = "home"
    menu_label = "Front page"
    menu_order = 20
    add_to_admin_menu = True
    columns = [TITLE, UPDATED, STATUS]


class PlainPages(PageListingViewSet):
    model = PlainPage
    icon = "doc-empty"
    menu_label = "Plain pages"
    menu_order = 70
    add_to_admin_menu = True
    columns = [TITLE, Column("version"), UPDATED, STATUS]
    list_filter = ["locale"]
    choose_parent_view_class = ChooseLanguage


class Words(SnippetViewSet):
    """What articles are filed under. The CMS's page that copies one saves over the original."""

    copy_view_enabled = False
    edit_view_class = EditRow
    delete_view_class = DeleteRow
    delete_template_name = "desk/delete_row.html"


class Sections(Words):
    model = Section
    icon = "folder-open-inverse"
    menu_label = "Sections"
    menu_order = 30
    add_to_admin_menu = True
    list_display = ["name", "slug", Column("order", label="Place", sort_key="order"), LANGUAGE]


class Topics(Words):
    model = Topic
    icon = "tag"
    menu_label = "Topics"
    menu_order = 40
    add_to_admin_menu = True
    list_display = ["name", "slug", LANGUAGE]


class People(Words):
    model = Person
    icon = "group"
    menu_label = "People"
    menu_order = 50
    add_to_admin_menu = True
    list_display = [
        "name",
        Column("get_kind_display", label="Kind", sort_key="kind"),
        "title",
        LANGUAGE,
    ]
    list_filter = ["kind"]


PAGES = (Articles("articles"), FrontPages("fronts"), PlainPages("plains"))
SNIPPETS = (Sections, Topics, People)
