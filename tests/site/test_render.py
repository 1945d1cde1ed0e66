"""The batch, through real kernels: every page shows its own region's values."""

import base64
import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from PIL import Image
from support.place import ROOT, copy_site, hear_ctrl_c

import naravard as nv
from naravard.batch import workers
from naravard.batch.jobs import Job, make_jobs
from naravard.errors import NaravardError
from naravard.language import number
from naravard.notebooks import find_notebook, notebooks
from naravard.site import record
from naravard.site.render import plan, render

REGIONS = ("00", "03", "09", "14")


@pytest.fixture(scope="module")
def site(published_site, tmp_path_factory):
    folder = copy_site(published_site, tmp_path_factory.mktemp("render") / "site")
    outcomes = render(make_jobs(["09"], languages=["en"]), folder)
    outcomes += render(make_jobs(["19"], ["03"], ["sv"]), folder)
    assert [o for o in outcomes if o.status != "done"] == []
    return folder


def figure_files(site, key):
    """Name and content of the files of a page's figures."""
    page = site / key
    found = page.parent.glob(f"{page.name}-*.*")
    return {path.name: path.read_bytes() for path in sorted(found)}


def soup(path):
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


@contextlib.contextmanager
def cells_of(collection):
    """The cells of a collection's notebook on readmissions, to be changed."""
    path = collection / "notebooks" / "02_readmissions.ipynb"
    content = json.loads(path.read_text("utf-8"))
    yield content["cells"]
    path.write_text(json.dumps(content), "utf-8")


def broken_notebook(collection, code='raise ValueError("the well is dry")'):
    with cells_of(collection) as cells:
        cells[-1]["source"] = code


def table(page, caption):
    """The table whose caption starts so, as rows of text by row header."""
    for found in page.find_all("table"):
        if found.caption and found.caption.get_text().startswith(caption):
            heads = [th.get_text() for th in found.thead.find_all("th")]
            rows = {
                row.th.get_text(): [td.get_text() for td in row.find_all("td")]
                for row in found.tbody.find_all("tr")
            }
            return heads, rows
    raise AssertionError(f"no table '{caption}'")


@pytest.mark.parametrize("code", REGIONS)
def test_cost_share_page_shows_its_own_regions_published_values(site, published, code):
    page = soup(site / "sv" / code / "01_primary_care_cost_share.html")
    heads, rows = table(page, "Primärvårdens andel av hälso- och sjukvårdens nettokostnad")
    assert heads[1] == nv.resolve(code).short
    for year in range(2019, 2025):
        primary, care = (
            float(published[f"kolada:{kpi}", code, year, "T"][0]) for kpi in ("N71007", "N70017")
        )
        assert rows[str(year)][0] == number(100 * primary / care, 1, "sv")


@pytest.mark.parametrize("code", REGIONS)
def test_readmissions_page_shows_its_own_regions_published_values(site, published, code):
    _, rows = table(soup(site / "sv" / code / "02_readmissions.html"), "Oplanerad återinskrivning")
    for year in range(2016, 2026):
        values = published.get(("kolada:U79092", code, year, "T"))
        assert rows[str(year)][0] == (values[0] if values else "–")


def test_sick_leave_page_shows_the_nation_and_says_what_is_missing(site):
    page = soup(site / "sv" / "03" / "03_sick_leave.html")
    heads, rows = table(page, "Sjukfrånvaro")
    assert heads == ["år", "Uppsala", "Riket"]
    # SKR: 5.7 (2019), 7.1 (2020), 6.4 (2021).
    assert [rows[str(y)] for y in (2019, 2020, 2021)] == [["–", "5,7"], ["–", "7,1"], ["–", "6,4"]]
    text = page.get_text()
    assert "Region Uppsala saknar värde" in text
    assert "naravard data fetch --indicator sick_leave_kolada" in text


