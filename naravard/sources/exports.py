"""Read files that people have exported from Kolada, SCB or Socialstyrelsen, or filled in.

`SHAPES` says which tables are read; ``docs/fetch.md`` shows them and the template. Of the exports
only Socialstyrelsen's was seen: a title first, a row of headings with the years, a footer; the rest
is unverified. What can be read in two ways is refused.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from naravard.catalogue import Indicator, catalogue
from naravard.errors import NaravardError
from naravard.regions import BY_CODE, NATION, REGIONS, Region, fold, resolve
from naravard.sources import spreadsheet
from naravard.sources.answer import Answer, Row, SourceError, check
from naravard.sources.spreadsheet import Table, text

PRECISION = "as exported"
LICENCE = "As the publisher states it; exported from the publisher's site by hand"
SHAPES = (
    "no table of Kolada, SCB or Socialstyrelsen, which has a row of headings with Region, Län or "
    "Kommun and either the years or År and Värde: for other figures fill in the template "
    "region;år;kön;värde (docs/fetch.md)"
)
_KPI = re.compile(r"(?<![A-Za-z0-9])[NU]\d{5}(?![A-Za-z0-9])")
#: A heading that ends in a year; SCB's begin with what the values measure.
_DATED = re.compile(r"(?:(.*\S)\s+)?((?:19|20)\d\d)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_REGION = {
    "region", "regioner", "landsting", "lan", "kommun", "kommuner", "omrade", "omraden",
    "municipality", "county", "regionkod", "lanskod", "kommunkod", "omradeskod", "regionid",
    "kommunid", "omradesid",
}  # fmt: skip
_BESIDE = {"kod", "id", "namn", "och", "eller"}
_PERIOD = {"ar", "artal", "period", "year", "tid"}
_SEX = {"kon", "sex", "gender"}
_VALUE = {"varde", "value"}


def read_export(path: Path, indicator: Indicator) -> Answer:
    """Read an exported file, whose rows get the series and unit of an indicator's source.

    Raises SourceError, naming file, sheet and row: what cannot be read, or read in two ways.
    """
    if indicator.source is None:
        raise SourceError(f"{indicator.id} is computed from others: give a file of one of those")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror})") from error
    readings = spreadsheet.tables(content, path.name)
    _check_kpi(path.name, readings[0], indicator)
    columns = _find(readings, path.name)
    _check_name(columns.table, indicator)
    source = f"{indicator.publisher.sv}: {path.name}"
    answer = Answer(f"{indicator.name.sv}: {path.name}", LICENCE, [(source, "")])
    answer.rows = _rows(columns, indicator, source, answer.remarks)
    check(answer.rows, path.name)
    return answer


def _check_kpi(name: str, sheets: list[Table], indicator: Indicator) -> None:
    """Refuse a file that names another KPI of Kolada, and name the indicator that has it."""
    written = " ".join([name, *(w for t in sheets for r in range(len(t.rows)) for w in t.words(r))])
    own = set(_KPI.findall(f"{indicator.source.id} {indicator.source.series}"))
    strange = sorted(set(_KPI.findall(written)) - own)
    if strange:
        entries = catalogue().indicators.values()
        meant = [i.id for i in entries if i.source and i.source.id == strange[0]]
        raise SourceError(
            f"{name}: the file names {', '.join(strange)}, but {indicator.id} is "
            f"{' or '.join(sorted(own)) or 'no KPI of Kolada'}"
            f"{f': did you mean --indicator {meant[0]}?' if meant else ''}"
        )


def _check_name(table: Table, indicator: Indicator) -> None:
    """Refuse a table with a cell that is the name of another indicator and none of this one."""
    names = {fold(n): e.id for e in catalogue().indicators.values() for n in (e.name.sv, e.name.en)}
    said = {fold(word) for row in range(len(table.rows)) for word in table.words(row)}
    others = sorted({names[word] for word in said & set(names)} - {indicator.id})
    if others and not said & {fold(indicator.name.sv), fold(indicator.name.en)}:
        raise SourceError(f"{table.where()}: the file names {others[0]}, not {indicator.id}")


# Where the columns are: years as headings, or one column of years and one of values.
class Columns(NamedTuple):
    """The columns of a table and its row of headings, counted from 0; others are not used.

    Columns of values have their year and sex, empty where columns of their own have them.
    """

    table: Table
    header: int
    regions: list[int]
    year: int | None
    sex: int | None
    values: dict[int, tuple[str, str]]
    others: dict[int, str]
    municipal: bool


def _find(readings: list[list[Table]], name: str) -> Columns:
    """Find the one table of a file, in whichever sheet or with whichever delimiter."""
    for sheets in readings:
        found = [columns for table in sheets if (columns := _columns(table))]
        if len(found) > 1:
            names = ", ".join(f"'{columns.table.sheet}'" for columns in found)
            raise SourceError(f"{name}: the sheets {names} all hold a table: keep one")
        if found:
            return found[0]
    raise SourceError(f"{name}: {SHAPES}")


def _columns(table: Table) -> Columns | None:
    """Find the row of headings and sort its columns; None if no row is one of `SHAPES`."""
    for row, cells in enumerate(table.rows):
        labels = {column: label for column, cell in enumerate(cells) if (label := text(cell))}
        regions = [column for column, label in labels.items() if _is_region(label)]
        dated = {c: found for c, label in labels.items() if (found := _DATED.fullmatch(label))}
        periods, sexes, values = (
            [column for column, label in labels.items() if fold(label) in words]
            for words in (_PERIOD, _SEX, _VALUE)
        )
        if not regions or not (dated or (periods and values)):
            continue
        for columns, what in ((periods, "years"), (sexes, "sexes"), (values, "values")):
            if len(columns) > 1:
                raise SourceError(f"{table.where(row)}: two columns of {what}: keep one")
        if periods and dated:
            raise SourceError(f"{table.where(row)}: years are both in a column and in headings")
        above = _sexes_above(table, row, dated)
        chosen = {column: (found[2], above.get(column, "")) for column, found in dated.items()}
        _check_measures(table.where(row), dated, chosen)
        chosen = chosen or {values[0]: ("", "")}
        used = {*regions, *periods, *sexes, *chosen}
        return Columns(
            table, row, regions, next(iter(periods), None), next(iter(sexes), None), chosen,
            {column: label for column, label in labels.items() if column not in used},
            any("kommun" in fold(labels[column]) for column in regions),
        )  # fmt: skip
    return None


def _is_region(label: str) -> bool:
    words = set(fold(label).split())
    return bool(words & _REGION) and words <= _REGION | _BESIDE


def _sexes_above(table: Table, row: int, dated: Iterable[int]) -> dict[int, str]:
    """Read a row of sexes above the years, as Kolada has it; each is carried on to the right."""
    above = table.words(row - 1) if row else set()
    if not above or not all(spreadsheet.sex(word) for word in above):
        return {}
    found, sex = {}, ""
    for column in range(max(dated, default=-1) + 1):
        sex = spreadsheet.sex(table.cell(row - 1, column)) or sex
        found[column] = sex
    return found


def _check_measures(where: str, dated: dict[int, re.Match], chosen: dict) -> None:
    """Refuse columns that measure different things, the same twice, or one sex only."""
    by_measure = {}
    for found in dated.values():
        sexes = {spreadsheet.sex(word) for word in (found[1] or "").split()}
        if len(sexes & {"K", "M"}) == 1:
            raise SourceError(
                f"{where}: the heading '{found[0]}' names a sex: sexes are read from a column "
                "'Kön' or from a row above the years"
            )
        by_measure[fold(found[1] or "")] = found[0]
    if len(by_measure) > 1 or len(set(chosen.values())) < len(chosen):
        headings = by_measure.values() if len(by_measure) > 1 else (f[0] for f in dated.values())
        both = " and ".join(f"'{heading}'" for heading in list(headings)[:2])
        raise SourceError(f"{where}: the columns {both} both hold values: keep one")


# The rows below the headings.
class Entry(NamedTuple):
    """A cell of values, its row counted from 0, and what it is about."""

    region: str
    year: str
    sex: str
    cell: object
    row: int


def _rows(columns: Columns, indicator: Indicator, title: str, remarks: list[str]) -> list[Row]:
    """Turn a table into rows; ``remarks`` gets what was left out or taken for granted."""
    table, source = columns.table, indicator.source
    entries = _entries(columns, remarks)
    if not entries:
        raise SourceError(f"{table.where()}: no row names a region or Riket")
    spreadsheet.check_marks((entry.cell for entry in entries), table.where())
    _remark_columns(columns, entries, remarks)
    seen: dict[tuple[str, str, str], Entry] = {}
    rows = []
    for entry in entries:
        where, key = table.where(entry.row), (entry.region, entry.year, entry.sex)
        first = seen.setdefault(key, entry)
        if first is not entry:
            raise SourceError(f"{where}: {_twice(columns, first, entry)}")
        note = spreadsheet.missing(entry.cell) or ""
        value = "" if note else _value(entry.cell, indicator, where)
        rows.append(Row(source.series, *key, value, source.unit, PRECISION, title, note=note))
    return rows


def _value(cell: object, indicator: Indicator, where: str) -> str:
    in_percent = isinstance(cell, spreadsheet.Percent) or text(cell).endswith("%")
    if in_percent and indicator.unit != "percent":
        raise SourceError(f"{where}: '{text(cell)}' is in percent, but {indicator.id} is not")
    return spreadsheet.value(cell, where)


def _twice(columns: Columns, first: Entry, entry: Entry) -> str:
    """Say that two rows are about the same, and which column sets them apart."""
    said = f"region {entry.region}, {entry.year}, {entry.sex} again, after row {first.row + 1}"
    for column, label in columns.others.items():
        one, other = (columns.table.cell(at.row, column) for at in (first, entry))
        if one != other:
            return f"{said}: '{label}' is '{one}' and '{other}': export one of them"
    return said


def _remark_columns(columns: Columns, entries: list[Entry], remarks: list[str]) -> None:
    table = columns.table
    for column, label in columns.others.items():
        said = sorted({table.cell(entry.row, column) for entry in entries} - {""})
        if said:
            what = f"'{said[0]}' in all rows" if len(said) == 1 else "different things"
            remarks.append(f"the column '{label}' is not used; it says {what}")
    if columns.sex is not None or any(sex for _, sex in columns.values.values()):
        return
    above = " ".join(word for row in range(columns.header) for word in table.words(row))
    sexes = {"kvinnor", "man"} & {*fold(above).split()}
    if len(sexes) == 1:
        sex = "kvinnor" if "kvinnor" in sexes else "män"
        raise SourceError(
            f"{table.where()}: the title speaks of {sex}, but no column does: add a column 'Kön'"
        )
    remarks.append("the file names no sex: the values are taken as those of all")


def _entries(columns: Columns, remarks: list[str]) -> list[Entry]:
    """Find the values of the 22 regions; other areas are left out and counted."""
    table = columns.table
    below = range(columns.header + 1, len(table.rows))
    filled = {row for row in below if _is_filled(columns, row)}
    places = {
        column: Places((table.cell(row, column) for row in filled), columns.municipal)
        for column in columns.regions
    }
    entries: list[Entry] = []
    left_out: Counter[str] = Counter()
    name, place, sex = "", None, None
    for row in below:
        year, said = table.cell(row, columns.year), table.cell(row, columns.sex)
        if len(words := table.words(row)) == 1 and spreadsheet.sex(word := min(words)):
            raise SourceError(
                f"{table.where(row)}: '{word}' in a row of its own: export with a column 'Kön'"
            )
        if any(table.cell(row, column) for column in columns.regions):
            (name, place), sex = _place(table, places, row, row in filled), None
        elif not (_YEAR.fullmatch(year) or spreadsheet.sex(said)):
            name, place = "", None  # a footer, or a line between
        if place in (OTHER, None):
            left_out[name] += row in filled
            continue
        _check_width(columns, row)
        # SCB's workbooks write region and sex only in the first of their rows.
        sex = _sex(columns, row, said, sex)
        if columns.year is not None and not _YEAR.fullmatch(year):
            raise SourceError(f"{table.where(row)}: '{year}' is not a year: four digits are right")
        entries += [
            Entry(place, own_year or year, own_sex or sex, table.rows[row][column], row)
            for column, (own_year, own_sex) in columns.values.items()
        ]
    if left_out := +left_out:
        names = ", ".join(f"'{name}'" for name in list(left_out)[:3])
        remarks.append(
            f"left out, as municipalities or other areas: {len(left_out)} "
            f"({names}{', …' if len(left_out) > 3 else ''}), {left_out.total()} rows"
        )
    return entries


def _is_filled(columns: Columns, row: int) -> bool:
    """Whether a row holds values or marks for none; a footer that is cut into cells does not."""
    table = columns.table
    words = [word for column in columns.values if (word := table.cell(row, column))]
    whole = len(table.rows[row]) == len(table.rows[columns.header])
    marked = (spreadsheet.is_number(word) or spreadsheet.missing(word) for word in words)
    return any(marked) or (bool(words) and whole)


def _place(
    table: Table, places: dict[int, Places], row: int, filled: bool
) -> tuple[str, str | None]:
    """Find a row's name and region; all its columns must agree. Codes are surer than names."""
    cells = {column: word for column in places if (word := table.cell(row, column))}
    found: dict[str, str] = {}
    for column, word in sorted(cells.items(), key=lambda item: not item[1][:1].isdigit()):
        if OTHER in found.values():
            break  # a municipality's code goes before its name, which may be a region's too
        try:
            place = places[column].find(word)
        except NaravardError as error:
            if filled and not found:
                raise SourceError(f"{table.where(row)}: {error}") from error
            continue
        if place and place != OTHER and found and place not in found.values():
            names = " and ".join(f"'{name}'" for name in (*found, word))
            raise SourceError(f"{table.where(row)}: {names} are not the same region")
        if place:
            found[word] = place
    return list(cells.values())[-1], next(iter(found.values()), None)


