import datetime
import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.fake_json import CODES
from support.fake_scb import FakeScb, FakeTable

from naravard.catalogue import catalogue
from naravard.data import fetch
from naravard.errors import NaravardError
from naravard.sources import pxweb, scb
from naravard.sources.answer import SourceError
from naravard.sources.client import Client, Patience
from naravard.sources.questions import read_requests

#: Published values of a small table, by region, sex and year. 0980 is a municipality.
HEADS = {
    ("00", "1", "2023"): 5300, ("00", "1", "2024"): 5310,
    ("00", "2", "2023"): 5250, ("00", "2", "2024"): 5261,
    ("09", "1", "2023"): 30, ("09", "1", "2024"): "..",
    ("09", "2", "2023"): 31, ("09", "2", "2024"): 32,
    ("0980", "1", "2023"): 7, ("0980", "1", "2024"): 7,
    ("0980", "2", "2023"): 7, ("0980", "2", "2024"): 7,
}  # fmt: skip
SEXES = {"1": "män", "2": "kvinnor"}
SMALL = """
["small"]
title = "Small"
table = "TAB1"
unit = "persons"
regions = ["00", "09"]
sexes = ["T", "K", "M"]
adds_up = true
series = { "scb:heads" = {} }
"""


def small(total: str | None = None, **changes) -> FakeTable:
    """The small table; with a code for both sexes together that is one more than their sum."""

    def value(region, sex, content, year):
        if sex != total:
            return HEADS[region, sex, year]
        both = [HEADS[region, s, year] for s in SEXES]
        return ".." if ".." in both else sum(both) + 1

    variables = {
        "Region": ("region", {"00": "Riket", "09": "Gotlands län", "0980": "Gotland"}, True),
        "Kon": ("kön", {**SEXES, **({total: "totalt"} if total else {})}, True),
        "ContentsCode": ("tabellinnehåll", {"X1": "Antal"}, False),
        "Tid": ("år", {"2023": "2023", "2024": "2024"}, False),
    }
    return FakeTable("Antal", [(code, *rest) for code, rest in variables.items()], value, **changes)


@pytest.fixture
def fake():
    with FakeScb() as server:
        yield server


def read(text: str, folder: Path) -> dict:
    """Read requests as if they stood in the package."""
    file = folder / "scb.toml"
    file.write_text(text, "utf-8")
    return read_requests(file, scb.Wanted)


@pytest.fixture
def client(fake):
    with Client(scb.NAME, fake.base, pause=0, patience=Patience(2, 5, 0.01)) as client:
        yield client


@pytest.fixture
def want(fake, monkeypatch, tmp_path):
    """Ask the small table for what a text says instead of the package's own requests."""

    def use(text: str = SMALL) -> FakeTable:
        found = read(text, tmp_path)
        monkeypatch.setattr(scb, "wanted", lambda: found)
        return fake.tables.setdefault("TAB1", small())

    return use


def one(name, client):
    [(asked, result)] = scb.ask([name], client)
    assert asked == name
    return result


def answer(name, client):
    result = one(name, client)
    assert not isinstance(result, SourceError), result
    result.text()  # its own checks pass
    return result


def refused(name, client) -> str:
    result = one(name, client)
    assert isinstance(result, SourceError)
    assert "\n" not in str(result)
    return str(result)


def people(table, region, year, ages):
    """Men and women of some ages, whatever their civil status."""
    return [
        sum(table.value(region, c, age, sex, "A1", year) for c in ("OG", "G") for age in ages)
        for sex in "12"
    ]


def heads(client):
    return values(answer("scb/small", client), "scb:heads")


def values(answer, series):
    return {(r.region, r.year, r.sex): r.value for r in answer.rows if r.series == series}


def test_requests_name_the_series_and_units_of_the_catalogue():
    sources = [i.source for i in catalogue().indicators.values() if i.source]
    for name in scb.datasets():
        for source in (s for s in sources if s.dataset == name):
            request = scb.wanted()[name]
            assert source.series in request.series, source
            assert source.unit == request.unit


