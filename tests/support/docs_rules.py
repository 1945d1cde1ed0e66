"""How each command of README and guides is run by tests/test_docs.py, and why if not as it stands.

`RULES` is tried from the top; a command that fits none fails the test, and so does a rule that no
command uses.
"""

from __future__ import annotations

import re
import shlex
import threading
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

import click

from naravard.cli import cli
from naravard.errors import NaravardError
from naravard.site import report
from support.docs_commands import ROOT, Place
from support.fake_kolada import FakeKolada

#: What stands for the placeholders ID and FILE.
ID, FILE = "emergency_visits_80plus", "Kolada.csv"
#: What `make TARGET` is expected to run.
RECIPES = {
    "render": ".venv/bin/naravard render",
    "test": "--nbval --nbval-sanitize-with tests/nbval.cfg tests notebooks",
    "data": ".venv/bin/naravard data build",
    "lab": ".venv/bin/naravard lab",
    "notebooks": "nbconvert --to notebook --execute --inplace",
}
#: The site is one for all documents, and two renders may not write to it.
_WRITING = threading.Lock()
CSV = """series,region,year,sex,value,unit,precision,source_title,source_url,note
survey,09,2026,T,41,percent,0,A report,,
survey,09,2026,K,,percent,0,A report,,missing
"""


@dataclass(frozen=True)
class Rule:
    """Commands that `pattern` fits are run by `how`, because of `why`."""

    pattern: str
    how: Callable[[str, Place], object]
    why: str = "as it stands"
    changes: bool = False  # whether other commands may give something else afterwards


def words_of(command: str) -> list[str]:
    return shlex.split(command, posix="\\" not in command)


def parse(words: list[str], command: click.Command = cli, name: str = "naravard") -> None:
    """Let click read options and arguments; an error if it cannot."""
    while isinstance(command, click.Group):
        with click.Context(command, info_name=name) as context:
            name, command, words = command.resolve_command(context, words)
    with command.make_context(name, words):
        pass


def as_it_stands(command: str, place: Place) -> str:
    return place.run(command)


def incomplete(command: str, place: Place) -> None:
    drafts = place.root / "naravard" / "catalogue" / "catalogue_drafts.toml"
    assert drafts.is_file(), "expected after `naravard catalogue add`"
    assert ": complete: " in place.run(command, status=1)


def from_a_fake(command: str, place: Place) -> None:
    id = command.rpartition(":")[2]

    class KeyFigure(FakeKolada):
        def content(self, path):
            assert path.endswith(f"/kpi/{id}")
            kpi = {"id": id, "title": "Påhittat, andel (%)", "municipality_type": "L"}
            return {"values": [kpi], "count": 1, "next_url": None}

    with KeyFigure({}) as kolada:
        told = place.run(command, NARAVARD_KOLADA=kolada.base, NO_PROXY="127.0.0.1")
    assert "Påhittat" in told and kolada.asked


def rendered(command: str, place: Place) -> None:
    """Render one page for one region at most three times; what is asked for stays."""
    asked = words_of(command)
    more = [f"{option} {value}" for option, value in (("-r", "09"), ("-n", "02"), ("-l", "sv"))
            if option not in asked]  # fmt: skip
    narrow = ["--notebooks-only"] if "--notebooks-only" not in asked else []
    with _WRITING:
        told = place.run(" ".join([command, *more, *narrow]))
    assert re.search(r"pages? in |nothing to do", told), told
    if "--compare" in asked:
        assert "2026" in (place.root / "site" / "sv" / "changed.html").read_text("utf-8")


def printed(command: str, place: Place) -> None:
    try:
        report.find_browser()
    except NaravardError:
        place.run(command, status=2)  # before anything runs
        return
    rendered(command, place)
    assert (place.root / "site/sv/03/report-03-sv.pdf").read_bytes().startswith(b"%PDF")


def read(command: str, place: Place) -> None:
    parse(words_of(command)[1:])


def read_by_dask(command: str, place: Place) -> None:
    words = words_of(command.removesuffix(" &").replace("$SLURM_CPUS_PER_TASK", "16"))
    words = words[words.index("dask") :]
    parse(words[2:], import_module(f"distributed.cli.dask_{words[1]}").main, words[1])


def fetched(command: str, place: Place) -> None:
    command = command.replace(" ID", f" {ID}")
    whole = "" if "--indicator" in command else f" --indicator {ID}"
    told = place.run(f"PYTHONPATH=tests python -m support.loopback {command}{whole}")
    assert re.search(r"\d+ new, \d+ unchanged, 0 failed", told), told


