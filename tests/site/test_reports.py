"""Reports as PDF: what Gotland's and Västra Götaland's say, and what happens when things fail."""

import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader
from support.place import ROOT, copy_site, hear_ctrl_c, naravard

from naravard.batch.jobs import Job
from naravard.errors import NaravardError
from naravard.language import number
from naravard.notebooks import notebooks, titles
from naravard.regions import BY_CODE
from naravard.site import record
from naravard.site import report as reports
from naravard.site.report import Report

#: Contrasting: Gotland is whole and small, Västra Götaland lacks readmissions and has breaks. In
#: English there is one question of Västra Götaland's.
GOTLAND, VGR, SMALL = Report("sv", "09"), Report("sv", "14"), Report("en", "14")
PRINTED = pytest.mark.parametrize("report", [GOTLAND, SMALL], ids=["whole", "small"])
WHOLE = pytest.mark.parametrize("report", [GOTLAND, VGR], ids=["Gotland", "Västra Götaland"])
ONE = "02_readmissions"
posix = pytest.mark.skipif(os.name == "nt", reason="a browser of the test's own is a script")


def jobs_of(*wanted):
    return [Job(ONE, report.region, report.language) for report in wanted]


@pytest.fixture(scope="module")
def printed(published_site, browser_program, tmp_path_factory):
    """A site with two reports."""
    site = copy_site(published_site, tmp_path_factory.mktemp("reports") / "site")
    made = reports.write(site, jobs_of(GOTLAND, SMALL))
    assert not made.failed and len(made.made) == 2
    assert made.missing == [("en/14", tuple(name for name in notebooks() if name != ONE))]
    return site


@pytest.fixture
def copied(published_site, tmp_path):
    """The pages of three reports, for tests that change them."""
    site = tmp_path / "site"
    for report in (GOTLAND, VGR, SMALL):
        shutil.copytree(published_site / report.key, site / report.key)
    shutil.copy(published_site / record.STATE, site)
    (site / ".lock").touch()
    return site


def page_of(report, site):
    text, _ = reports.document(report, site, record.read_state(site))
    return BeautifulSoup(text, "html.parser")


def pdf_of(report, site):
    return PdfReader(site / report.key / report.name)


def plain(text):
    return " ".join(text.split())


def text_of(report, site):
    path = site / report.key / report.name
    return _text(path, path.stat().st_mtime_ns)


@cache  # a whole report takes seconds
def _text(path, changed):
    return plain(" ".join(page.extract_text() for page in PdfReader(path).pages))


