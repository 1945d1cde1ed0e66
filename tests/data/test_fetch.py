"""`naravard data fetch` against a real server on loopback, faults included."""

import csv
import datetime
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time

import pytest
from support.fake_kolada import FakeKolada, broken_off, cut_short, entry, html, huge, slow, status
from support.place import ROOT, everything, hear_ctrl_c, naravard_here

from naravard.data import fetch, load, raw, vintages
from naravard.errors import NaravardError
from naravard.sources import client as http
from naravard.sources.client import Patience

HASTY = Patience(attempts=3, timeout=5, wait=0.01)
KPI, ID, DATASET = "U79029", "emergency_visits_80plus", "kolada/U79029"


def as_served(*kpis: str) -> dict:
    """The figures that are committed, as Kolada would give them."""
    series: dict = {kpi: {} for kpi in kpis}
    for kpi in kpis:
        file = max((ROOT / "data/raw/kolada" / kpi).glob("*.csv"))
        with file.open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle):
                value = float(row["value"]) if row["value"] else None
                given = entry(row["sex"], value, "" if row["value"] else "Missing")
                series[kpi].setdefault(("00" + row["region"], int(row["year"])), []).append(given)
    return series


@pytest.fixture
def kolada(collection, monkeypatch):
    monkeypatch.setattr(fetch, "PUBLISHERS", ("kolada",))
    monkeypatch.setattr("naravard.sources.kolada.PAUSE", 0)
    with FakeKolada(as_served(KPI, "U79133")) as server:
        monkeypatch.setenv("NARAVARD_KOLADA", server.base)
        yield server


def get(*ids: str, **options) -> fetch.Fetched:
    return fetch.run(fetch.plan(ids=ids or [ID]), patience=HASTY, **options)


def test_a_fetch_adds_a_vintage_with_its_requests_and_builds_from_it(collection, kolada):
    kolada.series[KPI]["0003", 2031] = [entry("T", 900.5), entry("K", 880.0), entry("M", 921)]
    kolada.series[KPI]["0009", 2031] = [entry("T", None, "Missing")]
    kolada.series[KPI]["G123", 2031] = [entry("T", 1.0)]

    result = get()

    assert result.complete and list(result.put.new) == [DATASET]
    new = result.put.new[DATASET]
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    assert new.path == f"{DATASET}/{today}.csv" or new.path.startswith(f"{DATASET}/{today}T")
    request = new.requests[0]
    units = "0000,0001,0003"
    assert f"/v3/data/kpi/{KPI}/municipality/{units}" in request["url"]
    assert request["etag"] == '"made-up"' and len(request["sha256"]) == 64
    assert "Källa: Kolada" in new.licence
    assert kolada.agents == {http.USER_AGENT}
    assert raw.problems() == []

    rows = load.load_indicator(ID, ["uppsala", "gotland"], 2031, sex=None)
    found = {(row.region, row.sex): row.value for row in rows.itertuples() if row.value > 0}
    assert found == {("03", "T"): 900.5, ("03", "K"): 880.0, ("03", "M"): 921.0}
    gotland = rows[rows["region"] == "09"].iloc[0]
    assert (gotland["status"], gotland["note"]) == ("missing", "missing at the source")
    assert "1 rows of other units or key figures left out" in result.remarks[DATASET][0]


def test_the_same_figures_again_are_no_new_vintage(collection, kolada):
    get()
    before = everything(collection)
    again = get()
    assert again.complete and not again.put.new and list(again.put.unchanged) == [DATASET]
    assert everything(collection) == before


def test_pages_are_followed_to_the_end_and_a_page_that_leads_back_is_noticed(collection, kolada):
    get()
    kolada.per_page = 7
    assert get().put.unchanged, "page by page it is the same"
    kolada.alter = lambda content: content | {"next_url": f"http://{kolada.host}{kolada.asked[-1]}"}
    before = everything(collection)
    assert "read already" in get().failed[DATASET]
    assert everything(collection) == before


def test_a_withdrawn_value_is_missing_and_says_so(collection, kolada):
    kolada.series[KPI]["0003", 2031] = [entry("T", 900.5)]
    kolada.series[KPI]["0014", 2031] = [entry("T", 905.0, deleted=True)]
    get()
    row = load.load_indicator(ID, "vgr", 2031).iloc[0]
    assert (row["status"], row["note"]) == ("missing", "withdrawn by the publisher")