def test_sick_leave_page_shows_its_own_regions_published_points(site, published):
    _, rows = table(soup(site / "sv" / "19" / "03_sick_leave.html"), "Sjukfrånvaro")
    for year in (2009, 2016, 2020):
        value = float(published["skr:sick_leave_total", "19", year, "T"][0])
        assert rows[str(year)][0] == number(value, 1, "sv")
    assert rows["2010"][0] == "–"


@pytest.mark.parametrize("code", REGIONS)
@pytest.mark.parametrize("name", list(notebooks()))
def test_every_page_is_whole_and_its_figures_lie_beside_it_as_files(site, code, name):
    key = f"sv/{code}/{name}"
    page, run = soup(site / f"{key}.html"), nbformat.read(site / f"{key}.ipynb", as_version=4)
    region = nv.resolve(code).name_sv
    assert page.html["lang"] == "sv" and region in page.title.get_text()
    bottom = page.select_one(".bottom-line").get_text()
    assert region in bottom and len(bottom) > 60
    assert page.find_all(["img", "table"])
    assert all(len(img["alt"]) > 40 for img in page.find_all("img"))
    assert "What this does not show" not in page.get_text()
    assert "Vad detta inte visar" in page.get_text()

    outputs = [o for c in run.cells for o in c.get("outputs", [])]
    assert not [o for o in outputs if o.output_type in ("stream", "error")]
    shown = [o.data for o in outputs if "data" in o]
    assert not [d for d in shown if "image/svg+xml" in d or "text/csv" in d]
    pngs = [base64.b64decode(data["image/png"]) for data in shown if "image/png" in data]
    files, figures = figure_files(site, key), page.find_all("figure")
    assert list(files) == sorted(
        f"{name}-{n}.{kind}" for n in range(1, len(pngs) + 1) for kind in ("svg", "png", "csv")
    )
    assert sorted(record.read_state(site)[key]["files"]) == list(files)
    assert len(figures) == len(page.find_all("img")) == len(pngs)
    for n, (figure, png) in enumerate(zip(figures, pngs, strict=True), 1):
        own = [f"{name}-{n}.{kind}" for kind in ("svg", "png", "csv")]
        assert figure.img["src"] == own[1] and files[own[1]] == png
        assert figure.img["decoding"] == "async"
        width, height = Image.open(io.BytesIO(png)).size
        ratio = int(figure.img["width"]) / int(figure.img["height"])
        assert ratio == pytest.approx(width / height, rel=0.01)
        links = figure.figcaption.find_all("a")
        assert [a["href"] for a in links] == own
        assert all(a.has_attr("download") and a.get_text() in a["aria-label"] for a in links)
        assert links[0]["aria-label"] == f"Figur {n}: SVG"
        assert f"<desc>{figure.img['alt'][:20]}".encode() in files[own[0]]
        text = files[own[2]].decode("utf-8-sig")
        assert " ".join(figure.img["alt"].replace('"', "'").split()) in text


def test_the_data_beside_a_page_are_its_own_regions(site, published):
    for code, label in (("03", "Uppsala"), ("09", "Gotland")):
        path = site / "sv" / code / "02_readmissions-1.csv"
        data = pd.read_csv(path, comment="#", encoding="utf-8-sig", index_col=0)
        for year in (2016, 2025):
            value = float(published["kolada:U79092", code, year, "T"][0])
            assert data.at[year, label] == value
    english = (site / "en" / "09" / "02_readmissions-1.csv").read_text("utf-8-sig")
    assert "# Cite as: naravard contributors" in english
    links = soup(site / "en" / "09" / "02_readmissions.html").figcaption.find_all("a")
    assert links[2]["aria-label"] == "Figure 1: data as CSV"


@pytest.mark.parametrize("key", ["sv/03/02_readmissions", "sv/14/10_status_of_the_transition",
                                 "en/09/12_claims"])  # fmt: skip
