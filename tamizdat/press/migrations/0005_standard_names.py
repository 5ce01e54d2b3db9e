"""Tables, columns, indexes and constraints get the names that the code has now. Every row stays.

An index with a condition on a renamed column is taken away and made again: Django has no operation
that renames both.
"""

from django.db import migrations, models
from django.db.migrations.operations.base import Operation


class RenameNames(Operation):
    """Rename constraints and indexes of a table together.

    PostgreSQL renames them in its catalogue. SQLite has to write the table again, which takes a
    minute for millions of rows; one operation does so once for all of them.
    """

    def __init__(self, model, names):
        self.model, self.names = model, names

    def deconstruct(self):
        return type(self).__name__, [self.model, self.names], {}

    def describe(self):
        return f"Rename {', '.join(self.names)} of {self.model}"

    def state_forwards(self, app_label, state):
        options = state.models[app_label, self.model].options
        for kind in ("indexes", "constraints"):
            options[kind] = [self._renamed(one) for one in options.get(kind, ())]
        state.reload_model(app_label, self.model, delay=True)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        self._rename(schema_editor, to_state.apps.get_model(app_label, self.model), self.names)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        names = {new: old for old, new in self.names.items()}
        self._rename(schema_editor, to_state.apps.get_model(app_label, self.model), names)

    def _renamed(self, one):
        _, args, said = one.deconstruct()
        return type(one)(*args, **said | {"name": self.names.get(one.name, one.name)})

    def _rename(self, schema_editor, model, names):
        if schema_editor.connection.vendor == "sqlite":
            schema_editor._remake_table(model)
            return
        quoted = schema_editor.quote_name
        constraints = {one.name for one in model._meta.constraints}
        for old, new in names.items():
            if new in constraints:
                table = quoted(model._meta.db_table)
                change = f"ALTER TABLE {table} RENAME CONSTRAINT {quoted(old)} TO {quoted(new)}"
            else:
                change = f"ALTER INDEX {quoted(old)} RENAME TO {quoted(new)}"
            schema_editor.execute(change)


class Migration(migrations.Migration):
    dependencies = [
        ("press", "0004_failed_jobs"),
    ]

    operations = [
        migrations.RenameField("change", "aside", "background"),
        migrations.RenameModel("Leaf", "OutputFile"),
        migrations.RenameField("outputfile", "lingers", "retired"),
        migrations.RenameIndex(
            "outputfile", new_name="press_outputfile_kind", old_name="press_leaf_kind"
        ),
        migrations.RenameIndex(
            "outputfile", new_name="press_outputfile_gone", old_name="press_leaf_gone"
        ),
        migrations.RenameModel("Reprint", "RerenderJob"),
        migrations.RenameModel("Renewal", "RerenderRun"),
        migrations.RenameModel("Followed", "InvalidatedKey"),
        migrations.RenameModel("Need", "Dependency"),
        RenameNames(
            "dependency",
            {"press_need_once": "press_dependency_once", "press_need_key": "press_dependency_key"},
        ),
        migrations.RenameModel("Shelf", "ListEntry"),
        RenameNames(
            "listentry",
            {
                "press_shelf_once": "press_listentry_once",
                "press_shelf_order": "press_listentry_order",
                "press_shelf_page": "press_listentry_page",
                "press_shelf_article": "press_listentry_article",
            },
        ),
        migrations.RemoveIndex("kinship", "press_kin_doubted"),
        migrations.RemoveIndex("kinship", "press_kin_due"),
        migrations.RenameModel("Kinship", "RelatedArticles"),
        migrations.RenameField("relatedarticles", "look", "content_hash"),
        migrations.RenameField("relatedarticles", "answer", "ranked_ids"),
        migrations.RenameField("relatedarticles", "edge", "score_threshold"),
        migrations.RenameField("relatedarticles", "doubted", "stale"),
        migrations.RenameField("relatedarticles", "due", "queued"),
        migrations.RenameIndex(
            "relatedarticles", new_name="press_related_time", old_name="press_kin_time"
        ),
        migrations.AddIndex(
            "relatedarticles",
            models.Index(
                condition=models.Q(("stale", True)), fields=["article"], name="press_related_stale"
            ),
        ),
        migrations.AddIndex(
            "relatedarticles",
            models.Index(
                condition=models.Q(("queued", True)),
                fields=["article"],
                name="press_related_queued",
            ),
        ),
        migrations.RenameModel("Stem", "TermPrefix"),
        migrations.RenameField("termprefix", "stands", "article_count"),
        migrations.RenameField("termprefix", "newest", "postings"),
        RenameNames("termprefix", {"press_stem_once": "press_termprefix_once"}),
    ]
