"""README and guides are true: every command runs, every block of Python, every link leads on."""

import ast
import re
from concurrent.futures import ThreadPoolExecutor

import click
import pytest
from PIL import Image
from support.docs_commands import (
    DOCUMENTS,
    ROOT,
    Place,
    anchors,
    blocks,
    commands,
    prompts,
    python,
    text_of,
    tokens,
)
from support.docs_rules import RECIPES, RULES, rule
from support.loopback import all_kpis
from support.place import copy_site

import naravard as nv
from naravard import claims
from naravard.cli import cli
from naravard.notebooks import notebooks
from naravard.regions import CODES

WITH_COMMANDS = [path for path in DOCUMENTS if commands(path)]
#: What the expressions of a document's Python give, in its order: a type, and words of its text.
RESULTS = {
    "README.md": [("Prose", "Region Uppsala: no clear change"), ("Figure", "Uppsala")],
    "first-hour.md": [
        ("Prose", "Region Örebro"), ("Prose", "Gotland"), ("Figure", "Gotland"),
        ("Prose", "Avoidable inpatient care"), ("Prose", "U79133"),
    ],
    "site.md": [("Prose", "U79092")],
    "explore.md": [],
}  # fmt: skip


def name(path):
    return path.name


@pytest.fixture(scope="module")
def places(tmp_path_factory, published_site):
    """A copy of the project for each document; the site is one for all, most of it up to date."""
    site = copy_site(published_site, tmp_path_factory.mktemp("docs") / "site")
    return {path: Place(tmp_path_factory.mktemp(path.stem), site) for path in WITH_COMMANDS}


def run_all(path, place, known):
    """Run a document's commands in their order.

    One that has ended well in a copy in which nothing had changed would do the same in another.
    """
    for command in commands(path):
        assert rule(command), f"no rule says how to run: {command}"
    for command in commands(path):
        if place.changed or command not in known:
            rule(command).how(command, place)
        place.changed |= rule(command).changes
        if not place.changed:
            known.add(command)


@pytest.fixture(scope="module")
def runs(places):
    """Two documents at a time, those with most commands first."""
    known = set()
    with ThreadPoolExecutor(2) as pool:
        order = sorted(places, key=lambda path: -len(commands(path)))
        yield {path: pool.submit(run_all, path, places[path], known) for path in order}


@pytest.mark.parametrize("path", WITH_COMMANDS, ids=name)
def test_every_command_runs_in_the_order_of_its_document(path, runs):
    runs[path].result()


def test_every_rule_is_used_and_says_why():
    shown = [command for path in DOCUMENTS for command in commands(path)]
    assert len(shown) > 60
    used = {rule(command) for command in shown}
    assert set(RULES) - used == set()
    assert {words.split()[1] for words in shown if words.startswith("make ")} == set(RECIPES)
    assert all(one.why for one in RULES)


def test_a_command_that_no_rule_knows_would_be_seen(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "Text\n\n    naravard rendr\n\n"
        "1. List\n\n       make nothing-like-it \\\n           more\n\n"
        "```\nnaravard data build  # built\n```\n\n```console\n$ naravard data stat\nout\n```\n"
    )
    assert commands(page) == [
        "naravard rendr", "make nothing-like-it more", "naravard data build", "naravard data stat",
    ]  # fmt: skip
    assert [rule(command) is None for command in commands(page)] == [True, True, False, True]


def test_sessions_print_what_the_command_prints(places):
    """A line with "…" alone stands for others."""
    sessions = [
        (path, command, lines)
        for path in DOCUMENTS
        for language, text in blocks(path)
        if language == "console"
        for command, lines in prompts(text)
    ]
    assert sessions
    for path, command, lines in sessions:
        printed = iter(places[path].run(command).splitlines())
        for line in lines:
            assert line == "…" or line in printed, f"{command} does not print, in order: {line}"


def test_commands_within_sentences_have_the_options_that_they_name():
    found = [
        part["raw"] for path in DOCUMENTS for part in tokens(path)
        if part["type"] == "codespan" and re.match(r"(\.venv/bin/)?naravard [a-z]", part["raw"])
    ]  # fmt: skip
    assert len(found) > 20
    for text in found:
        words, command = text.split()[1:], cli
        while isinstance(command, click.Group) and words and words[0].isalpha():
            assert words[0] in command.commands, text
            command = command.commands[words.pop(0)]
        known = {option for param in command.params for option in param.opts}
        assert {word for word in words if re.match(r"--?[a-z]", word)} <= known, text