def added(command: str, place: Place) -> None:
    place.run(
        "python -c 'import naravard as nv; "
        f'rows = nv.load_indicator("{ID}").replace({{"region": {{"00": "Riket"}}}}); '
        'wide = rows.pivot(index="region", columns="year", values="value"); '
        'wide.loc["03", 2024] += 1; '
        f'wide.rename_axis("Region").to_csv("{FILE}", sep=";", decimal=",")\''
    )
    told = place.run(command.replace("FILE", FILE).replace(" ID", f" {ID}"))
    assert "new, " in told
    newest = max((place.root / "data/raw/kolada/U79029").glob("*.csv"))
    assert newest.name != "2026-11-21.csv"


def registered(command: str, place: Place) -> None:
    path = f"data/raw/{words_of(command)[3]}"
    (place.root / path).parent.mkdir(parents=True)
    (place.root / path).write_text(CSV, "utf-8")
    assert f"recorded {path}" in place.run(command)


def opened(command: str, place: Place) -> None:
    place.run(f"{command} {'' if ' -- ' in command else '-- '}--version")
    if "--region uppsala" in command:
        assert list((place.root / "own").glob("02_readmissions_03*.ipynb"))


def made(command: str, place: Place) -> None:
    assert RECIPES[words_of(command)[1]] in place.run(f"make -n {words_of(command)[1]}")


def in_powershell(command: str, place: Place) -> None:
    program, *words = words_of(command)
    if program.endswith("naravard"):
        parse(words)
    elif words[1] in ("pytest", "pip"):
        recipe = (ROOT / "Makefile").read_text("utf-8").replace(" --quiet", "")
        assert f"$(BIN)/python {' '.join(words)}\n" in recipe
    else:
        assert [program, *words] == ["py", "-m", "venv", ".venv"]


def an_extra(command: str, place: Place) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert re.search(r"\[(\w+)\]", command)[1] in project["optional-dependencies"]


def by_test(module: str) -> Callable[[str, Place], None]:
    def there(command: str, place: Place) -> None:
        program = words_of(command)[0] if command.startswith("voila") else "returncode"
        (file,) = (ROOT / "tests").rglob(module)
        assert program in file.read_text("utf-8")

    return there


def papermilled(command: str, place: Place) -> None:
    place.run(command)
    assert "Region Uppsala" in (place.root / "out.ipynb").read_text("utf-8")


RULES = (
    Rule(r"naravard (show|list|claims) .*|naravard claims", as_it_stands),
    Rule(r"naravard completion (bash|zsh|fish).*", as_it_stands),
    Rule(r"naravard data (status|verify|build|diff)( .*)?", as_it_stands),
    Rule(r"naravard data fetch --dry-run", as_it_stands),
    Rule(r"papermill notebooks/\S+ out\.ipynb .*", papermilled),
    Rule(r"naravard catalogue check", incomplete, "ends with 1: the draft before is not complete",
         changes=True),
    Rule(r"naravard catalogue add kolada:\w+", from_a_fake, "asks Kolada", changes=True),
    Rule(r"PYTHONPATH=tests python -m support.loopback naravard data fetch --attempts 1|echo \$\?",
         by_test("test_loopback.py"), "this fetch from all publishers, and its exit code"),
    Rule(r"naravard data fetch( .*)?", fetched,
         "asks publishers: those on this machine, one indicator; all are in test_loopback.py",
         changes=True),
    Rule(r"naravard data add FILE --indicator ID", added, "an export made of the collection",
         changes=True),
    Rule(r"naravard data register .*", registered, "the file must be there", changes=True),
    Rule(r"naravard render --executor dask.*", read, "a cluster: test_cluster.py runs on one"),
    Rule(r"(srun .*)?dask (scheduler|worker) .*", read_by_dask, "servers: options read"),
    Rule(r"naravard render.* --explain", as_it_stands),
    Rule(r"naravard render.* --pdf", printed, "one page of the region; needs a browser"),
    Rule(r"naravard render( .*)?", rendered, "528 pages otherwise"),
    Rule(r"(\.venv/bin/)?naravard lab( .*)?", opened,
         "a server: JupyterLab says its version; test_lab.py starts it"),
    Rule(r"voila .*", by_test("test_explore_served.py"), "a server: asked for its page there"),
    Rule(r"make \w+", made, "the whole project: the recipe is looked at"),
    Rule(r"pip install naravard\[\w+\]", an_extra, "a package index: the extra is there"),
    Rule(r"py -m venv .*|\.venv\\Scripts\\.*", in_powershell, "Windows: read, or as the Makefile"),
)  # fmt: skip


def rule(command: str) -> Rule | None:
    """Return the rule that a command falls under."""
    return next((one for one in RULES if re.fullmatch(one.pattern, command)), None)
