"""Socialstyrelsen's database, asked over the loopback; figures worked out from the rule there."""

import pytest
from support.fake_socialstyrelsen import FIRST, FakeSocialstyrelsen

from naravard.catalogue.model import Part
from naravard.errors import NaravardError
from naravard.sources import socialstyrelsen
from naravard.sources.answer import SUPPRESSED, Answer, SourceError
from naravard.sources.client import Client, Patience
from naravard.sources.questions import read_requests

DATASET = "socialstyrelsen/inpatient_diagnoses"


@pytest.fixture
def fake():
    with FakeSocialstyrelsen() as server:
        yield server


def ask(fake):
    with Client(socialstyrelsen.NAME, fake.base, pause=0, patience=Patience(attempts=1)) as client:
        ((dataset, answer),) = socialstyrelsen.ask([DATASET], client)
    assert dataset == DATASET
    return answer


def fault(fake):
    answer = ask(fake)
    assert isinstance(answer, SourceError)
    return str(answer)


def in_results(change):
    """Spoil the pages of results and nothing else."""

    def edit(path, content):
        if "/resultat/" in path:
            change(content)
        return content

    return edit


def values(answer):
    return {(r.series.split(":")[-1], r.region, r.year, r.sex): r.value for r in answer.rows}


def test_figures_of_two_contrasting_regions(fake):
    answer = ask(fake)
    assert isinstance(answer, Answer)
    found = values(answer)
    # Stockholm: 200 + 1 + 0.3, men 5 more, women 5 less. Gotland: 30 + 9 + 0.2.
    assert found["I50", "01", "2023", "T"] == "201.3"
    assert found["I50", "01", "2023", "M"] == "206.3"
    assert found["I50", "01", "2023", "K"] == "196.3"
    assert found["E12", "09", "2022", "T"] == "39.2"
    assert found["J45", "00", "2022", "T"] == "40.2"
    assert found["I50", "25", "2022", "T"] == "1225.2"
    # 8 diagnoses, 22 regions, 3 sexes, 2 years, and one row that is not there.
    assert len(answer.rows) == 8 * 22 * 3 * 2 - 1 == len(found)
    assert {row.unit for row in answer.rows} == {"per 100 000 inhabitants"}
    assert {row.series for row in answer.rows} == {
        f"socialstyrelsen:inpatient_diagnoses:{code}" for code in FIRST
    }
    assert answer.text().count("\n") == 1 + len(answer.rows)


def test_what_was_withheld_and_what_is_not_there(fake):
    answer = ask(fake)
    (row,) = [row for row in answer.rows if not row.value]
    assert (row.series[-3:], row.region, row.year, row.sex) == ("E12", "09", "2023", "T")
    assert row.note.startswith(SUPPRESSED)
    assert any("E13: 1 combinations" in remark for remark in answer.remarks)
    assert any("not age-standardised" in remark for remark in answer.remarks)
    assert "measure: 'Antal vårdtillfällen/100\u00a0000 inv'; age: '0–85+'" in answer.remarks


def test_each_request_is_kept_and_asks_for_one_measure_and_the_22_units(fake):
    answer = ask(fake)
    assert len(answer.requests) == 6 + 8 == len(fake.asked)
    paths = [path for _, path, _, _ in fake.asked if "/resultat/" in path]
    assert all("/matt/4/" in path and "98" not in path.split("/")[7] for path in paths)
    assert all(path.endswith("/ar/2022,2023") for path in paths)  # 1998 lies before `since`
    assert "/diagnos/I50/region/0,1,3,4," in paths[0] and "/alder/19/kon/3,2,1/" in paths[0]
    assert all("per_sida=5000" in q for _, path, q, _ in fake.asked if "/resultat/" in path)


def test_pages_are_followed_over_links_that_begin_with_http_and_another_host(fake):
    whole = values(ask(fake))
    fake.asked.clear()
    fake.page_limit = 50
    answer = ask(fake)
    assert values(answer) == whole
    # 132 rows a diagnosis: 3 pages of 50 at most; 131 of E13 as well.
    assert len(answer.requests) == 6 + 8 * 3 == len(fake.asked)
    link = "http://sdb.socialstyrelsen.se/api/v1/sv/x/resultat/kon/1?per_sida=5000&sida=2"
    assert socialstyrelsen.next_page(link, socialstyrelsen.BASE) == link.replace("http:", "https:")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda link, back: {"nasta_sida": link and link.replace("50&sida=2", "5000&sida=1")},
         "leads back to http://127.0.0.1"),
        # To an earlier page in other words.
        (lambda link, back: {"nasta_sida": back or link}, "page 1 came where page 3 was due"),
        (lambda link, back: {"sidor": 4}, "there were 3 pages, not 4"),
        (lambda link, back: {"sidor": 2}, "the last of 2 pages leads to a further one"),
    ],
)  # fmt: skip
def test_links_and_page_counts_that_do_not_agree_end_with_an_error(fake, change, message):
    fake.page_limit = 50
    links = ("nasta_sida", "foregaende_sida")
    fake.edit = in_results(lambda page: page.update(change(*(page[link] for link in links))))
    assert message in fault(fake)


