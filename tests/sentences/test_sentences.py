"""What a sentence says is what its result holds: properties over generated series.

Every number is read back out of the sentence, in the order in which it stands, and compared with
the result; so are the words for the direction.
"""

import re
from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import naravard as nv
from naravard.analysis.comparison import PriceChange
from naravard.analysis.contribution import LeaveOneOut
from naravard.catalogue import indicator, unit
from naravard.catalogue.model import Break
from naravard.language import NO_BREAK, THIN, opening, within
from naravard.regions import BY_CODE, CODES, NATION
from naravard.sentences.say import sentence

checked = settings(deadline=None, derandomize=True, max_examples=150)
LANGUAGES = st.sampled_from(["sv", "en"])
REGIONS = [code for code in CODES if code != NATION]
#: Indicators of different units and decimals: the typical value of each.
TYPICAL = {
    "readmission_30d_65plus": 17.0, "avoidable_inpatient_care": 800.0, "population": 400_000.0,
    "emergency_visits_80plus": 600.0, "primary_care_net_cost": 5000.0,
    "primary_care_cost_share": 20.0,
}  # fmt: skip
NUMBER = {
    "sv": re.compile(r"[+−]?(?:\d{1,3}(?:\u202f\d{3})+|\d+)(?:,\d+)?"),
    "en": re.compile(r"[+−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"),
}
MOVED = {"rising": {"sv": "steg", "en": "rose"}, "falling": {"sv": "sjönk", "en": "fell"}}


def bare(text: str, result, language: str) -> str:
    """The sentence without names that hold digits: indicator, unit, reasons, "95 %"."""
    entry = indicator(result.indicator)
    names = [within(entry.short_name[language]), "95-procentsintervall", "95% interval"]
    names += [unit(entry).change[language], unit(entry).name[language]]
    names += [b.reason[language] for b in entry.breaks]
    names += [opening(g.reason[language]) for g in entry.gaps]
    names.append(unit(entry).suffix[language].replace(" ", NO_BREAK))
    for name in names:
        text = text.replace(name, "")
    return text


def numbers(text: str, language: str) -> list[tuple[float, int]]:
    """Each number with its count of decimals, in order; "2016–2025" gives both years."""
    mark = "," if language == "sv" else "."
    found = []
    for one in NUMBER[language].findall(text):
        plain = one.replace(THIN if language == "sv" else ",", "")
        plain = plain.replace("−", "-").replace(",", ".")
        found.append((float(plain), len(one.partition(mark)[2])))
    return found


def assert_says(text: str, expected: list[float], result, language: str) -> None:
    """The numbers of a sentence are those expected, rounded to the decimals shown."""
    text = bare(text, result, language)
    found = numbers(text, language)
    assert len(found) == len(expected), (text, expected)
    for (value, decimals), truth in zip(found, expected, strict=True):
        assert abs(value - truth) <= 0.5 * 10.0**-decimals + 1e-6, (text, value, truth)
    assert not re.search(r"-\d", text), "a minus is U+2212"
    assert not re.search(r"\d{5}", text), "thousands are set apart"
    assert not re.search(r"[+−]0(?:[.,]0+)?(?![\d.,])", text), "zero has no sign"
    wrong = r"\d\.\d|\d,\d{3}\b(?=\d)|\d[ \u00a0]\d{3}\b" if language == "sv" else (
        r"\d,\d{1,2}\b|\d[ \u00a0\u202f]\d"
    )  # fmt: skip
    assert not re.search(wrong, text), text
    assert not re.search(r"\bnan\b|None(?! of)", text), text


def span(years) -> list[float]:
    return sorted({min(years), max(years)}) if len(years) else []


def bold(text: str) -> str:
    return re.match(r"\*\*(.+?)\*\*", text)[1]


