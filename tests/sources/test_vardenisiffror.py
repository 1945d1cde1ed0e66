"""Vården i siffror, asked over the loopback; figures worked out from the rule there."""

import datetime

import pytest
from support.fake_vardenisiffror import GUID, FakeVardenISiffror

from naravard.sources import vardenisiffror
from naravard.sources.answer import Answer, SourceError
from naravard.sources.client import Client, Patience

DATASET = "vardenisiffror/readmission_30d_65plus"
DATA = "/api/measurements/measurementswithmetadata"


@pytest.fixture
def fake():
    with FakeVardenISiffror() as server:
        yield server


def ask(fake, *datasets):
    with Client(vardenisiffror.NAME, fake.base, pause=0, patience=Patience(attempts=1)) as client:
        return dict(vardenisiffror.ask(datasets or [DATASET], client))


def fault(fake):
    answer = ask(fake)[DATASET]
    assert isinstance(answer, SourceError)
    return str(answer)


def in_data(change):
    """Spoil the measurements of Stockholm's 2022, or the whole answer, and nothing else."""

    def edit(path, content):
        if path == DATA:
            blocks = {block["organizationId"]: block for block in content}
            change(blocks["01"], blocks["01"]["measurements"][0])
        return content

    return edit


def test_figures_of_two_contrasting_units_with_numerators_and_intervals(fake):
    answer = ask(fake)[DATASET]
    assert isinstance(answer, Answer)
    rows = {(row.region, row.year): row for row in answer.rows}

    def figures(*key):
        row = rows[key]
        return row.value, row.numerator, row.denominator, row.lower, row.upper

    # Riket 2022: 120 of 1000. Norrbotten 2023: 26 × 130 of 26 000, 13 ± 1 percent.
    assert figures("00", "2022") == ("12", "120", "1000", "11", "13")
    assert figures("25", "2023") == ("13", "3380", "26000", "12", "14")
    assert len(rows) == len(answer.rows) == 21 * 2  # Gotland has none
    assert "no values for the regions 09" in answer.remarks
    assert {(r.series, r.sex, r.unit) for r in answer.rows} == {
        ("vardenisiffror:readmission_30d_65plus", "T", "percent")
    }
    header = answer.text().split("\n")[0]
    assert header.endswith("note,numerator,denominator,lower,upper")


def test_the_answer_says_that_it_is_experimental_and_what_was_found(fake):
    answer = ask(fake)[DATASET]
    assert answer.remarks[0].startswith("experimental")
    name = "Oplanerad återinskrivning inom 30 dagar, 65 år och äldre"
    assert f"measure: '{name}'; unit: '%'" in answer.remarks
    assert answer.sources == [(f"Vården i siffror: {name}",
                               f"https://vardenisiffror.se/indikator/{GUID[1]}")]  # fmt: skip
    assert "must be checked" in answer.licence


def test_what_is_sent(fake):
    answer = ask(fake)[DATASET]
    assert [(method, path) for method, path, _, _ in fake.asked] == [
        ("GET", "/api/informationsource"), ("POST", "/api/measures/measures"), ("POST", DATA),
    ]  # fmt: skip
    # The measure that came with its name is not asked for, nor the source that has an id itself.
    assert fake.asked[1][3] == sorted([GUID[1], GUID[3], GUID[4], GUID[5]])
    sent = fake.asked[2][3]
    assert sent["measureIds"] == [GUID[1]]
    assert sent["periodType"] == "Year"
    assert sent["units"][:3] == ["SE", "01", "03"] and len(sent["units"]) == 22
    assert sent["dateFrom"] == "2010-01-01"
    assert sent["dateTo"] == f"{datetime.date.today().year}-12-31"
    assert len(answer.requests) == 3 and GUID[1] in answer.requests[2].body


def test_all_data_sets_share_one_list_of_measures(fake):
    answers = ask(fake, *vardenisiffror.datasets())
    assert len(answers) == 4 and all(isinstance(a, Answer) for a in answers.values())
    assert len(fake.asked) == 2 + 4
    assert all(a.remarks[0].startswith("experimental") for a in answers.values())
    # Riket 2022: 12 of 100, per 100 000 and per 1 000.
    first = {id.split("/")[1]: answer.rows[0].value for id, answer in answers.items()}
    assert first["avoidable_inpatient_care"] == "12000"
    assert first["emergency_visits_80plus"] == "120"


def test_names_are_asked_for_in_parts(fake, monkeypatch):
    monkeypatch.setattr(vardenisiffror, "BATCH", 3)
    assert isinstance(ask(fake)[DATASET], Answer)
    assert [len(body) for _, path, _, body in fake.asked if path.endswith("/measures")] == [3, 1]


