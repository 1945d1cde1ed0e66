"""Reports as PDF: what Gotland's and Västra Götaland's say, and what happens when things fail."""

import http.server
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader
from support.place import ROOT, copy_site, hear_ctrl_c

from naravard.batch.jobs import Job, make_jobs
from naravard.errors import NaravardError
from naravard.language import number
from naravard.notebooks import notebooks, titles
from naravard.regions import BY_CODE
from naravard.site import chromium, record, render, reports_page, reports_tables
from naravard.site import report as reports
from naravard.site.reports_page import Report

#: Contrasting: Gotland is whole and small, Västra Götaland lacks readmissions and has breaks.
GOTLAND, VGR = Report("sv", "09"), Report("en", "14")
BOTH = pytest.mark.parametrize("report", [GOTLAND, VGR], ids=["Gotland", "Västra Götaland"])
posix = pytest.mark.skipif(os.name == "nt", reason="a browser of the test's own is a script")


def jobs_of(*wanted):
    return [job for r in wanted for job in make_jobs([r.region], languages=[r.language])]


@pytest.fixture(scope="module")
def site(published_site, tmp_path_factory):
    """A site with all pages of the two reports; tests that change something take a copy."""
    folder = copy_site(published_site, tmp_path_factory.mktemp("reports") / "site")
    outcomes = render.render(jobs_of(GOTLAND, VGR), folder)
    assert {outcome.status for outcome in outcomes} == {"done"}
    return folder


@pytest.fixture(scope="module")
def printed(site, browser_program):
    """The site with both reports."""
    made = reports.write(site, jobs_of(GOTLAND, VGR))
    assert not made.failed and not made.missing and len(made.made) == 2
    return site


@pytest.fixture
def copied(site, tmp_path):
    return Path(shutil.copytree(site, tmp_path / "site", ignore=shutil.ignore_patterns("report*")))


def page_of(report, site):
    text, _ = reports_page.html(report, site, record.read_state(site))
    return BeautifulSoup(text, "html.parser")


def pdf_of(report, site):
    return PdfReader(site / report.key / report.name)


def plain(text):
    return " ".join(text.split())


def text_of(report, site):
    return plain(" ".join(page.extract_text() for page in pdf_of(report, site).pages))


def headlines(report, site):
    state = record.read_state(site)
    return {name: state[f"{report.key}/{name}"]["headline"] for name in notebooks()}