@st.composite
def observations(draw, ids=tuple(TYPICAL), fewest=0, regions=1, code=None):
    """Rows of one indicator for some regions, on slopes with noise; years may be missing."""
    id = draw(st.sampled_from(ids))
    entry, level = indicator(id), TYPICAL[id]
    years = draw(st.lists(st.integers(2008, 2025), min_size=fewest, max_size=16, unique=True))
    code = code or draw(st.sampled_from([*CODES]))
    others = [one for one in REGIONS if one != code][: regions - 1]
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rise = draw(st.sampled_from([-0.04, -0.01, 0, 0, 0.01, 0.04])) * level
    step = draw(st.sampled_from([-0.3, 0, 0, 0.3])) * level
    noise = draw(st.sampled_from([0.002, 0.02, 0.1])) * level
    rows = []
    for one in [code, *others]:
        for year in years:
            value = level + rise * (year - 2016) + step * (year >= 2020)
            value = max(round(value + noise * generator.standard_normal(), entry.decimals), 0.0)
            rows.append((id, one, year, "T", value))
    rows.append((id, code, 2026, "T", np.nan))
    return pd.DataFrame(rows, columns=["indicator", "region", "year", "sex", "value"]), code


def rise(start, before, end, now) -> list[float]:
    return [before, start, now, end, 100 * (now / before - 1)]


def cut_off(result) -> list[float]:
    return [*span(result.left_out), result.cut.year] if result.cut else []


def fitted(fit) -> list[float]:
    return [fit.slope, fit.lower, fit.upper, len(fit.years)]


@checked
@given(st.one_of(observations(), observations(regions=12, fewest=6)), LANGUAGES)
def test_trend(generated, language):
    rows, code = generated
    result = nv.trend(rows, code)
    text = sentence(result, language)
    moved = result.verdict
    for verdict, word in MOVED.items():
        assert (word[language] in bold(text).split()) == (moved == verdict)
    if moved == "no data":
        return
    if result.full is None:
        total = [len(result.years) + len(result.left_out)] if result.cut else []
        expected = [len(result.years), *total, *span(result.years), 6, result.last,
                    max(result.years)]  # fmt: skip
        assert_says(text, expected + cut_off(result), result, language)
        return
    full, without = result.full, result.without_pandemic
    assert (full.lower > 0) - (full.upper < 0) == {"rising": 1, "falling": -1}.get(full.verdict, 0)
    if moved in ("rising", "falling"):
        assert (full.slope > 0) == (moved == "rising")
        assert without.verdict == full.verdict == moved
        polarity = indicator(result.indicator).polarity
        wanted = {"sv": "i önskad riktning", "en": "in the desired direction"}[language]
        assert (wanted in text) == (polarity == {"rising": "up", "falling": "down"}[moved])
    zero = {"sv": "Intervallet rymmer noll", "en": "interval includes zero"}[language]
    assert (zero in text) == (full.lower <= 0 <= full.upper)
    expected = [*span(result.years), result.first, min(result.years), result.last,
                max(result.years), *fitted(full)]  # fmt: skip
    if result.remaining != len(result.years):
        expected += [2020, 2021] + (fitted(without) if without else [result.remaining])
    assert_says(text, expected + cut_off(result), result, language)