def test_what_the_publisher_has_not_changed_since_is_not_asked_for(collection, kolada):
    kolada.changed = set()
    before = everything(collection)
    result = get(since=datetime.date(2026, 1, 1))
    assert result.not_changed == 1 and result.complete and not result.put.new
    assert len(kolada.asked) == 1 and "from_date=2026-01-01" in kolada.asked[0]
    assert everything(collection) == before
    kolada.changed = {KPI}
    assert get(since=datetime.date(2026, 1, 1)).put.new


def test_a_publisher_that_cannot_say_what_changed_is_asked_for_everything(
    collection, kolada, monkeypatch
):
    monkeypatch.delattr("naravard.sources.kolada.changed")
    assert get(since=datetime.date(2026, 1, 1)).put.new


def test_one_key_figure_without_an_answer_does_not_keep_the_others_away(collection, kolada):
    kolada.series["U79133"] = {}
    result = get(ID, "avoidable_inpatient_care")
    assert list(result.put.new) == [DATASET]
    assert "Kolada U79133: the answer holds nothing of it" in result.failed["kolada/U79133"]


def _spoil(change):
    def alter(content):
        change(next(item for item in content["values"] if item["municipality"] == "0003"))
        return content

    return alter


def _renamed(item):
    for given in item["values"]:
        given["varde"] = given.pop("value")


def _decimal_slip(item):
    item["values"][0]["value"] *= 100_000


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_renamed, "the field 'value' is missing; the fields are .*'varde'"),
        (
            lambda item: item["values"][0].update(value="1 234"),
            "Kolada U79029, region 03, 20..: the value '1 234' is not a number",
        ),
        (
            lambda item: item["values"].append(dict(item["values"][0])),
            "region 03, 20.., .: the answer holds the row twice",
        ),
        (
            lambda item: item["values"][0].update(gender="X"),
            "region 03, 20.., X: 'X' is not T, K or M",
        ),
        (_decimal_slip, "kolada/U79029/.*csv, row .*lies outside 0–5000 per 1,000 inhabitants"),
        (lambda item: item.update(period="2019/20"), "'2019/20' is not a year"),
    ],
)
def test_a_spoilt_row_is_named_and_nothing_is_written(collection, kolada, change, sentence):
    before = everything(collection)
    kolada.alter = _spoil(change)
    result = get()
    told = {**result.failed, **result.put.refused}[DATASET]
    assert re.search(sentence, told), told
    assert everything(collection) == before
    kolada.alter = lambda content: content
    assert get().put.new, "the next fetch asks anew"


def test_an_unknown_unit_is_left_out_and_an_unknown_field_does_no_harm(collection, kolada):
    kolada.alter = _spoil(lambda item: item.update(municipality="0180", extra={"new": 1}))
    result = get()
    assert result.complete and "1 rows of other units" in result.remarks[DATASET][0]


@pytest.mark.parametrize(
    ("faults", "requests"),
    [([status(429, Retry_After="0")], 2), ([status(429)], 2), ([status(500), status(503)], 3),
     ([broken_off], 2)],
)  # fmt: skip
def test_a_passing_fault_is_asked_again(collection, kolada, faults, requests):
    kolada.faults = list(faults)
    assert get().put.new
    assert len(kolada.asked) == requests


def test_retry_after_is_waited_for_and_one_that_is_too_long_is_not(collection, kolada):
    kolada.faults = [status(429, Retry_After="1")]
    began = time.monotonic()
    assert get().put.new
    assert time.monotonic() - began >= 1
    kolada.faults = [status(429, Retry_After="3600")]
    assert "asks to come back in 3600 seconds" in get().failed[DATASET]


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (html, "answered with a web page instead of data"),
        (cut_short, "the answer is cut short or damaged: it is not whole JSON"),
        (status(429), r"asked 3 times: status 429, too many requests"),
        (status(500), r"asked 3 times: status 500, the publisher's server failed"),
        (status(404, b'{"title": "no such thing"}'), "status 404: no such thing"),
        (status(302, Location="http://localhost:9/elsewhere"), "leads to another host"),
        (slow(1.0), "asked 3 times: no answer within 0.2 seconds"),
    ],
)
def test_a_lasting_fault_is_one_sentence_and_changes_nothing(collection, kolada, fault, sentence):
    before = everything(collection)
    kolada.faults = [fault] * 20
    patience = Patience(3, 0.2 if "0.2" in sentence else 5, 0.01)
    result = fetch.run(fetch.plan(ids=[ID]), patience=patience)
    assert sentence in result.failed[DATASET]
    assert "\n" not in result.failed[DATASET]
    assert everything(collection) == before