def structure(reader, kind):
    """Return the elements of a kind in the tree that screen readers follow."""
    found, waiting = [], [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop()
        if not hasattr(element, "get"):
            continue
        if element.get("/S") == kind:
            found.append(element)
        children = element.get("/K", [])
        children = children if isinstance(children, list) else [children]
        waiting += [child.get_object() for child in children]
    return found


@BOTH
def test_a_report_is_tagged_titled_and_in_its_language(printed, report):
    reader = pdf_of(report, printed)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value
    assert root["/Lang"] == report.language
    assert reader.metadata.title == report.title
    assert BY_CODE[report.region].name(report.language) in reader.metadata.title
    assert 25 <= len(reader.pages) <= 45
    assert {tuple(map(round, page.mediabox[2:])) for page in reader.pages} == {(595, 842)}
    size = (printed / report.key / report.name).stat().st_size
    assert size < 3_000_000


@BOTH
def test_the_outline_and_the_contents_lead_to_each_question(printed, report):
    reader = pdf_of(report, printed)

    def entries(outline):
        for entry in outline:
            yield from entries(entry) if isinstance(entry, list) else [entry]

    where = {e.title: reader.get_destination_page_number(e) + 1 for e in entries(reader.outline)}
    contents = plain(reader.pages[1].extract_text())
    for path in notebooks().values():
        title = titles(path)[report.language]
        assert title in where
        assert f"{title} {where[title]}" in contents
        assert title in plain(reader.pages[where[title] - 1].extract_text())


@BOTH
def test_a_report_says_its_own_conclusions_and_not_another_regions(printed, report):
    other = VGR if report is GOTLAND else GOTLAND
    text = text_of(report, printed)
    for headline in headlines(report, printed).values():
        assert plain(headline)[1:] in text  # its first letter is a capital one on the index
    name = BY_CODE[other.region].name(report.language)
    assert f"{BY_CODE[report.region].name(report.language)}: " in text
    assert f"{name}: " not in text.replace(f": {name}: ", "")


@BOTH
@pytest.mark.parametrize(
    ("series", "unit", "decimals"),
    [("kolada:U79029", "80", 1), ("kolada:U79133", "avoidable", 1), ("kolada:U70447", "trust", 1)],
)
def test_a_report_shows_its_own_published_values(
    printed, published, report, series, unit, decimals
):
    text = text_of(report, printed)
    years = [key[2] for key in published if key[0] == series and key[1] == report.region]
    row = " ".join(
        number(float(published[series, report.region, year, "T"][0]), decimals, report.language)
        for year in sorted(set(years))
        if published.get((series, report.region, year, "T"), [""])[0]
    )
    label = BY_CODE[report.region].label(report.language)
    assert len(row.split()) >= 8 and f"{label} {row}" in text


@BOTH
def test_every_figure_has_its_alternative_text(printed, report):
    expected = [image["alt"] for image in page_of(report, printed).find_all("img")]
    figures = structure(pdf_of(report, printed), "/Figure")
    assert len(expected) > 20 and all(expected)
    assert sorted(plain(f.get("/Alt", "")) for f in figures) == sorted(map(plain, expected))


def test_the_cover_names_region_newest_figures_and_key(printed):
    covers = [plain(pdf_of(report, printed).pages[0].extract_text()) for report in (GOTLAND, VGR)]
    assert "Region Gotland" in covers[0] and "Region Västra Götaland" in covers[1]
    assert "21 november 2026" in covers[0] and "21 November 2026" in covers[1]
    keys = [re.search(r"\d+\.\d+\.\d+/2026-11-21/[0-9a-f]{12}", cover)[0] for cover in covers]
    assert keys[0] == keys[1]


def test_a_report_lists_each_source_once_with_its_terms(printed, report=VGR):
    rows = page_of(report, printed).select("table.sources tbody tr")
    files = [row("td")[1].get_text() for row in rows]
    assert len(files) == len(set(files)) and "kolada/U79029/2026-11-21.csv" in files
    letters = {item.b.get_text(): item.get_text() for item in
               page_of(report, printed).select("#sources ul.small li")}  # fmt: skip
    assert {row("td")[3].get_text() for row in rows} == set(letters)
    kolada = rows[files.index("kolada/U79029/2026-11-21.csv")]("td")[3].get_text()
    assert "Källa: Kolada" in letters[kolada]


def test_a_second_run_makes_nothing_and_a_change_makes_one(printed, tmp_path):
    copy = Path(shutil.copytree(printed, tmp_path / "site"))
    before = {r: (copy / r.key / r.name).stat().st_mtime_ns for r in (GOTLAND, VGR)}

    def run(**options):
        made = reports.write(copy, jobs_of(GOTLAND, VGR), **options)
        assert not made.failed
        return {path.name for path in made.made}, {path.name for path in made.standing}

    assert run() == (set(), {GOTLAND.name, VGR.name})
    assert before == {r: (copy / r.key / r.name).stat().st_mtime_ns for r in (GOTLAND, VGR)}
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100" width="200" height="100">'
        "<text x='5' y='50'>Vektorritad</text></svg>"
    )
    (copy / VGR.key / "07_emergency_visits_80plus-1.svg").write_text(drawing, "utf-8")
    assert run() == ({VGR.name}, {GOTLAND.name})
    assert "Vektorritad" in text_of(VGR, copy)  # drawn as text, not as a picture
    assert run(force=True)[0] == {GOTLAND.name, VGR.name}
    assert not list(copy.rglob(".report-*"))


def test_a_missing_question_is_named(copied, browser_program):
    state = record.read_state(copied)
    state["sv/09/02_readmissions"]["status"] = "failed"
    del state["sv/09/05_distance_visits"]
    (copied / record.STATE).write_text(json.dumps(state), "utf-8")
    made = reports.write(copied, jobs_of(GOTLAND))
    assert made.missing == (("sv/09", ("02_readmissions", "05_distance_visits")),)
    assert made.complaints() == ["report sv/09 lacks 02_readmissions, 05_distance_visits"]
    text = text_of(GOTLAND, copied)
    assert "Skrivs färre äldre in på sjukhus igen? (kunde inte göras)" in text
    assert "Möter primärvården patienter på distans? (ännu inte körd)" in text
    assert "oplanerade återinskrivningar (65+) visar" not in text


def add_text(site, report, name, text):
    path = site / report.key / f"{name}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_markdown_cell(text))
    return path, notebook