def test_a_page_says_how_to_cite_it_and_its_key(site, key):
    page, run = soup(site / f"{key}.html"), nbformat.read(site / f"{key}.ipynb", as_version=4)
    outputs = [o for c in run.cells for o in c.get("outputs", [])]
    (own,) = {o.metadata["naravard"]["key"] for o in outputs if "naravard" in o.metadata}
    line = page.footer.find(class_="cite")
    assert line.code.get_text() == own and line.get_text().endswith(own)
    words = page.title.get_text().rpartition(" – ")[0]
    assert nv.resolve(key[3:5]).name(key[:2]) in words and words in line.get_text()
    assert f"(2026): {words}" in line.get_text()
    assert own in page.main.get_text()  # the small print says it too


def test_pages_of_two_regions_differ_in_text_and_pictures(site):
    one, other = (figure_files(site, f"sv/{code}/02_readmissions") for code in ("03", "09"))
    assert list(one) == list(other) and len(one) == 9
    assert not set(one.values()) & set(other.values())


def test_region_without_data_says_so_on_its_page(site):
    text = soup(site / "sv" / "14" / "02_readmissions.html").select_one(".bottom-line").get_text()
    assert "det finns inga värden" in text and "saknar värden i Kolada alla år" in text


def test_english_page_is_english(site):
    page = soup(site / "en" / "09" / "01_primary_care_cost_share.html")
    assert page.html["lang"] == "en"
    assert "Does primary care get a larger share of the money?" in page.h1.get_text()
    assert "Slutsatsen" not in page.get_text()
    # Gotland: 14.4 percent (2019), 16.2 percent (2024).
    assert "14.4%" in page.get_text() and "16.2%" in page.get_text()


def test_questions_have_a_row_a_region_and_every_link_to_a_page_leads_there(site):
    for language in ("sv", "en"):
        file = site / language / "questions.html"
        body = soup(file).tbody
        assert len(body.find_all("tr")) == 22
        links = [a["href"] for a in body.find_all("a")]
        assert links and all((file.parent / link).is_file() for link in links), links
    page = soup(site / "sv" / "questions.html")
    row = next(r for r in page.tbody.find_all("tr") if r.th.get_text() == "Region Gotland")
    assert "går inte att skilja från pandemin" in row.find_all("td")[0].get_text()
    assert "Inte körd" in page.get_text()


def test_links_on_pages_lead_to_pages(site):
    english = (site / "en" / "09").glob("0*.html")
    for file in [site / "sv" / "09" / "02_readmissions.html", *english]:
        for a in soup(file).find(class_="more").find_all("a"):
            assert a["href"].startswith("#") or (file.parent / a["href"]).is_file(), a["href"]


def test_rendering_again_gives_the_same_bytes_whatever_the_engine(site):
    page = site / "sv" / "09" / "02_readmissions.html"
    job = make_jobs(["09"], ["02"], ["sv"])

    def files():
        figures = figure_files(site, job[0].key)
        return page.read_bytes(), page.with_suffix(".ipynb").read_bytes(), figures

    render(job, site)  # links to what was rendered after it
    before = files()
    for engine in ("naravard", "standard"):
        render(job, site, force=True, engine=engine)
        assert files() == before, engine
    assert len(before[2]) == 9
    assert not [p for p in site.rglob(".*") if p.name != ".lock"]


def ran(jobs, site, **options):
    """The keys of the jobs that ran, and all outcomes."""
    seen = []
    outcomes = render(jobs, site, on_done=lambda o: seen.append(o.key), **options)
    assert {o.status for o in outcomes} == {"done"}
    return sorted(seen)


