import pytest
from jinja2 import DictLoader, Environment

from tamizdat.lib.theme.bytecode_cache import MemoryBytecodeCache


class Counting(Environment):
    compiled = 0

    def _compile(self, source, filename):
        Counting.compiled += 1
        return super()._compile(source, filename)


@pytest.fixture
def pages():
    return {"page.html": "{{ word() }}"}


@pytest.fixture
def environment(pages):
    Counting.compiled, kept = 0, MemoryBytecodeCache()

    def environment(word):
        made = Counting(loader=DictLoader(pages), bytecode_cache=kept)
        made.globals["word"] = lambda: word
        return made

    return environment


def test_a_template_is_compiled_once_and_speaks_the_words_of_each(environment):
    spoken = [environment(word).get_template("page.html").render() for word in ("one", "two")]

    assert spoken == ["one", "two"]
    assert Counting.compiled == 1


def test_a_template_that_was_changed_is_compiled_anew(environment, pages):
    environment("one").get_template("page.html")
    pages["page.html"] = "{{ word() }}!"

    assert environment("one").get_template("page.html").render() == "one!"