def structure(reader, kind):
    """Return the elements of a kind in the tree that screen readers follow."""
    found, waiting = [], [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop().get_object()
        if hasattr(element, "get"):
            found += [element] * (element.get("/S") == kind)
            children = element.get("/K", [])
            waiting += children if isinstance(children, list) else [children]
    return found


@PRINTED
def test_a_report_is_tagged_titled_and_in_its_language(printed, report):
    reader = pdf_of(report, printed)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value
    assert root["/Lang"] == report.language
    assert reader.metadata.title == report.title
    assert BY_CODE[report.region].name(report.language) in reader.metadata.title
    assert len(reader.pages) in (range(25, 56) if report == GOTLAND else range(4, 12))
    assert {tuple(map(round, page.mediabox[2:])) for page in reader.pages} == {(595, 842)}
    assert (printed / report.key / report.name).stat().st_size < 3_000_000


@PRINTED
def test_the_outline_and_the_contents_lead_to_each_question(printed, report):
    reader = pdf_of(report, printed)

    def entries(outline):
        for entry in outline:
            yield from entries(entry) if isinstance(entry, list) else [entry]

    where = {e.title: reader.get_destination_page_number(e) + 1 for e in entries(reader.outline)}
    contents = plain(reader.pages[1].extract_text())
    for name, path in notebooks().items():
        title = titles(path)[report.language]
        if report == SMALL and name != ONE:
            assert f"{title} (not run yet)" in contents and title not in where
        else:
            assert f"{title} {where[title]}" in contents
            assert title in plain(reader.pages[where[title] - 1].extract_text())


@PRINTED
def test_a_report_says_its_own_conclusions_and_not_another_regions(printed, report):
    other = SMALL if report is GOTLAND else GOTLAND
    text, state = text_of(report, printed), record.read_state(printed)
    own = [entry["headline"] for key, entry in state.items() if key.startswith(f"{report.key}/")]
    assert own and all(plain(headline) in text for headline in own)
    name = BY_CODE[other.region].name(report.language)
    assert f"{BY_CODE[report.region].name(report.language)}: " in text
    assert f"{name}: " not in text.replace(f": {name}: ", "")


@WHOLE
@pytest.mark.parametrize(
    ("series", "decimals"), [("kolada:U79029", 1), ("kolada:U79133", 1), ("kolada:U70447", 1)]
)
def test_a_report_shows_its_own_published_values(printed, published, report, series, decimals):
    text = text_of(report, printed) if report is GOTLAND else page_of(report, printed).get_text(" ")
    years = [key[2] for key in published if key[0] == series and key[1] == report.region]
    row = " ".join(
        number(float(published[series, report.region, year, "T"][0]), decimals, report.language)
        for year in sorted(set(years))
        if published.get((series, report.region, year, "T"), [""])[0]
    )
    label = BY_CODE[report.region].label(report.language)
    assert len(row.split()) >= 8 and f"{label} {row}" in plain(text)


@PRINTED
def test_every_figure_has_its_alternative_text(printed, report):
    expected = [image["alt"] for image in page_of(report, printed).find_all("img")]
    figures = structure(pdf_of(report, printed), "/Figure")
    assert len(expected) > (20 if report is GOTLAND else 1) and all(expected)
    assert sorted(plain(f.get("/Alt", "")) for f in figures) == sorted(map(plain, expected))


def test_the_cover_names_region_newest_figures_and_key(printed):
    covers = [plain(pdf_of(report, printed).pages[0].extract_text()) for report in (GOTLAND, SMALL)]
    assert "Region Gotland" in covers[0] and "Region Västra Götaland" in covers[1]
    assert "21 november 2026" in covers[0] and "21 November 2026" in covers[1]
    keys = [re.search(r"\d+\.\d+\.\d+/2026-11-21/[0-9a-f]{12}", cover)[0] for cover in covers]
    assert keys[0] == keys[1]


def test_a_report_lists_each_source_once_with_its_terms(published_site):
    rows = page_of(VGR, published_site).select("table.files tbody tr")
    titles = [row.th.get_text() for row in rows]
    assert len(titles) == len(set(titles)) > 20
    kolada = next(row for row in rows if row.th.get_text().startswith("Kolada U79029"))
    assert "Källa: Kolada" in kolada.get_text()
    small = page_of(SMALL, published_site).select("table.files tbody tr")
    assert [row.th.get_text().split(":")[0] for row in small] == ["Kolada U79092"]


def test_what_is_too_long_for_paper_stays_on_the_page_and_the_report_says_so(published_site):
    page = page_of(GOTLAND, published_site)
    assert not [table for table in page.select(".part table:not(.files)")
                if len(table.select("tbody tr")) > reports.MOST_ROWS]  # fmt: skip
    notes = [note.get_text() for note in page.select("p.quiet")]
    assert "Bara regionens egna rader visas här." in notes
    vision = page.find("caption", string=re.compile("målbild")).find_parent("table")
    assert [row.th.get_text() for row in vision.select("tbody tr")] == ["Gotland"]
    # A table of years lies down: a column a year.
    readmissions = page.find("caption", string=re.compile("återinskrivning")).find_parent("table")
    heads, first, *_ = readmissions.find_all("tr")
    assert [cell.get_text() for cell in heads][1:] == [str(y) for y in range(2016, 2026)]
    assert first.th.get_text() == "Gotland" and first.th["scope"] == "row"
    assert not page.find_all("figcaption") and not page.find_all("nav")


def test_a_caveat_is_said_once(published_site):
    for report in (GOTLAND, VGR):
        page = page_of(report, published_site)
        said = [(p.get_text(), p.find_next_sibling("ul").get_text())
                for p in page.select("p:has(> strong:only-child):has(+ ul)")]  # fmt: skip
        assert len(said) == len(set(said)) > 20
        assert "(förbehållen står under en tidigare fråga)" in page.get_text()


def test_a_second_run_makes_nothing_and_a_change_makes_one(printed, tmp_path):
    copy = copy_site(printed, tmp_path / "site")
    before = {r: (copy / r.key / r.name).stat().st_mtime_ns for r in (GOTLAND, SMALL)}

    def run(*wanted, **options):
        made = reports.write(copy, jobs_of(*wanted), **options)
        assert not made.failed
        return {path.name for path in made.made}, {path.name for path in made.up_to_date}

    assert run(GOTLAND, SMALL) == (set(), {GOTLAND.name, SMALL.name})
    assert before == {r: (copy / r.key / r.name).stat().st_mtime_ns for r in (GOTLAND, SMALL)}
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100" width="200" height="100">'
        "<text x='5' y='50'>Vektorritad</text></svg>"
    )
    record.put(copy / SMALL.key / f"{ONE}-1.svg", drawing)
    assert run(GOTLAND, SMALL) == ({SMALL.name}, {GOTLAND.name})
    assert "Vektorritad" in text_of(SMALL, copy)  # drawn as text, not as a picture
    assert run(SMALL, force=True)[0] == {SMALL.name}
    assert not list(copy.rglob(".report-*"))


