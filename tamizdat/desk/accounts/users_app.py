from wagtail.users.apps import WagtailUsersAppConfig


class Colleagues(WagtailUsersAppConfig):
    """The CMS's pages about users and groups, with our rules."""

    user_viewset = "tamizdat.desk.accounts.colleagues.Users"
    group_viewset = "tamizdat.desk.accounts.colleagues.Groups"