def test_population_by_county_and_sex_for_all_years(fake, client):
    found = answer("scb/population", client)
    assert {r.region for r in found.rows} == set(CODES)
    assert len(found.rows) == 22 * 3 * 3
    got = values(found, "scb:population")
    table = fake.tables["TAB638"]
    every_age = [*map(str, range(100)), "100+"]
    for region, year in itertools.product(("00", "09", "14"), ("2022", "2024")):
        men, women = people(table, region, year, every_age)
        assert [got[region, year, s] for s in "MKT"] == [str(men), str(women), str(men + women)]
    assert {r.unit for r in found.rows} == {"persons, 31 December"}
    assert found.licence == "CC0"
    assert found.sources == [
        ("SCB, statistikdatabasen, tabell TAB638", f"{scb.BASE}/tables/TAB638")
    ]
    assert [r.url.split("?")[0].rsplit("/", 1)[1] for r in found.requests] == ["metadata", "data"]
    assert "'Civilstand' (civilstånd)" in found.remarks[0]


def test_population_by_age_is_one_answer_with_three_series(fake, client):
    found = answer("scb/population_by_age", client)
    table = fake.tables["TAB638"]
    for lowest in (20, 65, 80):
        got = values(found, f"scb:population_{lowest}plus")
        assert len(got) == 22 * 3 * 3
        older = [*map(str, range(lowest, 100)), "100+"]
        for region in ("01", "09"):
            men, women = people(table, region, "2023", older)
            expected = [str(men), str(women), str(men + women)]
            assert [got[region, "2023", sex] for sex in "MKT"] == expected
    row = next(r for r in found.rows if r.series == "scb:population_80plus" and r.sex == "T")
    assert row.precision == "sum of 42 published values"  # 80, 81 … 99 and 100+, men and women
    asked = fake.queries[0]["valueCodes[Alder]"]
    assert "tot" not in asked.split(",") and "100+" in asked.split(",")


@pytest.mark.parametrize("most", [300, 1100, 7000])
def test_a_query_is_split_below_the_limit_and_nothing_is_lost(fake, client, most):
    whole = answer("scb/population_by_age", client)
    fake.config["maxDataCells"] = most
    fake.asked.clear()
    split = answer("scb/population_by_age", client)
    assert split.text() == whole.text()
    assert len(fake.queries) == len(split.requests) - 1 >= 22 * 81 * 2 * 3 / most


def test_an_address_never_gets_too_long(fake, client):
    table = fake.tables["TAB638"]
    table.variables[-1][2].update({str(year): str(year) for year in range(1500, 1900)})
    table.value = lambda *at: 1
    found = answer("scb/population", client)
    assert len(found.rows) == 22 * 403 * 3
    assert len(found.requests) > 2
    assert max(len(r.url) for r in found.requests) < 2100


@given(sizes=st.lists(st.integers(1, 7), min_size=1, max_size=4), most=st.integers(1, 60))
def test_splitting_loses_and_doubles_no_cell(sizes, most):
    selection = {f"V{i}": [f"{c}" for c in range(size)] for i, size in enumerate(sizes)}
    parts = pxweb.split(selection, lambda s: pxweb.cells(s) <= most, list(selection)[::-1])
    got = [key for part in parts for key in itertools.product(*part.values())]
    assert sorted(got) == sorted(itertools.product(*selection.values()))
    assert all(pxweb.cells(part) <= most and list(part) == list(selection) for part in parts)


def test_a_query_that_cannot_be_split_is_refused():
    with pytest.raises(SourceError, match="a query of 1 cells is too large"):
        pxweb.split({"A": ["1", "2"]}, lambda s: False, ["A"])


def test_without_a_total_the_sexes_are_added_and_a_missing_part_makes_it_missing(
    fake, client, want
):
    want()
    found = answer("scb/small", client)
    # Gotland's municipality, 0980, is not asked for.
    assert [query["valueCodes[Region]"] for query in fake.queries] == ["00,09"]
    assert values(found, "scb:heads") == {
        ("00", "2023", "M"): "5300", ("00", "2023", "K"): "5250", ("00", "2023", "T"): "10550",
        ("00", "2024", "M"): "5310", ("00", "2024", "K"): "5261", ("00", "2024", "T"): "10571",
        ("09", "2023", "M"): "30", ("09", "2023", "K"): "31", ("09", "2023", "T"): "61",
        ("09", "2024", "M"): "", ("09", "2024", "K"): "32", ("09", "2024", "T"): "",
    }  # fmt: skip
    notes = {r.sex: r.note for r in found.rows if (r.region, r.year) == ("09", "2024")}
    assert notes == {"M": "missing at SCB: '..'", "K": "", "T": "1 of 2 parts missing at SCB: '..'"}


