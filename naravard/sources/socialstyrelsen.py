"""Socialstyrelsen's statistical database, https://sdb.socialstyrelsen.se.

A topic has variables (``{topic}/kon``), each a list of ``{id, kod, text}``; the figures are at
``{topic}/resultat/matt/1/diagnos/I50/…``, in pages. The ids of measure, age and diagnosis are
looked up by the texts in ``socialstyrelsen.toml``.

Built from other clients' notes and tried against an imitation only. Unverified: that the topic of
inpatient diagnoses has the variables ``matt, diagnos, region, alder, kon, ar`` under these names,
the texts of its measures and ages, and whether a row that is not there means none or withheld.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from naravard.catalogue.model import NonEmpty, Part
from naravard.regions import CODES
from naravard.sources.answer import PUBLISHED, SUPPRESSED, Answer, Request, Row, Shape, SourceError
from naravard.sources.client import Client
from naravard.sources.questions import each, one, read_requests

NAME = "Socialstyrelsen"
BASE = "https://sdb.socialstyrelsen.se/api/v1/sv"
PAUSE = 1.0
TITLE = "Socialstyrelsen, Statistikdatabasen"
LICENCE = (
    "Free use with the source named (Källa: Socialstyrelsen); the terms are the publisher's and "
    "must be checked there"
)
#: Rows on a page at most, a limit of the publisher.
PAGE = 5000
VARIABLES = ("matt", "diagnos", "region", "alder", "kon", "ar")
SEXES = {"T": "Båda könen", "K": "Kvinnor", "M": "Män"}
_NUMBER = re.compile(r"-?(\d+|\d{1,3}([ \u00a0\u202f]\d{3})+)(,\d+)?")


class Question(Part):
    """A table of the request file; the fields are explained there."""

    title: NonEmpty
    topic: NonEmpty
    measure: NonEmpty
    age: NonEmpty
    unit: NonEmpty
    diagnoses: tuple[NonEmpty, ...]
    since: int = 2005
    remarks: tuple[NonEmpty, ...] = ()


class _Value(Shape):
    """A value that a variable can have."""

    id: str
    text: str
    kod: str | None = None

    @property
    def code(self) -> str:
        return self.kod or self.id


class _Year(_Value):
    """Years are read by their ids: whether they have texts as well is not known."""

    text: str = ""


class _Figure(Shape):
    mattId: str
    diagnosId: str
    regionId: str
    alderId: str
    konId: str
    ar: str
    varde: Any


class _Page(Shape):
    sida: int
    sidor: int
    nasta_sida: str | None
    data: list[_Figure]


@cache
def _questions() -> dict[str, Question]:
    return read_requests(Path(__file__).with_suffix(".toml"), Question)


def datasets() -> list[str]:
    """Return the data sets that can be asked for."""
    return list(_questions())


def ask(datasets: Iterable[str], client: Client) -> Iterator[tuple[str, Answer | SourceError]]:
    """Ask for data sets; yield each with what came of it."""
    return each(datasets, _questions(), lambda dataset: _answer(dataset, client))


def _answer(dataset: str, client: Client) -> Answer:
    question = _questions()[dataset]
    source = (TITLE, f"{BASE}/{question.topic}")
    answer = Answer(question.title, LICENCE, [source], remarks=[*question.remarks])
    fixed, free, diagnoses = _look_up(question, client, answer)
    for code, diagnosis in diagnoses.items():
        fixed["diagnos"] = diagnosis.id
        ids = {**fixed, **{name: ",".join(many) for name, many in free.items()}}
        path = "/".join(f"{name}/{quote(ids[name], safe=',')}" for name in VARIABLES)
        series = f"{dataset.replace('/', ':')}:{code}"
        rows = []
        for where, page in _pages(client, f"{question.topic}/resultat/{path}", answer.requests):
            for figure in page.data:
                _check_asked(figure, where, fixed, free)
                key = free["region"][figure.regionId], figure.ar, free["kon"][figure.konId]
                value, note = _value(figure.varde, f"{where}: {series}, region {', '.join(key)}")
                rows.append(Row(series, *key, value, question.unit, PUBLISHED, *source, note))
        answer.rows += rows
        answer.remarks.append(f"{code}: '{diagnosis.text}'")
        if missing := math.prod(map(len, free.values())) - len(rows):
            answer.remarks.append(
                f"{code}: {missing} combinations of region, sex and year are not in the answer; "
                "whether that means none or withheld is not known"
            )
    return answer


def _look_up(
    question: Question, client: Client, answer: Answer
) -> tuple[dict[str, str], dict[str, dict[str, str]], dict[str, _Value]]:
    """Find ids by texts and codes: one each, many with what they mean in our columns, diagnoses."""
    topic, where = question.topic, f"{NAME}, {question.topic}"
    values = {name: _values(client, topic, name, answer.requests) for name in VARIABLES}
    texts = {name: {v.id: v.text for v in of.values()} for name, of in values.items()}
    measure = one(question.measure, texts["matt"], f"{where}/matt")
    age = one(question.age, texts["alder"], f"{where}/alder")
    regions = {v.id: v.code.zfill(2) for v in values["region"].values()}
    free = {
        "region": {id: code for id, code in regions.items() if code in CODES},
        "kon": {one(text, texts["kon"], f"{where}/kon"): sex for sex, text in SEXES.items()},
        "ar": {id: id for id in values["ar"] if id.isdecimal() and int(id) >= question.since},
    }
    if not free["region"] or not free["ar"]:
        years = f"no year from {question.since} on among the years"
        raise SourceError(f"{where}: no county code among the regions, or {years}")
    measure_text, age_text = texts["matt"][measure], texts["alder"][age]
    answer.remarks.append(f"measure: '{measure_text}'; age: '{age_text}'")
    if absent := [code for code in CODES if code not in regions.values()]:
        answer.remarks.append(f"not in the topic's list of regions: {', '.join(absent)}")
    diagnoses = {code: _diagnosis(code, values["diagnos"], where) for code in question.diagnoses}
    return {"matt": measure, "alder": age}, free, diagnoses


def _values(
    client: Client, topic: str, variable: str, requests: list[Request]
) -> dict[str, _Value]:
    """Ask which values a variable has, by id."""
    try:
        reply = client.get(f"{topic}/{variable}")
        shape = _Year if variable == "ar" else _Value
        found = shape.read_all(reply.json(), reply.request.url)
    except SourceError as error:
        raise SourceError(
            f"{error} (the values of '{variable}' in the topic '{topic}' were asked for)"
        ) from None
    requests.append(reply.request)
    return {value.id: value for value in found}


def _diagnosis(code: str, diagnoses: dict[str, _Value], where: str) -> _Value:
    """Find a diagnosis by its ICD-10 code: the id, the code, or the first word of the text."""
    for of in (lambda v: v.id, lambda v: v.code, lambda v: v.text.replace(":", " ").split(" ")[0]):
        found = [value for value in diagnoses.values() if of(value).upper() == code]
        if len(found) == 1:
            return found[0]
    raise SourceError(
        f"{where}/diagnos: {len(found)} of {len(diagnoses)} values are for the diagnosis '{code}', "
        "not one"
    )


def _pages(client: Client, path: str, requests: list[Request]) -> Iterator[tuple[str, _Page]]:
    """Ask for figures, page after page; yield the address and what is there."""
    link, params, seen = path, {"per_sida": PAGE, "sida": 1}, set()
    while link:
        reply = client.get(link, params)
        requests.append(reply.request)
        where, params = reply.request.url, None
        seen.add(where)
        page = _Page.read(reply.json(), where)
        if page.sida != len(seen):
            raise SourceError(f"{where}: page {page.sida} came where page {len(seen)} was due")
        yield where, page
        link = page.nasta_sida and next_page(page.nasta_sida, client.base)
        if link in seen:
            raise SourceError(f"{where}: the link to the next page leads back to {link}")
        if link and page.sidor == len(seen):
            raise SourceError(
                f"{where}: the last of {page.sidor} pages leads to a further one, {link}"
            )
    if page.sidor not in (len(seen), 0):
        raise SourceError(
            f"{where}: there were {len(seen)} pages, not {page.sidor} as 'sidor' says"
        )


def next_page(link: str, base: str) -> str:
    """Give a link to a page the scheme and host of ``base``; the publisher writes http://."""
    home, there = urlsplit(base), urlsplit(link)
    return urlunsplit((home.scheme, home.netloc, there.path, there.query, ""))


def _check_asked(row: _Figure, where: str, fixed: dict, free: dict) -> None:
    """Check that a row of the answer is one that was asked for."""
    for name, id in fixed.items():
        if (given := getattr(row, f"{name}Id")) != id:
            raise SourceError(f"{where}: a row has {name}Id '{given}', asked for was '{id}'")
    for name, given in (("region", row.regionId), ("kon", row.konId), ("ar", row.ar)):
        if given not in free[name]:
            raise SourceError(f"{where}: unknown {name} '{given}' in the answer")


def _value(given: object, where: str) -> tuple[str, str]:
    """Read "1 234,5" as 1234.5, "X" as suppressed; returns the value and a note."""
    text = "" if given is None else str(given).strip()
    if not text:
        return "", "no value in the answer"
    if text.upper() == "X":
        return "", f"{SUPPRESSED}: the publisher shows X"
    if not _NUMBER.fullmatch(text):
        raise SourceError(f"{where}: the value '{text}' is not a number with a decimal comma")
    return re.sub(r"[ \u00a0\u202f]", "", text).replace(",", "."), ""