def _sex(columns: Columns, row: int, word: str, before: str | None) -> str:
    """Return the sex that a row names, T if the table has no column of sexes."""
    if columns.sex is None:
        return "T"
    where = columns.table.where(row)
    sex = spreadsheet.sex(word) if word else before
    if not sex:
        raise SourceError(f"{where}: '{word}' is not a sex: T, K or M is right")
    if said := {own for _, own in columns.values.values()} - {"", sex}:
        raise SourceError(f"{where}: a value of {sex} and of {min(said)} at once")
    return sex


def _check_width(columns: Columns, row: int) -> None:
    rows, where = columns.table.rows, columns.table.where(row)
    line, width = rows[row], len(rows[columns.header])
    used = (*columns.regions, *columns.values, columns.year or 0, columns.sex or 0)
    if len(line) <= max(used):
        raise SourceError(f"{where}: cut short: {len(line)} cells instead of {width}")
    if any(text(cell) for cell in line[width:]):
        raise SourceError(
            f"{where}: {len(line)} cells, but the header has {width}: decimal commas must be in "
            "quotes where commas separate the cells"
        )


# Which region a row is about, by codes or names as publishers write them.
#: What is not a region: a municipality, a group, a part of the country.
OTHER = "other"
_CODED = re.compile(r"(\d{1,4})(?:[\s.:–-]+(\D.*))?")
_FOOTNOTE = re.compile(r"(?<=\w)\s*(?:\*+|[¹²³⁴⁵]|\s\d\)|\(\d\))+$")
_KOLADA_GROUP = re.compile(r"G\d+")
_GROUP = re.compile(r"(alla|samtliga|ovriga|region|kommun|grupp)")
#: Words by which a name says itself that a region or county is meant: "Region X", "X län".
_FORMAL = {"region", "lan", "landsting", "landstinget"}
_NAMES = [fold(name) for r in REGIONS for name in (r.short, r.name_sv, r.county_sv)]
#: Regions whose short name is a municipality's, too: the largest city of the county.
HOMONYMS = {fold(BY_CODE[code].short) for code in ("01", "03", "06", "08", "18")}