@pytest.mark.parametrize("code", ["1+2", "TOT", "TotSA"])
def test_a_published_total_goes_before_the_sum(fake, client, want, code):
    want()
    fake.tables["TAB1"] = small(total=code)
    got = heads(client)
    assert got["00", "2023", "T"] == "10551"  # one more than the sum, as published
    assert got["09", "2023", "T"] == "62"
    assert got["09", "2023", "M"] == "30"


def test_what_does_not_add_up_needs_a_total(fake, client, want):
    want(SMALL.replace("adds_up = true", ""))
    assert "'Kon' (kön) with '1' (män), '2' (kvinnor) has no total" in refused("scb/small", client)
    fake.tables["TAB1"] = small(total="TOT")
    assert heads(client)["09", "2023", "T"] == "62"


def test_a_national_index_keeps_its_decimals(fake, client, want):
    want("""
["consumer_price_index"]
title = "KPI"
table = "TAB2"
unit = "index, 1980=100, annual mean"
regions = ["00"]
series = { "scb:cpi" = {} }
""")
    published = {"2006": 284.22, "2007": 290.51, "2008": 300.5, "2009": 300}
    fake.tables["TAB2"] = FakeTable(
        "KPI",
        [
            ("Innehall", "tabellinnehåll", {"X": "KPI"}, False),
            ("Ar", "year", {year: year for year in published}, False),
        ],
        lambda content, year: published[year],
        role={"time": ["Ar"]},
    )
    assert values(answer("scb/consumer_price_index", client), "scb:cpi") == {
        ("00", "2006", "T"): "284.22", ("00", "2007", "T"): "290.51",
        ("00", "2008", "T"): "300.5", ("00", "2009", "T"): "300",
    }  # fmt: skip


def test_a_sum_of_decimals_is_exact(fake, client, want):
    want(SMALL.replace('["00", "09"]', '["00"]'))
    fake.tables["TAB1"].value = lambda region, sex, content, year: {"1": 0.1, "2": 0.2}[sex]
    assert heads(client)["00", "2023", "T"] == "0.3"


def test_values_may_come_sparse_and_with_one_status_for_all(fake, client, want):
    want()

    def sparse(data):
        data["value"] = {str(i): v for i, v in enumerate(data["value"]) if v is not None}
        data["status"] = "p"
        data["dimension"]["Tid"]["category"]["index"] = ["2023", "2024"]

    fake.spoil = sparse
    found = answer("scb/small", client)
    assert values(found, "scb:heads")["09", "2024", "K"] == "32"
    assert values(found, "scb:heads")["09", "2024", "M"] == ""
    assert {r.note for r in found.rows if r.value} == {"marked 'p' by SCB"}


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda data: data["value"].pop(), "the answer has 7 values for 8 cells"),
        (lambda data: data.update(value={"8": 1}), "a value lies outside the 8 cells"),
        (lambda data: data.update(value=["5300", *data["value"][1:]]), "not JSON-stat 2: value"),
        (lambda data: data.update(id="Region"), "not JSON-stat 2: id"),
        (lambda data: data.update(id=["Kon"]), "id, size and dimension do not fit together"),
        (
            lambda data: data["dimension"]["Region"]["category"].update(index={"00": 0, "26": 1}),
            "unknown Region '26' in the answer",
        ),
        (
            lambda data: data["dimension"]["Tid"]["category"]["index"].pop("2024"),
            "the codes of 'Tid' do not fit its size 2",
        ),
        (
            lambda data: data.update(id=["Region", "ContentsCode", "Tid"], size=[2, 1, 2]),
            "the answer lacks the variable 'Kon'",
        ),
    ],
)
def test_an_answer_that_is_not_what_was_asked_for_is_refused(fake, client, want, spoil, message):
    want()
    fake.spoil = spoil
    told = refused("scb/small", client)
    assert told.startswith("data of TAB1: ") and message in told


def test_an_error_of_the_publisher_is_told_with_its_title(fake, client, want):
    want(SMALL.replace("TAB1", "TAB404"))
    message = refused("scb/small", client)
    assert "status 404: Non-existent table" in message and "TAB404/metadata" in message
    # The metadata say that a variable may be left out, the publisher then refuses.
    table, ask = want(), fake.data

    def strict(asked, params):
        table.variables.append(("Typ", "typ", {"a": "a"}, False))
        return ask(asked, params)

    fake.data = strict
    assert "status 400: Missing selection" in refused("scb/small", client)