def test_what_rests_on_nothing_changed_stands(collection, tmp_path):
    site = tmp_path / "site"
    jobs = make_jobs(["09"], ["02", "03"], ["sv"])
    both = [job.key for job in jobs]
    assert ran(jobs, site) == both and ran(jobs, site) == []
    assert plan(jobs, site).to_run == []
    assert plan(jobs, site, force=True).to_run == jobs
    assert ran(jobs, site, force=True) == both
    page = site / "sv/09/03_sick_leave.html"
    page.unlink()
    (why,) = (w for w in plan(jobs, site).reasons.values() if w)
    assert why == ["its page is missing"]
    assert ran(jobs, site) == both[1:] and page.exists()
    with cells_of(collection) as cells:
        cells[0]["source"] = "# En annan fråga"
    assert plan(jobs, site).reasons[jobs[0]] == ["the notebook changed"]
    # The other page is not run again, but its link to this one says the new title; its figures
    # stay what and where they are.
    files, when = figure_files(site, both[1]), (site / f"{both[1]}-1.png").stat().st_mtime_ns
    figures = str(soup(page).find_all("figure"))
    assert plan(jobs, site).to_run == jobs[:1] and ran(jobs, site) == both
    assert "En annan fråga" in page.read_text("utf-8")
    assert figure_files(site, both[1]) == files and len(files) == 3
    assert (site / f"{both[1]}-1.png").stat().st_mtime_ns == when
    assert str(soup(page).find_all("figure")) == figures and "csv" in figures
    assert ran(jobs, site) == []
    for name in files:
        page.with_name(name).unlink()
        assert plan(jobs, site).reasons[jobs[1]] == ["its page is missing"]
        assert ran(jobs, site) == both[1:] and figure_files(site, both[1]) == files


def test_figures_that_a_page_no_longer_has_are_removed(collection, tmp_path):
    site = tmp_path / "site"
    jobs = make_jobs(["09"], ["02"], ["sv"])
    render([*jobs, *make_jobs(["03"], ["02"], ["sv"])], site)
    folder = site / "sv" / "09"
    for other in ("02_readmissions-extra-1.png", "02_readmissions_too-1.svg", "mine-2.csv"):
        (folder / other).write_text("of another", "utf-8")
    other = "import matplotlib.pyplot as plt\nfig, axes = plt.subplots(figsize=(2, 1))"
    with cells_of(collection) as cells:
        draws = [cell for cell in cells if "nv.plot(" in "".join(cell["source"])]
        assert "slopes" in "".join(draws[2]["source"])
        draws[1]["source"], draws[2]["source"] = other, ""
    assert ran(jobs, site) == ["sv/09/02_readmissions"]
    names = [f"02_readmissions-{end}" for end in ("1.csv", "1.png", "1.svg", "2.png")]
    found = {p.name for p in folder.glob("*-*.*")}
    assert found == {*names, "02_readmissions-extra-1.png", "02_readmissions_too-1.svg",
                     "mine-2.csv"}  # fmt: skip
    page = soup(folder / "02_readmissions.html")
    # A picture that is no figure of naravard's has its PNG only, as large as it is.
    own = page.find_all("figure")[1]
    assert [a["href"] for a in own.find_all("a")] == ["02_readmissions-2.png"]
    assert int(own.img["width"]) == Image.open(folder / "02_readmissions-2.png").width
    assert len(figure_files(site, "sv/03/02_readmissions")) == 9  # another page's stay


def test_words_of_a_title_are_words_in_the_citation(collection, tmp_path):
    with cells_of(collection) as cells:
        cells[0]["source"] = '# =1+1 "and" <b>what</b> & ' + "so on " * 200
    assert ran(make_jobs(["09"], ["02"], ["sv"]), tmp_path) == ["sv/09/02_readmissions"]
    cited = soup(tmp_path / "sv/09/02_readmissions.html").footer.find(class_="cite")
    assert '=1+1 "and" <b>what</b> & so on' in cited.get_text() and not cited.find("b")
    assert "Region Gotland" in cited.get_text()