def test_markup_in_titles_and_text_is_shown_as_text(copied, browser_program):
    bad = '<script>document.title="spoilt"</script> & "quoted" <b>not bold</b>'
    path, notebook = add_text(copied, GOTLAND, "02_readmissions", f"## Del {bad}\n\nText {bad}")
    for cell in notebook.cells:
        if cell.source.startswith("# "):
            cell.source = cell.source.replace("# ", f"# {bad} ", 1)
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                output.metadata["image/png"]["alt"] = f'" onerror="x {bad}'
    nbformat.write(notebook, path)
    page = page_of(GOTLAND, copied)
    assert not page("script") and not page.find_all(onerror=True)
    assert not reports.write(copied, jobs_of(GOTLAND)).failed
    text = text_of(GOTLAND, copied)
    assert text.count("<b>not bold</b>") >= 4  # contents, conclusions, section, part and text
    reader = pdf_of(GOTLAND, copied)
    assert reader.metadata.title == GOTLAND.title
    alts = [figure.get("/Alt", "") for figure in structure(reader, "/Figure")]
    assert any(alt.startswith('" onerror="x <script>') for alt in alts)


def test_a_report_asks_for_nothing_from_anywhere(copied, browser_program):
    asked = []

    class Listening(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listening)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    path, notebook = add_text(copied, GOTLAND, "02_readmissions", f"## Del\n\n![]({address}/a.png)")
    output = nbformat.v4.new_output(
        "display_data", {"text/html": f"<table><tr><td><img src='{address}/b.png'>"}
    )
    notebook.cells.append(nbformat.v4.new_code_cell("show()", outputs=[output]))
    nbformat.write(notebook, path)
    try:
        assert not reports.write(copied, jobs_of(GOTLAND)).failed
    finally:
        server.shutdown()
    assert asked == []


@BOTH
def test_the_page_that_is_printed_refers_to_nothing_outside_it(site, report):
    page = page_of(report, site)
    addresses = [tag[name] for name in ("src", "href") for tag in page.find_all(attrs={name: True})]
    assert len(addresses) > 40
    assert {address.split(":")[0][:1] for address in addresses} == {"d", "#"}
    kinds = {a.split(";")[0] for a in addresses if a[0] == "d"}
    assert kinds <= {"data:image/png", "data:image/svg+xml"}
    anchors = {tag["id"] for tag in page.find_all(id=True)}
    assert {address[1:] for address in addresses if address[0] == "#"} <= anchors
    assert "url(" not in page.style.get_text() and "@import" not in page.style.get_text()
    assert not page("script")


def test_a_reservation_is_said_once(site):
    for report in (GOTLAND, VGR):
        for chapter in page_of(report, site).select("#limits"):
            lines = [item.get_text() for item in chapter("li")]
            rounding = {"sv": "Kolada kortar av decimaler", "en": "Kolada truncates decimals"}
            said = [line for line in lines if line.startswith(rounding[report.language])]
            assert 1 <= len(said) <= 8  # at most once a measure, and once for many


def test_tables_of_years_lie_down_and_others_stand():
    years = "".join(
        f"<tr><th>{y}</th><td>{y - 2000},5</td><td>–</td></tr>" for y in range(2019, 2024)
    )
    html = f"<table><caption>C</caption><tr><th>år</th><th>A</th><th>B</th></tr>{years}</table>"
    (table,) = reports_tables.read(html)
    down = reports_tables.lying(table)
    assert down.head == ("år", "2019", "2020", "2021", "2022", "2023")
    assert down.rows[0] == ("A", "19,5", "20,5", "21,5", "22,5", "23,5")
    assert down.rows[1] == ("B", *"–––––")
    named = reports_tables.read(html.replace("2019", "Skåne"))[0]
    assert reports_tables.lying(named) == named
    assert reports_tables.of_region(named, "Skåne").rows == (("Skåne", "19,5", "–"),)


def naravard(*args, **environment):
    return subprocess.Popen(
        [sys.executable, "-m", "naravard", *map(str, args)],
        env={**os.environ, "NARAVARD_ROOT": str(ROOT), **environment},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=hear_ctrl_c,
    )  # fmt: skip


def finish(process):
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def test_without_a_browser_nothing_runs(tmp_path):
    code, out, err = finish(
        naravard("render", "-r", "09", "-n", "02", "--pdf", "--out", tmp_path / "site",
                 NARAVARD_BROWSER="no-such-browser")
    )  # fmt: skip
    assert (code, out) == (2, "")
    assert err == (
        "naravard: NARAVARD_BROWSER is 'no-such-browser', which is no program on this machine\n"
    )
    assert not (tmp_path / "site").exists()