def test_a_name_that_no_measure_has_lists_the_closest(fake):
    fake.names[GUID[1]] = "Oplanerad återinskrivning inom 90 dagar"
    answers = ask(fake, *vardenisiffror.datasets())
    message = str(answers[DATASET])
    phrase = "oplanerad återinskrivning 30 dagar 65"
    assert f"no name holds '{phrase}'; the closest are 'Oplan" in message
    assert message.count("'") == 2 + 2 * 5  # the phrase and five names
    assert isinstance(answers["vardenisiffror/trust_in_health_care"], Answer)


def test_of_two_names_the_phrase_itself_goes_first_and_else_both_are_told(fake):
    fake.names[GUID[5]] = "Påverkbar  slutenvård"
    (answer,) = ask(fake, "vardenisiffror/avoidable_inpatient_care").values()
    assert answer.requests[-1].body.count(GUID[5]) == 1
    fake.names[GUID[5]] = "OPLANERAD ÅTERINSKRIVNING INOM 30 DAGAR, 65–79 ÅR"
    message = fault(fake)
    assert "fits 2 names" in message and GUID[1] in message and GUID[5] in message
    assert "the request file must hold more of the name" in message


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2022-01-01", "2022-12-31"),
        ("2022-01-01T00:00:00", "2023-01-01T00:00:00"),
        ("2021-12-31T23:00:00Z", "2022-12-31T22:59:59Z"),
        ("2022-01-01T00:00:00+01:00", "2022-12-31T23:59:59.999+01:00"),
        ("2022-07-01", "2023-06-30"),
    ],
)
def test_whole_calendar_years_are_read_and_others_left_out_with_a_remark(fake, start, end):
    fake.edit = in_data(lambda _, m: m.update(period={"start": start, "end": end}))
    answer = ask(fake)[DATASET]
    whole = start != "2022-07-01"
    assert (("01", "2022") in {(row.region, row.year) for row in answer.rows}) == whole
    assert len(answer.rows) == 41 + whole
    expected = "left out, since they are no whole calendar years: 2022-07-01 to 2023-06-30"
    assert (expected in answer.remarks) != whole
    assert any("left out" in remark for remark in answer.remarks) != whole


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda b, m: m.update(value="tolv"), "region 01, 2022: the value 'tolv' is not a number"),
        (lambda b, m: m.update(value=float("nan")), "the value nan is not a number"),
        (lambda b, m: m.update(numerator=True), "the numerator True is not a number"),
        (lambda b, m: m.update(v=m.pop("value")), "the field 'value' is missing; the fields are"),
        (lambda b, m: m.pop("period"), "the field 'period' is missing"),
        (lambda b, m: m.update(period={"start": "2022-01-01", "slut": ""}),
         "the field 'end' is missing; the fields are 'start', 'slut'"),
        (lambda b, m: m.update(period={"start": "i år", "end": "nu"}), "are not two dates"),
        (lambda b, m: m.update(period={"start": "9999-01-01", "end": "9999-12-31"}),
         "are not two dates"),
        (lambda b, m: m.update(confidenceInterval={"lo": 1}), "the field 'low' is missing"),
        (lambda b, m: m.update(value=0.12),
         "the value 0.12 is not 100 × 240 / 2000 = 12: it has another unit than expected"),
        (lambda b, m: b.update(organizationId="99"), "unknown region '99' in the answer"),
        (lambda b, m: b.update(measureId=GUID[5]), f"is about the measure {GUID[5]}, not"),
        (lambda b, m: b["measurements"].append(m), "the answer holds the row twice"),
        (lambda b, m: b.update(measurements=None), "stands where a list should"),
    ],
)  # fmt: skip
def test_answers_of_another_shape_are_refused_in_one_sentence(fake, change, message):
    fake.edit = in_data(change)
    assert message in fault(fake)


def test_values_that_are_missing_and_fields_that_are_new(fake):
    def change(block, measurement):
        block["nytt"] = measurement["nytt"] = {"a": [1]}
        measurement.update(value=None, numerator=None, denominator=None, confidenceInterval=None)

    fake.edit = in_data(change)
    answer = ask(fake)[DATASET]
    (row,) = [row for row in answer.rows if not row.value]
    assert (row.region, row.year, row.note) == ("01", "2022", "no value in the answer")
    assert (row.numerator, row.denominator, row.lower, row.upper) == ("", "", "", "")
    assert answer.text()


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda path, c: [] if "informationsource" in path else c, "holds no measures with a GUID"),
        (lambda path, c: "<html></html>" if "informationsource" in path else c, "a web page"),
        (lambda path, c: [{"measureId": GUID[1], "namn": "x"}] if path.endswith("/measures") else c,
         "the field 'name' is missing; the fields are 'measureId', 'namn'"),
    ],
)  # fmt: skip
def test_without_a_list_of_measures_nothing_is_asked_and_the_reason_is_told(fake, edit, message):
    fake.edit = edit
    with pytest.raises(SourceError, match=message):
        ask(fake)