def test_new_figures_make_only_the_pages_that_use_them(collection, tmp_path):
    from naravard.data import build, raw

    site = tmp_path / "site"
    jobs = make_jobs(["03", "09"], ["02", "03"], ["sv"])
    ran(jobs, site)
    old = collection / "data/raw/kolada/U79092/2026-11-21.csv"
    text = old.read_text("utf-8")
    changed = re.sub(r"(kolada:U79092,09,2025,T,)\d+", r"\g<1>21", text)
    assert changed != text
    old.with_name("2026-12-01.csv").write_text(changed, "utf-8")
    terms = {"title": "t", "licence": "l", "obtained": "o", "accessed": "2026-12-01"}
    raw.register("kolada/U79092/2026-12-01.csv", **terms)
    build.build(accept=True)
    due = plan(jobs, site).reasons
    assert [job.key for job, why in due.items() if why] == [
        "sv/03/02_readmissions", "sv/09/02_readmissions"
    ]  # fmt: skip
    assert "data changed: readmission_30d_65plus" in "; ".join(due[jobs[0]])
    assert ran(jobs, site) == ["sv/03/02_readmissions", "sv/09/02_readmissions"]
    assert "21\xa0%" in soup(site / "sv/09/02_readmissions.html").get_text()


def test_a_failed_job_fails_alone_and_its_page_says_so(collection, tmp_path):
    site = tmp_path / "site"
    broken_notebook(collection)
    jobs = make_jobs(["09"], ["02", "03"], ["sv"])
    readmissions, sick_leave = render(jobs, site)
    assert sick_leave.status == "done"
    assert readmissions.status == "failed" and not readmissions.stale
    assert "ValueError: the well is dry" in readmissions.error and "cell" in readmissions.error
    page = soup(site / "sv" / "09" / "02_readmissions.html")
    assert "Sidan kunde inte göras" in page.get_text() and "the well is dry" in page.get_text()
    assert not page.find_all("img") and not page.find_all("table")
    assert not (site / "sv" / "09" / "02_readmissions.ipynb").exists()
    assert not figure_files(site, "sv/09/02_readmissions")
    partial = (site / "failed" / "sv-09-02_readmissions.ipynb").read_text("utf-8")
    assert "image/png" in partial and "image/svg+xml" not in partial and "text/csv" not in partial
    assert "the well is dry" in (site / "failed" / "sv-09-02_readmissions.txt").read_text("utf-8")
    assert (site / "failed" / "sv-09-02_readmissions.ipynb").is_file()
    row = soup(site / "sv" / "questions.html").find("th", string="Region Gotland").parent
    assert "Misslyckades" in row.get_text() and "the well is dry" in row.get_text()
    broken_notebook(collection, "1")
    assert {o.status for o in render(jobs, site)} == {"done"}
    assert not (site / "failed").exists()


def test_the_old_page_of_a_failed_job_is_marked_as_out_of_date(collection, tmp_path):
    site = tmp_path / "site"
    jobs = make_jobs(["09"], ["02"], ["sv"])
    render(jobs, site)
    page = site / "sv" / "09" / "02_readmissions.html"
    figures = figure_files(site, "sv/09/02_readmissions")
    assert len(figures) == 9
    for error in ("the <well> is dry", "the well is dry again"):
        broken_notebook(collection, f"raise ValueError('{error}')")
        (outcome,) = render(jobs, site)
        assert outcome.status == "failed" and outcome.stale
        shown = soup(page)
        assert figure_files(site, "sv/09/02_readmissions") == figures
        assert [img["src"] for img in shown.find_all("img")] == [
            name for name in figures if name.endswith("png")
        ]
        (banner,) = shown.find_all(class_="stale")
        assert "Sidan är inte aktuell" in banner.get_text() and error in banner.get_text()
        assert (page.parent / banner.a["href"]).is_file() and shown.find_all("table")
    row = soup(site / "sv" / "questions.html").find("th", string="Region Gotland").parent
    assert "Misslyckades" in row.get_text()
    broken_notebook(collection, "1")
    render(jobs, site)
    assert 'class="failed stale"' not in page.read_text("utf-8")