def test_a_missing_question_is_named(copied, browser_program):
    state = record.read_state(copied)
    for name in notebooks():
        state[f"en/14/{name}"] = dict(state[f"en/14/{ONE}"], status="failed")
    state[f"en/14/{ONE}"]["status"] = "done"
    del state["en/14/05_distance_visits"]
    record.write_state(copied, state)
    made = reports.write(copied, jobs_of(SMALL))
    lacking = [name for name in notebooks() if name != ONE]
    assert made.missing == [("en/14", tuple(lacking))]
    assert made.complaints() == [f"report en/14 lacks {', '.join(lacking)}"]
    text = text_of(SMALL, copied)
    for name, why in (("05_distance_visits", "not run yet"),
                      ("03_sick_leave", "could not be made")):  # fmt: skip
        assert f"{titles(notebooks()[name])['en']} ({why})" in text


BAD = '<script>document.title="spoilt"</script> & "quoted" <b>not bold</b>'


def test_markup_in_titles_and_text_is_shown_as_text(copied, browser_program):
    escaped = BAD.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    path = copied / SMALL.key / f"{ONE}.html"
    html = path.read_text("utf-8").replace("<h1>", f"<h1>{escaped} ").replace(
        "</main>", f"<h2>Part {escaped}</h2><p>Text {escaped}</p>{BAD}</main>"
    )  # fmt: skip
    html = html.replace(' alt="', f' alt="&quot; onerror=&quot;x {escaped} ')
    path.write_text(html, "utf-8")
    state = record.read_state(copied)
    state[f"en/14/{ONE}"]["headline"] = BAD
    record.write_state(copied, state)
    page = page_of(SMALL, copied)
    assert not page("script") and not page.find_all(onerror=True)
    assert not reports.write(copied, jobs_of(SMALL)).failed
    assert text_of(SMALL, copied).count("<b>not bold</b>") >= 5  # contents, conclusion, part, text
    reader = pdf_of(SMALL, copied)
    assert reader.metadata.title == SMALL.title
    alts = [figure.get("/Alt", "") for figure in structure(reader, "/Figure")]
    assert any(alt.startswith('" onerror="x <script>') for alt in alts)


def test_a_report_asks_for_nothing_from_anywhere(copied, browser_program):
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        path = copied / SMALL.key / f"{ONE}.html"
        elsewhere = (f'<img src="{address}/a.png"><p style="background: url({address}/b.png)">x</p>'
                     f'<link rel="stylesheet" href="{address}/c.css">')  # fmt: skip
        path.write_text(path.read_text("utf-8").replace("</main>", f"{elsewhere}</main>"), "utf-8")
        assert not reports.write(copied, jobs_of(SMALL)).failed
        server.setblocking(False)
        with pytest.raises(BlockingIOError):  # nobody has come
            server.accept()


@WHOLE
def test_the_page_that_is_printed_refers_to_nothing_but_its_figures(published_site, report):
    page = page_of(report, published_site)
    pictures = [image["src"] for image in page.find_all("img")]
    assert len(pictures) > 20
    for picture in pictures:
        assert re.fullmatch(r"\.\./[^/]+\.svg", picture)
        assert (published_site / report.key / picture[3:]).is_file()
    anchors = {tag["id"] for tag in page.find_all(id=True)}
    links = [tag["href"] for tag in page.find_all(href=True)]
    inner = {link[1:] for link in links if link[0] == "#"}
    assert len(inner) == len(notebooks()) + 1 and inner <= anchors
    assert all(link.startswith(("#", "https://")) for link in links)
    assert "url(" not in page.style.get_text() and "@import" not in page.style.get_text()
    assert not page("script")