def test_an_answer_of_300_megabytes_is_refused_at_the_stated_limit(collection, kolada):
    before = everything(collection)
    kolada.faults = [huge]
    assert "larger than 64 MB and was refused" in get().failed[DATASET]
    assert everything(collection) == before


def test_no_network_is_one_sentence(collection, kolada, monkeypatch):
    before = everything(collection)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("NARAVARD_KOLADA", f"http://127.0.0.1:{free.getsockname()[1]}")
    assert "the connection was refused" in get().failed[DATASET]
    monkeypatch.setenv("NARAVARD_KOLADA", "http://kolada.invalid/v3")
    assert "its name is not known here" in get().failed[DATASET]
    assert everything(collection) == before


def test_a_proxy_of_the_environment_is_used(collection, kolada, monkeypatch):
    with FakeKolada({}) as proxy:
        proxy.content = lambda path: kolada.content(path.partition(":8080")[2])
        monkeypatch.setenv("HTTP_PROXY", f"http://{proxy.host}")
        monkeypatch.setenv("NARAVARD_KOLADA", "http://kolada.invalid:8080/v3")
        assert get().put.new
        assert proxy.asked and not kolada.asked


def test_a_full_disk_changes_nothing(collection, kolada, monkeypatch):
    before = everything(collection)

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    written = ("naravard.data.fetch.write_atomically", "naravard.data.raw.write_atomically")
    for place in (*written, "pandas.DataFrame.to_parquet"):
        with monkeypatch.context() as patched:
            patched.setattr(place, full)
            with pytest.raises(OSError, match="No space left"):
                get()
        assert everything(collection) == before
    assert get().put.new


def test_figures_that_do_not_fit_together_change_nothing(collection, kolada):
    before = everything(collection)
    kolada.series["U79133"]["0000", 2020] = [entry("T", 99_000.0)]
    result = get(ID, "avoidable_inpatient_care")
    assert "lies outside its regions" in result.put.refused["kolada/U79133"]
    assert list(result.put.new) == [DATASET]
    after = everything(collection)
    assert not [path for path in after if "U79133" in path and after[path] != before.get(path)]


KILLED = """
import os, signal, sys
from naravard.data import fetch, raw, vintages
fetch.PUBLISHERS = ("kolada",)
where = sys.argv[1]
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
if where == "asking":
    run = fetch._keep
    def keep(dataset, answer):
        run(dataset, answer)
        die()
    fetch._keep = keep
if where == "between files":
    put, done = os.replace, []
    def replace(source, target):
        put(source, target)
        done.append(target)
        path = str(target)
        if "kolada" in path and path.endswith(".csv") and ".incoming" not in path:
            die()
    os.replace = replace
if where == "before the manifest":
    raw.add = die
fetch.run(fetch.plan(ids=["emergency_visits_80plus", "avoidable_inpatient_care"]))
"""


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize("where", ["asking", "between files", "before the manifest"])
def test_a_killed_fetch_leaves_the_data_as_they_were_and_the_next_goes_on(
    collection, kolada, where
):
    before = everything(collection)
    done = subprocess.run([sys.executable, "-c", KILLED, where], capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    asked = len(kolada.asked)
    with vintages.lock():
        assert everything(collection) == before
        assert raw.problems() == []
    result = get(ID, "avoidable_inpatient_care")
    assert result.resumed == (1 if where == "asking" else 2)
    assert len(kolada.asked) - asked == (1 if where == "asking" else 0)
    assert set(result.put.new) == {DATASET, "kolada/U79133"}
    assert raw.problems() == []


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_ctrl_c_ends_at_once_and_the_next_fetch_goes_on(collection, kolada):
    before = everything(collection)
    kolada.faults = [slow(30)]
    command = [sys.executable, "-m", "naravard", "data", "fetch", "-s", "kolada", "-i", ID]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, preexec_fn=hear_ctrl_c)
    deadline = time.monotonic() + 60
    while not kolada.asked:
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.05)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=20)
    assert time.monotonic() - began < 2
    assert process.returncode == 130 and "interrupted" in told and "Traceback" not in told
    assert everything(collection) == before
    assert get().put.new
    assert not [p for p in (collection / "data/raw/.incoming").iterdir() if p.is_dir()]