@pytest.mark.skipif(not workers.WARM, reason="no safe fork on this system")
def test_what_kills_its_process_or_takes_too_much_fails_alone(collection, tmp_path):
    site = tmp_path / "site"
    for code, limit, message in (
        ("import os; os.kill(os.getpid(), 9)", {}, "the process was killed (SIGKILL"),
        ("import time; time.sleep(60)", {"timeout": 8}, "it took longer than 8 seconds"),
        ("held = bytearray(3 * 2**30)", {"memory": 1000}, "MemoryError"),
    ):
        broken_notebook(collection, code)
        outcomes = render(make_jobs(["00", "09"], ["02", "03"], ["sv"]), site, **limit)
        assert {o.key: o.status for o in outcomes} == {
            "sv/00/02_readmissions": "failed", "sv/09/02_readmissions": "failed",
            "sv/00/03_sick_leave": "done", "sv/09/03_sick_leave": "done",
        }, code  # fmt: skip
        assert message in outcomes[0].error, code
        assert (site / "failed" / "sv-00-02_readmissions.txt").is_file()
    text = (site / "sv/00/02_readmissions.html").read_text("utf-8")
    assert "Sidan kunde inte göras" in text


@pytest.mark.skipif(not workers.WARM, reason="no safe fork on this system")
def test_the_batch_goes_on_when_the_warm_parent_is_killed(collection, tmp_path):
    broken_notebook(collection, "import os, signal; os.kill(os.getppid(), signal.SIGKILL)")
    jobs = make_jobs(["00", "09"], ["02", "03"], ["sv"])
    outcomes = render(jobs, tmp_path / "site", 1)
    assert [o.status for o in outcomes[2:]] == ["done", "done"]


def rendering(arguments, out, root=ROOT, **options):
    """The command under way, with arguments as in a shell."""
    command = [sys.executable, "-m", "naravard", "render", "--notebooks-only", *arguments.split(),
               "--out", out]  # fmt: skip
    environment, pipe = {**os.environ, "NARAVARD_ROOT": str(root)}, subprocess.PIPE
    return subprocess.Popen(
        command, env=environment, stdout=pipe, stderr=pipe, text=True, **options
    )


def within(seconds, holds):
    """Whether something holds, at the latest after some seconds."""
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.1)
    return holds()


def test_exit_code_is_1_when_a_job_fails(collection, tmp_path):
    broken_notebook(collection)
    process = rendering("-r 09 -n 02 -l sv", tmp_path / "site", collection)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "failed: sv/09/02_readmissions: cell" in err and "ValueError: the well is dry" in err
    assert "0 pages" in out and "1 failed" in err