def fake_browser(folder, body):
    """A program that stands in for a browser; ``pdf`` is where it should print."""
    path = folder / "browser.py"
    path.write_text(
        f"#!{sys.executable}\nimport sys, time, subprocess\n"
        "pdf = next(a.split('=', 1)[1] for a in sys.argv if a.startswith('--print-to-pdf='))\n"
        f"{body}\n",
        "utf-8",
    )
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@posix
@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("print('no display', file=sys.stderr); sys.exit(3)", "(exit code 3): no display"),
        ("pass", "(exit code 0): it said nothing"),
        ("open(pdf, 'w').write('%PDF-1.4 half')", "(exit code 0): it said nothing"),
        ("open(pdf, 'w').write('%PDF-1.4\\n%%EOF')", "the browser's PDF cannot be read"),
        ("time.sleep(300)", "the browser took longer than 1 seconds"),
    ],
)
def test_a_browser_that_fails_leaves_the_old_report_and_one_sentence(
    copied, tmp_path, monkeypatch, body, message
):
    old = copied / GOTLAND.key / GOTLAND.name
    old.write_bytes(b"old")
    files = sorted(copied.rglob("*"))
    monkeypatch.setenv(chromium.VARIABLE, fake_browser(tmp_path, body))
    made = reports.write(copied, jobs_of(GOTLAND), timeout=1 if "sleep" in body else 60)
    ((report, error),) = made.failed
    assert report == "sv/09" and message in error and "\n" not in error
    assert old.read_bytes() == b"old"
    assert sorted(copied.rglob("*")) == files


@posix
def test_the_command_ends_with_1_when_a_report_fails(copied, tmp_path):
    program = fake_browser(tmp_path, "sys.exit(3)")
    process = naravard("render", "-r", "09", "-l", "sv", "--pdf", "--out", copied,
                       NARAVARD_BROWSER=program)  # fmt: skip
    code, out, err = finish(process)
    assert code == 1
    assert "0 reports, 1 failed" in out
    assert "failed: report sv/09: the browser made no PDF (exit code 3)" in err


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"


@posix
def test_ctrl_c_ends_the_browsers_with_their_children(copied, tmp_path):
    note = tmp_path / "pids"
    body = (
        "child = subprocess.Popen(['sleep', '300'])\nimport os\n"
        f"open({str(note)!r}, 'a').write(f'{{os.getpid()}} {{child.pid}}\\n')\ntime.sleep(300)"
    )
    process = naravard(
        "render", "-r", "09", "-r", "14", "--pdf", "--out", copied, "-n", "02",
        NARAVARD_BROWSER=fake_browser(tmp_path, body),
    )  # fmt: skip
    until = time.monotonic() + 90
    while time.monotonic() < until and (not note.exists() or note.read_text().count("\n") < 2):
        time.sleep(0.1)
    pids = [int(pid) for pid in note.read_text().split()]
    assert len(pids) == 4  # two browsers at once, each with a child
    assert all(map(alive, pids))
    process.send_signal(signal.SIGINT)
    code, _, err = finish(process)
    assert code == 130 and "interrupted" in err
    until = time.monotonic() + 10
    while time.monotonic() < until and any(map(alive, pids)):
        time.sleep(0.1)
    assert not any(map(alive, pids))
    assert not list(copied.rglob(".report-*")) and not list(copied.rglob("*.pdf"))
    assert len(note.read_text().splitlines()) == 2  # none started afterwards


def test_the_command_makes_pages_then_the_report(tmp_path, browser_program):
    process = naravard("render", "-r", "gotland", "-l", "sv", "-n", "02", "--pdf", "--json",
                       "--notebooks-only", "--out", tmp_path / "site")  # fmt: skip
    code, out, _ = finish(process)
    answer = json.loads(out)
    path = tmp_path / "site" / GOTLAND.key / GOTLAND.name
    assert code == 0 and answer["reports"]["made"] == [str(path.resolve())]
    assert answer["reports"]["missing"]["sv/09"] == [n for n in notebooks() if n[:2] != "02"]
    assert "Skrivs färre äldre in på sjukhus igen?" in text_of(GOTLAND, tmp_path / "site")


def test_a_region_without_pages_has_no_report(copied, browser_program):
    made = reports.write(copied, [Job("02_readmissions", "04", "sv")])
    assert made.failed == (("sv/04", "the site has no finished page of sv/04"),)


def test_another_render_keeps_reports_out(copied, browser_program):
    with record.lock(copied), pytest.raises(NaravardError, match="another render is writing"):
        reports.write(copied, jobs_of(GOTLAND))