def test_without_a_browser_nothing_runs(tmp_path, monkeypatch):
    monkeypatch.setenv(reports.VARIABLE, "no-such-browser")
    done = naravard("render", "-r", "09", "-n", "02", "--pdf", "--out", tmp_path / "site")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "naravard: NARAVARD_BROWSER is 'no-such-browser', which is not a program on this machine\n"
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
    old = copied / SMALL.key / SMALL.name
    old.write_bytes(b"old")
    files = sorted(copied.rglob("*"))
    monkeypatch.setenv(reports.VARIABLE, fake_browser(tmp_path, body))
    made = reports.write(copied, jobs_of(SMALL), timeout=1 if "sleep" in body else 60)
    ((report, error),) = made.failed
    assert report == "en/14" and message in error and "\n" not in error
    assert old.read_bytes() == b"old"
    assert sorted(copied.rglob("*")) == files


@posix
def test_the_command_ends_with_1_when_a_report_fails(copied, tmp_path, monkeypatch):
    monkeypatch.setenv(reports.VARIABLE, fake_browser(tmp_path, "sys.exit(3)"))
    done = naravard("render", "-r", "14", "-l", "en", "-n", "02", "--pdf", "--out", copied,
                    "--notebooks-only")  # fmt: skip
    assert done.returncode == 1
    assert "0 reports, 1 failed" in done.stdout
    assert "failed: report en/14: the browser made no PDF (exit code 3)" in done.stderr


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"


def wait_for(seconds, condition):
    until = time.monotonic() + seconds
    while time.monotonic() < until and not condition():
        time.sleep(0.1)


@posix
def test_ctrl_c_ends_the_browsers_with_their_children(copied, tmp_path):
    note = tmp_path / "pids"
    body = (
        "child = subprocess.Popen(['sleep', '300'])\nimport os\n"
        f"open({str(note)!r}, 'a').write(f'{{os.getpid()}} {{child.pid}}\\n')\ntime.sleep(300)"
    )
    browser = fake_browser(tmp_path, body)
    process = subprocess.Popen(
        [sys.executable, "-m", "naravard", "render", "-r", "09", "-r", "14", "-l", "sv", "-n", "02",
         "--pdf", "--out", copied, "--notebooks-only"],
        env={**os.environ, "NARAVARD_ROOT": str(ROOT), reports.VARIABLE: browser},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=hear_ctrl_c,
    )  # fmt: skip
    wait_for(90, lambda: note.exists() and note.read_text().count("\n") == 2)
    pids = [int(pid) for pid in note.read_text().split()]
    assert len(pids) == 4  # two browsers at once, each with a child
    assert all(map(alive, pids))
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 130 and "interrupted" in err
    wait_for(10, lambda: not any(map(alive, pids)))
    assert not any(map(alive, pids))
    assert not list(copied.rglob(".report-*")) and not list(copied.rglob("*.pdf"))
    assert len(note.read_text().splitlines()) == 2  # none started afterwards


def test_the_command_makes_pages_then_the_report(tmp_path, browser_program):
    done = naravard("render", "-r", "gotland", "-l", "sv", "-n", "02", "--pdf", "--json",
                    "--notebooks-only", "--out", tmp_path / "site")  # fmt: skip
    answer = json.loads(done.stdout)
    path = tmp_path / "site" / GOTLAND.key / GOTLAND.name
    assert done.returncode == 0 and answer["reports"]["made"] == [str(path.resolve())]
    assert answer["reports"]["missing"]["sv/09"] == [n for n in notebooks() if n[:2] != "02"]
    assert "Skrivs färre äldre in på sjukhus igen?" in text_of(GOTLAND, tmp_path / "site")


def test_a_region_without_pages_has_no_report(copied, browser_program):
    made = reports.write(copied, [Job(ONE, "04", "sv")])
    assert made.failed == [("sv/04", "the site has no finished page of sv/04")]


def test_another_render_keeps_reports_out(copied, browser_program):
    with record.lock(copied), pytest.raises(NaravardError, match="another render is writing"):
        reports.write(copied, jobs_of(SMALL))