@checked
@given(st.one_of(observations(), observations(regions=12, fewest=12)), LANGUAGES)
def test_interrupted(generated, language):
    rows, code = generated
    result = nv.interrupted(rows, code)
    text = sentence(result, language)
    if result.verdict == "no data":
        return
    head = bold(bare(text, result, language))
    body = text[text.index(".**") :]
    assert {value for value, _ in numbers(head, language)} <= {2020}
    assert result.before + result.after == len(result.years)
    if result.level is None:
        assert min(result.before, result.after) < 4
        expected = [result.before, 2020, result.after, 2020, 4]
        assert_says(body, expected + cut_off(result), result, language)
        return
    up, down, more, less = {
        "sv": ("hoppade uppåt", "hoppade nedåt", "ökade", "minskade"),
        "en": ("stepped up", "stepped down", "increased", "decreased"),
    }[language]
    step, turn = result.level, result.slope_change
    assert (up in head) == ("level" in result.verdict and step.lower > 0)
    assert (down in head) == ("level" in result.verdict and step.upper < 0)
    assert (more in head) == ("slope" in result.verdict and turn.lower > 0)
    assert (less in head) == ("slope" in result.verdict and turn.upper < 0)
    assert {"sv": "skilja från pandemin", "en": "told from the pandemic"}[language] in body
    expected = [2020, step.value, min(result.years), 2019, step.lower, step.upper, result.slope,
                turn.value, turn.lower, turn.upper, max(result.years), result.before, 2020,
                result.after, 2020, 2020]  # fmt: skip
    assert_says(body, expected + cut_off(result), result, language)


@checked
@given(observations(regions=21, fewest=1), LANGUAGES, st.booleans())
def test_latest(generated, language, national):
    rows, code = generated
    if national:
        rows = pd.concat([rows, rows[rows["region"] == code].assign(region=NATION)])
        rows = rows.drop_duplicates(["region", "year"])
    result = nv.latest(rows, code)
    text = sentence(result, language)
    own = [] if code == NATION or result.value is None else [result.value]
    nation = [] if result.nation is None else [result.nation]
    values = result.regions
    expected = [result.year, *own, *nation, len(values), values.min(), values.max()]
    assert_says(text, expected, result, language)


@settings(checked, max_examples=50)
@given(observations(regions=14, fewest=6), LANGUAGES)
def test_region_slopes(generated, language):
    rows, code = generated
    result = nv.region_slopes(rows, code)
    text = sentence(result, language)
    if result.model is None:
        assert_says(text, [], result, language)
        return
    table = result.model.table
    for one, differs in table["differs"].items():
        assert (BY_CODE[one].name(language) in bold(text)) == differs
    count = [] if table["differs"].any() else [len(table)]
    expected = [*count, *span(result.years), result.model.slope]
    if code in table.index:
        expected += list(table.loc[code, ["ols", "gap", "gap_lower", "gap_upper"]])
    assert_says(text, expected, result, language)


@checked
@given(
    st.sampled_from(REGIONS), st.sampled_from(["named_gp_registered", "continuity_index_gp"]),
    st.lists(st.tuples(st.integers(2015, 2025), st.integers(0, 1000)), max_size=4,
             unique_by=lambda p: p[0]),
    st.lists(st.integers(0, 1000), max_size=5), LANGUAGES,
)  # fmt: skip
def test_against_target(code, id, own, others, language):
    entry = indicator(id)
    targets = nv.load_indicator(entry.target.indicator)
    others = zip([c for c in REGIONS if c != code], others, strict=False)
    # Values that are printed: percent with a decimal, or an index above zero.
    scale = 10.0 if entry.target.kind == "level" else 1000.0
    cells = [(code, y, max(v, 1) / scale) for y, v in sorted(own)]
    cells += [(c, 2023, max(v, 1) / scale) for c, v in others]
    if not cells:
        return
    rows = pd.DataFrame(cells, columns=["region", "year", "value"]).assign(indicator=id, sex="T")
    result = nv.against_target(rows, targets, code)
    text = sentence(result, language)
    values = result.regions
    if len(values) == 1:
        around = [values.iloc[0], *span(result.years)]
    else:
        reach = (values >= result.target).sum()
        around = [len(values), *span(result.years), reach, values.min(), values.max()]
    if result.last is None or (result.kind == "growth" and result.growth is None):
        assert_says(text, around if len(values) else [], result, language)
        return
    if result.kind == "growth":
        expected = [*rise(*result.first, *result.last), result.target, result.lower, result.upper]
        assert_says(text, expected, result, language)
        return
    year, value = result.last
    sides = {"sv": ("över", "under"), "en": ("above", "below")}[language]
    assert (sides[0] in bold(text).split()) == (result.reached is True)
    assert (sides[1] in bold(text).split()) == (result.reached is False)
    gap = [] if result.reached is None else [abs(value - result.target)]
    assert_says(text, [value, year, *gap, result.target, result.target_year, *around], result,
                language)  # fmt: skip