@pytest.mark.parametrize("path", [p for p in DOCUMENTS if python(p)], ids=name)
def test_python_runs_and_gives_what_it_is_said_to_give(path):
    given, shown = [], []
    names = {"display": lambda *values: shown.extend(values)}
    for source in python(path):
        for node in ast.parse(source).body:
            if isinstance(node, ast.Expr):
                value = eval(compile(ast.Expression(node.value), path.name, "eval"), names)
                given += [value] if type(value).__name__ in ("Prose", "Figure") else []
            else:
                exec(compile(ast.Module([node], []), path.name, "exec"), names)
    expected = RESULTS[path.name]
    assert [type(value).__name__ for value in given] == [kind for kind, _ in expected]
    for value, (_, words) in zip(given, expected, strict=True):
        assert words in (getattr(value, "alt", None) or str(value))
    if path.name == "explore.md":  # figure, finding and table of the cell that is shown there
        assert len(shown) == 3 and "Gotland" in str(shown[0])
    if path.name == "first-hour.md":
        change, readmissions, costs = (names[n] for n in ("change", "readmissions", "costs"))
        assert change.verdict == "falling" and change.full.lower < change.full.slope < 0
        assert change.without_pandemic.years[0] == 2016
        assert readmissions.attrs["sources"] and readmissions.attrs["caveats"]
        assert set(costs["region"]) == set(CODES)


@pytest.mark.parametrize("path", [*DOCUMENTS, ROOT / "CHANGELOG.md"], ids=name)
def test_links_lead_to_files_and_headings_that_are_there(path):
    links = [part["attrs"]["url"] for part in tokens(path) if part["type"] == "link"]
    for link in links:
        if link.startswith("http"):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        assert target.is_relative_to(ROOT) and target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_guide_is_found_from_the_readme():
    links = {path: {(path.parent / part["attrs"]["url"].partition("#")[0]).resolve()
                    for part in tokens(path) if part["type"] == "link"}
             for path in DOCUMENTS}  # fmt: skip
    reached = links[ROOT / "README.md"]
    assert {path for path in DOCUMENTS if path.name != "README.md"} <= reached


def test_pictures_are_there_small_and_described():
    used = set()
    for path in DOCUMENTS:
        for part in tokens(path):
            if part["type"] == "image":
                picture = path.parent / part["attrs"]["url"]
                assert len(text_of(part)) > 80, (
                    f"{picture.name} needs a text that says what it shows"
                )
                assert picture.stat().st_size < 120_000 and Image.open(picture).format == "PNG"
                used.add(picture.name)
    assert used == {path.name for path in (ROOT / "docs").glob("*.png")}


def test_numbers_are_those_of_the_collection():
    readme = (ROOT / "README.md").read_text("utf-8")
    pages = len(notebooks()) * len(CODES) * 2
    assert f"{pages} pages" in readme and len(notebooks()) == 12 and "twelve notebooks" in readme
    verdicts = claims.verdicts()
    for text in (readme, (ROOT / "docs/review.md").read_text("utf-8")):
        assert f"{len(verdicts)} c" in text  # claims, coded facts
    fetch = (ROOT / "docs/fetch.md").read_text("utf-8")
    assert f"… {len(all_kpis()) - 1} more of Kolada" in fetch
    assert f"{len(all_kpis()) + 7} new, 0 unchanged, 3 failed" in fetch


def test_a_page_names_the_version_that_runs():
    """An editable install that is older says another in its metadata."""
    shown = str(nv.provenance("readmission_30d_65plus", "09", "en").text)
    assert f"naravard {nv.__version__}," in shown and f"`{nv.__version__}/" in shown


@pytest.mark.parametrize("path", [*DOCUMENTS, ROOT / "CHANGELOG.md"], ids=name)
def test_documents_hold_no_machine_and_no_registry(path):
    text = path.read_text("utf-8")
    assert not re.search(r"/(work|tmp|home|root|Users)/|C:\\|pypi\.|anaconda\.org|localhost", text)