def _named(name: str) -> Region | None:
    """Find a region by its name; a footnote mark after it does not count."""
    try:
        return resolve(_FOOTNOTE.sub("", name.strip()))
    except NaravardError:
        return None


def _is_formal(name: str) -> bool:
    words = fold(name).split()
    return bool(_FORMAL & {*words}) or any(word.endswith("regionen") for word in words)


def _looks_like_region(name: str) -> bool:
    """Whether a name that is no region's seems to be meant as one, such as "Norbotten"."""
    # So near to a region's name no municipality's lies, but for those that are the same.
    close = difflib.get_close_matches(fold(name), _NAMES, n=1, cutoff=0.85)
    words = fold(name).split() or [""]
    ends = words[-1] in ("lan", "landsting") or words[-1].endswith("regionen")
    return bool(close) or ends or words[0] in ("region", "landstinget")


class Places:
    """Tell the regions of one column; how its names are written decides about "Uppsala".

    ``municipal`` says that the column's heading speaks of municipalities.
    """

    def __init__(self, names: Iterable[str], municipal: bool):
        coded = re.compile(f"{_CODED.pattern}|{_KOLADA_GROUP.pattern}")
        known = {name: _named(name) for name in names if name and not coded.fullmatch(name)}
        clear = {n for n, r in known.items() if r and r.code != NATION and fold(n) not in HOMONYMS}
        others = any(not r and not _GROUP.match(fold(name)) for name, r in known.items())
        self._formal = any(_is_formal(name) for name in clear)
        self._regions_only = not others and (not municipal or bool(clear))

    def find(self, cell: str) -> str | None:
        """Return a region's code, `OTHER`, or None if the cell names no place that is known.

        Raises NaravardError on a code or name that seems to be a region's but is not, a code and
        name that disagree, and "Uppsala" where it can be the region or the municipality.
        """
        if coded := _CODED.fullmatch(cell):
            return self._by_code(coded[1], coded[2] or "")
        if _KOLADA_GROUP.fullmatch(cell):
            return OTHER
        region = _named(cell)
        if region and fold(cell) in HOMONYMS:
            if self._formal:
                return OTHER
            if not self._regions_only:
                raise SourceError(
                    f"'{cell}' can be the region or the municipality: export with codes, or "
                    f"write '{region.name_sv}'"
                )
        if region is None and _looks_like_region(cell):
            resolve(cell)  # its message names the closest region
        return region.code if region else None

    @staticmethod
    def _by_code(digits: str, name: str) -> str:
        code = f"{int(digits):02d}"
        if int(digits) >= 100 and digits.zfill(4)[:2] in BY_CODE:
            return OTHER
        if code not in BY_CODE:
            raise SourceError(f"the code '{digits}' is no region's and no municipality's")
        other = _named(name) if name else None
        if other and other.code != code:
            raise SourceError(f"code '{digits}' is {BY_CODE[code].short}, but the name is '{name}'")
        return code