def test_an_unknown_topic_is_named(fake, monkeypatch):
    question = socialstyrelsen._questions()[DATASET].model_copy(update={"topic": "diagnoser"})
    monkeypatch.setattr(socialstyrelsen, "_questions", lambda: {DATASET: question})
    message = fault(fake)
    assert "/diagnoser/matt) answered with status 404" in message
    assert "the values of 'matt' in the topic 'diagnoser' were asked for" in message


def first_row(**changes):
    return in_results(lambda page: page["data"][0].update(changes))


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (first_row(varde="okänt"), "region 00, 2022, T: the value 'okänt' is not a number"),
        (first_row(varde="12.5"), "'12.5' is not a number with a decimal comma"),
        (first_row(regionId=99), "unknown region '99' in the answer"),
        (first_row(konId=9), "unknown kon '9' in the answer"),
        (first_row(ar=1901), "unknown ar '1901' in the answer"),
        (first_row(mattId=1), "a row has mattId '1', asked for was '4'"),
        (first_row(diagnosId="J13"), "a row has diagnosId 'J13', asked for was 'I50'"),
        (in_results(lambda p: p.pop("sidor")), "the field 'sidor' is missing; the fields are"),
        (in_results(lambda p: p["data"][0].update(v=p["data"][0].pop("varde"))),
         "the field 'varde' is missing; the fields are 'diagnosId', 'regionId'"),
        (in_results(lambda p: p.update(data={})), "stands where a list should"),
        (in_results(lambda p: p.update(data=["1"])), "'1' stands where an object should"),
        (in_results(lambda p: p["data"].append(p["data"][0])), "the answer holds the row twice"),
        (in_results(lambda p: p.update(data=[], sidor=0)), "holds no rows for the 22 regions"),
    ],
)  # fmt: skip
def test_answers_of_another_shape_are_refused_in_one_sentence(fake, edit, message):
    fake.edit = edit
    assert message in fault(fake)


def in_list(variable, change):
    return lambda path, content: change(content) if path.endswith(f"/{variable}") else content


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (in_list("matt", lambda c: c[:1]),
         "no name holds 'vårdtillfällen 100 000'; the closest are 'Antal vårdtillfällen'"),
        (in_list("matt", lambda c: [*c, {"id": 9, "text": "Vårdtillfällen per 100 000, stand."}]),
         "fits 2 names, 'Antal vårdtillfällen/100\u00a0000 inv' (4), 'Vårdtillfällen per"),
        (in_list("kon", lambda c: c[:2]), "diagnoserislutenvard/kon: no name holds 'Båda könen'"),
        (in_list("kon", lambda c: [{"id": 1, "namn": "Män"}]),
         "the field 'text' is missing; the fields are 'id', 'namn'"),
        (in_list("diagnos", lambda c: [v for v in c if v["id"] != "J44"]),
         "0 of 9 values are for the diagnosis 'J44', not one"),
        (in_list("ar", lambda c: c[:1]), "no year from 2005 on"),
        (in_list("ar", lambda c: "<html></html>"), "answered with a web page instead of data"),
    ],
)  # fmt: skip
def test_lists_that_lack_what_is_asked_for_say_so(fake, edit, message):
    fake.edit = edit
    assert message in fault(fake)


def test_unknown_fields_are_ignored_and_missing_regions_remarked(fake):
    def edit(path, content):
        if path.endswith("/region"):
            return [entry | {"ny": 1} for entry in content if entry["id"] != 9]
        if "/resultat/" in path:
            content["nytt"] = {}
            content["data"] = [row | {"status": "A"} for row in content["data"]]
        return content

    fake.edit = edit
    answer = ask(fake)
    assert values(answer)["I50", "01", "2023", "T"] == "201.3"
    assert "not in the topic's list of regions: 09" in answer.remarks


def test_region_ids_with_two_digits_and_diagnoses_by_text(fake):
    def edit(path, content):
        if path.endswith("/region"):
            return [{"id": f"{entry['id']:02d}", "text": entry["text"]} for entry in content]
        if path.endswith("/diagnos"):
            return [entry | {"text": entry["text"], "kod": entry["id"]} for entry in content]
        for row in content["data"] if "/resultat/" in path else ():
            row["regionId"] = f"{row['regionId']:02d}"
        return content

    fake.edit = edit
    assert values(ask(fake))["I50", "00", "2023", "T"] == "200.3"


def test_an_unknown_data_set_does_not_end_the_others(fake):
    with Client(socialstyrelsen.NAME, fake.base, pause=0) as client:
        answers = dict(
            socialstyrelsen.ask(["socialstyrelsen/inpatient_diagnosis", DATASET], client)
        )
    assert f"did you mean '{DATASET}'?" in str(answers["socialstyrelsen/inpatient_diagnosis"])
    assert isinstance(answers[DATASET], Answer)
    assert socialstyrelsen.datasets() == [DATASET]


def test_a_request_file_with_a_wrong_field_is_refused(tmp_path):
    class One(Part):
        name: str

    file = tmp_path / "publisher.toml"
    file.write_text('[set]\nname = "a"\nnmae = "b"\n', "utf-8")
    with pytest.raises(NaravardError, match=r"publisher\.toml: set: nmae: Extra inputs"):
        read_requests(file, One)
    file.write_text("[set\n", "utf-8")
    with pytest.raises(NaravardError, match=r"publisher\.toml: "):
        read_requests(file, One)
    file.write_text('[set]\nname = "a"\n', "utf-8")
    assert read_requests(file, One) == {"publisher/set": One(name="a")}