def test_what_fits_alone_but_not_with_the_rest_is_refused_alone(collection, kolada):
    # 1,500 thousand a year an inhabitant: within the unit, but the share of primary care is not.
    kolada.series["N71007"] = as_served("N71007")["N71007"]
    for values in kolada.series["N71007"].values():
        for value in values:
            value["value"] = 190_000.0 + (value["value"] or 0) / 10
    before = everything(collection)
    result = get(ID, "primary_care_net_cost")
    refused = result.put.refused["kolada/N71007"]
    assert "it gives impossible values: primary_care_cost_share" in refused
    assert list(result.put.new) == [DATASET]
    assert not [p for p in everything(collection).keys() - before.keys() if "N71007" in p]


def test_more_key_figures_than_one_request_takes_are_asked_in_several(collection, kolada):
    from naravard.sources import kolada as source

    kpis = [dataset.removeprefix("kolada/") for dataset in source.datasets()]
    result = fetch.run({"kolada": source.datasets()}, patience=HASTY)
    assert len(kpis) > 25 and len(kolada.asked) == -(-len(kpis) // 25)
    assert set(result.put.new) == {DATASET, "kolada/U79133"}
    assert set(result.failed) == {f"kolada/{kpi}" for kpi in kpis} - set(result.put.new)


def test_two_fetches_at_once_the_second_refuses(collection, kolada):
    before = everything(collection)
    command = [sys.executable, "-m", "naravard", "data", "fetch", "-i", ID, "--attempts", "1"]
    with vintages.lock():
        second = subprocess.run(command, capture_output=True, text=True)
    assert second.returncode == 2
    assert "another process is adding figures to" in second.stderr
    assert everything(collection) == before


def test_the_command_says_what_came_and_ends_with_1_if_something_failed(collection, kolada):
    command = ("data", "fetch", "--attempts", "1")
    done = naravard_here(*command, "-i", ID)
    assert done.returncode == 0, done.stderr
    assert "1 new, 0 unchanged, 0 failed" in done.stdout
    kolada.series["U79133"] = {}
    done = naravard_here(*command, "-i", ID, "-i", "avoidable_inpatient_care")
    assert done.returncode == 1
    assert "0 new, 1 unchanged, 1 failed" in done.stdout
    assert "nothing of these was written" in done.stderr
    done = naravard_here(*command, "-i", ID, "--dry-run")
    assert done.stdout.splitlines() == [f"Kolada, {kolada.base}: 1", f"  {DATASET}"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"sources": ["kolad"]}, "unknown source 'kolad': did you mean 'kolada'?"),
        ({"ids": ["emergency_visit_80plus"]}, "unknown indicator 'emergency_visit_80plus': did"),
        ({"ids": ["sick_leave_total"]}, "no publisher can be asked for: its figures were read"),
        ({"ids": ["sick_leave_total"]}, "can be fetched is `--indicator sick_leave_kolada`"),
        ({"ids": ["grant_total"]}, "in with `naravard data add FILE --indicator grant_total`"),
    ],
)
def test_bad_input_is_refused_before_anything_is_asked(collection, kolada, options, sentence):
    with pytest.raises(NaravardError) as error:
        fetch.plan(**options)
    assert sentence in str(error.value)
    assert not kolada.asked


def test_the_manifest_stays_a_data_package(collection, kolada):
    get()
    package = json.loads((collection / "data/raw/datapackage.json").read_text("utf-8"))
    paths = [resource["path"] for resource in package["resources"]]
    assert paths == sorted(paths) and len(set(paths)) == len(paths)
    assert not [path for path in paths if ".incoming" in path]