@checked
@given(
    st.sampled_from(["readmission_30d_65plus", "primary_care_cost_share"]),
    st.integers(0, 1000), st.integers(0, 1000), LANGUAGES,
)  # fmt: skip
def test_between(id, first, last, language):
    entry = indicator(id)
    first, last = first / 10**entry.decimals, last / 10**entry.decimals
    rows = pd.DataFrame({"year": [2021, 2023], "value": [first, last]})
    result = nv.between(rows.assign(indicator=id, region="03", sex="T"), "03", 2021, 2023)
    change = last - first
    expected = [first, 2021, last, 2023, change, result.lower, result.upper]
    text = sentence(result, language)
    assert_says(text, expected, result, language)
    hides = {"sv": "döljer", "en": "hides"}[language] in text
    assert hides == (abs(change) <= 2 * entry.rounding + 1e-9)


@checked
@given(
    st.lists(st.tuples(*[st.floats(10, 30)] * 3), min_size=2, max_size=8),
    st.sampled_from([c for c in REGIONS if c != "09"]), LANGUAGES,
)  # fmt: skip
def test_leave_one_out(shares, code, language):
    columns = ["published", "all_regions", "without"]
    table = pd.DataFrame(shares, columns=columns, index=range(2019, 2019 + len(shares)))
    result = LeaveOneOut("primary_care_cost_share", code, table, ("09",))
    gap = table["all_regions"] - table["without"]
    year = gap.abs().idxmax()
    first, last = table.iloc[0], table.iloc[-1]
    text = sentence(result, language)
    raises, lowers = {"sv": ("höjer", "sänker"), "en": ("raises", "lowers")}[language]
    assert (raises in text) == (gap[year] > 0) and (lowers in text) == (gap[year] <= 0)
    expected = [first["without"], table.index[0], last["without"], table.index[-1],
                first["all_regions"], last["all_regions"], year, abs(gap[year])]  # fmt: skip
    assert_says(text, expected, result, language)


money = partial(st.floats, 100, 2_000_000)


@checked
@given(
    money(), money(), st.one_of(st.none(), st.tuples(money(), money())), st.booleans(), LANGUAGES
)
def test_price_change(before, now, fixed, broken, language):
    reason = {"sv": "nytt konto", "en": "new account"}
    result = PriceChange(
        indicator="primary_care_net_cost",
        region="03",
        price_year=2023,
        current=((2019, before), (2024, now)),
        fixed=((2019, fixed[0]), (2023, fixed[1])) if fixed else (),
        without_index=(2024,),
        breaks=(Break(regions=("*",), year=2022, reason=reason),) if broken else (),
    )

    expected = rise(2019, before, 2024, now)
    if fixed:
        expected += [2023, *rise(2019, fixed[0], 2023, fixed[1])]
    expected += [2022] * broken + [2024]
    assert_says(sentence(result, language), expected, result, language)


def test_a_changed_number_or_word_is_noticed():
    rows = nv.load_indicator("readmission_30d_65plus")
    result = nv.trend(rows, "24")
    text = sentence(result, "sv")
    expected = [*span(result.years), result.first, 2016, result.last, 2025, *fitted(result.full),
                2020, 2021, *fitted(result.without_pandemic)]  # fmt: skip
    assert_says(text, expected, result, "sv")
    for wrong in (text.replace("−0,", "−1,", 1), text.replace("−0,", "−0.", 1),
                  text.replace("−", "-", 1), text.replace("2025", "2024", 1)):  # fmt: skip
        with pytest.raises(AssertionError):
            assert_says(wrong, expected, result, "sv")