def test_one_data_set_s_fault_leaves_the_others(fake, client, want):
    want(SMALL.replace('["small"', '["other"') + SMALL.replace("TAB1", "TAB404"))
    results = dict(scb.ask(["scb/small", "scb/unknown", "scb/other"], client))
    assert isinstance(results["scb/small"], SourceError)
    assert "no request for 'scb/unknown'" in str(results["scb/unknown"])
    assert values(results["scb/other"], "scb:heads")["09", "2023", "T"] == "61"


def test_without_config_every_data_set_gets_the_reason(collection, fake, monkeypatch):
    fake.config = {"maxDataCells": "many"}
    monkeypatch.setenv("NARAVARD_SCB", fake.base)
    failed = fetch.run({"scb": scb.datasets()}).failed
    assert set(failed) == set(scb.datasets())
    assert all("maxDataCells" in reason for reason in failed.values())


def test_the_pause_is_taken_from_config_but_never_shortened(fake, client):
    fake.config |= {"maxCallsPerTimeWindow": 1000, "timeWindow": 10}
    client.pause = 0
    dict(scb.ask([], client))
    assert client.pause == 0.01
    client.pause = 0.5
    dict(scb.ask([], client))
    assert client.pause == 0.5


def test_a_variable_that_cannot_be_left_out_is_named_with_its_codes(fake, client, want):
    want()
    fake.tables["TAB1"].variables.insert(2, ("Typ", "typ av vård", {"a": "öppen"}, False))
    message = refused("scb/small", client)
    assert "variable 'Typ' (typ av vård) with 'a' (öppen) cannot be left out" in message


def test_a_further_variable_is_chosen_by_code_or_label(fake, client, want):
    table = want()
    table.variables.append(("Typ", "typ av vård", {"a": "öppen", "b": "sluten"}, False))
    table.value = lambda region, sex, content, year, kind: {"a": 10, "b": 20}[kind] + int(sex)
    for word, expected in (("b", "22"), ("öppen", "12")):
        want(SMALL.replace('" = {}', f'" = {{ where = {{ Typ = "{word}" }} }}'))
        assert heads(client)["09", "2023", "K"] == expected


def test_codes_that_the_table_lacks_are_named_with_the_closest(fake, client, want):
    want(SMALL.replace('"09"]', '"09", "08"]'))
    message = refused("scb/small", client)
    assert message.startswith("TAB1: variable 'Region' has no '08': did you mean '0")
    want(SMALL + 'where = { Tip = "1" }')
    assert refused("scb/small", client).startswith("TAB1: no variable 'Tip': did you mean 'Tid'")
    want(SMALL + 'where = { Kon = "1" }')
    assert refused("scb/small", client) == "TAB1: 'where' cannot choose 'Kon'"


def test_a_variable_is_found_by_label_and_two_of_a_label_are_refused(fake, client, want):
    table = want()
    table.variables[1] = ("Kon2", *table.variables[1][1:])
    assert heads(client)["09", "2023", "K"] == "31"
    table.variables.insert(2, ("Kon3", *table.variables[1][1:]))
    assert "'Kon2', 'Kon3' could each be 'Kon'" in refused("scb/small", client)


def test_months_are_refused(fake, client, want):
    table = want()
    table.variables[-1] = ("Tid", "månad", {"2024M01": "2024M01"}, False)
    assert "TAB1: '2024M01' is not a year" in refused("scb/small", client)


def test_a_total_is_never_summed_with_its_parts_and_a_code_never_twice(fake, client, want):
    text = SMALL.replace("TAB1", "TAB638").replace('unit = "', 'measure = "Folkmängd"\nunit = "')

    def ask_for(*ages):
        want(text.replace('"scb:heads" = {}', f'"scb:heads" = {{ ages = {list(ages)} }}'))

    table = fake.tables["TAB638"]
    ask_for("99 år", "100+", "tot")
    message = refused("scb/small", client)
    assert "age 'tot' (totalt ålder) is not an age or age group" in message
    ask_for("tot")
    assert heads(client)["09", "2023", "K"] == str(people(table, "09", "2023", ["tot"])[1])
    ask_for("99", "99 år", "100+")
    assert heads(client)["09", "2023", "M"] == str(people(table, "09", "2023", ["99", "100+"])[0])