def commands(folder):
    """The commands of the processes that work in a collection."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"NARAVARD_ROOT={folder}".encode() in entry.read_bytes():
                found.append(entry.with_name("cmdline").read_bytes())
        except OSError:
            continue
    return found


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc to see processes")
def test_ctrl_c_ends_everything_and_the_next_run_goes_on(collection, tmp_path):
    site = tmp_path / "site"
    broken_notebook(collection, "import subprocess; subprocess.run(['sleep', '300'])")
    process = rendering("-r 09 -l sv -j 1", site, collection, start_new_session=True,
                        preexec_fn=hear_ctrl_c)  # fmt: skip
    # The second job is under way.
    assert within(90, lambda: b"sleep" in b" ".join(commands(collection)))
    assert process.poll() is None
    began = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert time.monotonic() - began < 2
    assert process.returncode == 130
    assert "interrupted" in err and "Traceback" not in err
    assert within(2, lambda: commands(collection) == [])
    state = record.read_state(site)
    assert {key: entry["status"] for key, entry in state.items()} == {
        "sv/09/01_primary_care_cost_share": "done"
    }
    jobs = make_jobs(["09"], ["01", "03"], ["sv"])
    assert plan(jobs, site).to_run == jobs[1:]


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc to see processes")
def test_nothing_is_left_when_the_batch_itself_is_killed(collection, tmp_path):
    broken_notebook(collection, "import subprocess; subprocess.run(['sleep', '300'])")
    process = rendering("-r 09 -n 02", tmp_path / "site", collection)
    assert within(90, lambda: b"sleep" in b" ".join(commands(collection)))
    process.kill()
    process.communicate(timeout=20)
    assert within(5, lambda: commands(collection) == [])


def test_the_command_explains_sums_up_and_stands(collection, tmp_path):
    def call(more):
        process = rendering(f"-r 09 -n 03 -l sv {more}", tmp_path / "site", collection)
        text, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        return text

    text = call("--explain")
    assert "sv/09/03_sick_leave: never rendered" in text and "1 of 1 pages would be made" in text
    assert not (tmp_path / "site").exists()
    summary = json.loads(call("--json"))
    assert summary["made"] == 1 and summary["failed"] == [] and summary["peak_megabytes"] > 50
    assert "nothing to do: 1 pages are up to date" in call("")
    assert json.loads(call("--explain --json")) == {"sv/09/03_sick_leave": []}
    assert call("--force").startswith("1 pages in ")


def test_two_renders_into_one_folder_the_second_refuses(tmp_path):
    first = rendering("", tmp_path)
    assert within(60, (tmp_path / "sv").exists)
    second = rendering("-r 03 -l sv", tmp_path)
    _, err = second.communicate(timeout=60)
    assert second.returncode == 2 and "another render is writing to" in err
    assert first.poll() is None  # it goes on
    first.kill()
    first.communicate()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"regions": ["Upsala"]}, "did you mean 'Uppsala' \\(03\\)"),
        ({"names": ["readmission"]}, "unknown notebook 'readmission': did you mean 'readmissions'"),
        ({"names": ["99"]}, "unknown notebook '99'"),
        ({"languages": ["no"]}, "unknown language 'no'"),
        ({"parameters": {"prise_year": "2020"}}, "'prise_year': did you mean 'price_year'"),
        ({"parameters": {"price_year": "soon"}}, "is of type int, which 'soon' is not"),
        ({"parameters": {"region": "03"}}, "give 'region' as --region"),
        ({"names": ["02"], "parameters": {"price_year": "2020"}}, "unknown parameter"),
    ],
)
def test_bad_input_is_refused_before_anything_runs(arguments, message):
    with pytest.raises(NaravardError, match=message):
        make_jobs(**arguments)


def test_a_parameter_goes_to_the_notebooks_that_declare_it(tmp_path):
    jobs = make_jobs(["03"], ["01", "02"], ["sv"], {"price_year": "2020"})
    assert [job.parameters for job in jobs] == [(("price_year", 2020),), ()]
    render(jobs[:1], tmp_path)
    text = soup(tmp_path / "sv" / "03" / "01_primary_care_cost_share.html").get_text()
    assert "I 2020 års priser" in text


def test_all_jobs_are_22_units_times_notebooks_times_languages():
    assert len(make_jobs()) == 22 * len(notebooks()) * 2
    assert find_notebook("2") == find_notebook("readmissions") == "02_readmissions"
    assert Job("02_readmissions", "03", "sv").key == "sv/03/02_readmissions"


def test_papermill_alone_runs_a_notebook_with_region_01(tmp_path):
    # papermill -p turns 01 into the integer 1.
    import papermill

    out = tmp_path / "out.ipynb"
    papermill.execute_notebook(
        notebooks()["02_readmissions"], out, parameters={"region": 1}, kernel_name="python3",
        progress_bar=False, cwd=str(ROOT),
    )  # fmt: skip
    assert "Region Stockholm" in out.read_text("utf-8")