BANDS = {"64": "64 år", "65": "65 år", "66": "66 år", "65-69": "65-69 år", "67+": "67+ år",
         "TOT": "totalt"}  # fmt: skip


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        (["65", "65-69"], "ages '65' and '65-69' overlap"),
        (["67+", "65-69"], "ages '65-69' and '67+' overlap"),
        (["64", "TOT"], "age 'TOT' (totalt) is not an age"),
    ],
)
def test_ages_that_count_people_twice_are_refused(codes, message):
    with pytest.raises(SourceError) as error:
        scb.check_parts(BANDS, codes, "x")
    assert message in str(error.value)


def test_ages_from_one_up_are_single_years_and_the_open_group_after_them():
    assert scb.from_age(BANDS, 65, "x") == ["65", "66", "67+"]
    scb.check_parts(BANDS, ["64", "65-69"], "x")
    # Codes as other clients have seen them in a later table.
    assert scb.from_age({"99": "99 år", "100+1": "100+ år"}, 99, "x") == ["99", "100+1"]
    for gap in (
        {"65": "65 år", "67+": "67+ år"},
        {"65": "65 år"},
        {"65+": "65+ år", "70": "70 år"},
    ):
        with pytest.raises(SourceError, match="no single years of age from 65"):
            scb.from_age(gap, 65, "x")


def test_a_data_set_without_a_table_lists_what_the_search_finds(fake, client):
    for i in range(7):
        fake.tables[f"TAB90{i}"] = small()
        fake.tables[f"TAB90{i}"].label = f"Konsumentprisindex {i}"
    message = refused("scb/consumer_price_index", client)
    assert "scb/consumer_price_index has no table yet" in message
    assert 'table = "…" in naravard/sources/scb.toml' in message
    assert "TAB900 (Konsumentprisindex 0)" in message and "TAB904" in message
    assert "TAB905" not in message
    assert "SCB finds none for 'hälsoräkenskaper'" in refused("scb/health_accounts", client)


def test_find_and_variables_show_what_there_is(fake, client):
    assert [tuple(found.model_dump().values()) for found in scb.find("folkmängden", client)] == [
        ("TAB638", fake.tables["TAB638"].label, "2022", "2024", "2025-02-21T07:00:00Z")
    ]
    assert scb.find("biodling", client) == []
    shown = [v.described(2) for v in scb.variables("TAB638", client)]
    assert shown[3] == "'Kon' (kön) with '1' (män), '2' (kvinnor)"
    assert shown[2] == "'Alder' (ålder) with '0' (0 år), '1' (1 år) and 100 more"


def test_changed_since_a_day(fake, client, want):
    names = ["scb/population", "scb/consumer_price_index"]
    day = datetime.date(2025, 2, 21)
    assert scb.changed(names, client, day) == set(names)
    assert scb.changed(names, client, day + datetime.timedelta(1)) == {"scb/consumer_price_index"}
    fake.tables["TAB638"].updated = None
    assert scb.changed(["scb/population"], client, day) == {"scb/population"}
    del fake.tables["TAB638"]
    assert scb.changed(["scb/population"], client, day) == {"scb/population"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("unit =", "units ="), "scb.toml: small: unit: Field required"),
        (('table = "TAB1"', ""), "give the table, or words to search for it"),
        (('{ "scb:heads" = {} }', "{}"), "a table needs at least one series"),
        (('"scb:heads" = {}', '"a" = {}, "b" = {}'), "'a' and 'b' ask for the same"),
        (('["00", "09"]', '["00", "0980"]'), "scb.toml: small: regions.1"),
        (("title", "title title"), "scb.toml: "),
        (('"scb:heads" = {}', '"a" = { ages = ["1"], age_from = 3 }'), "either ages or age_from"),
        (
            ('adds_up = true\nseries = { "scb:heads" = {} }', "series = { a = { age_from = 65 } }"),
            "a: ages are added up only with adds_up = true",
        ),
    ],
)
def test_a_wrong_request_is_named(tmp_path, change, message):
    with pytest.raises(NaravardError) as error:
        read(SMALL.replace(*change), tmp_path)
    assert message in str(error.value)
