"""The commands ``naravard data …``.

What they need is imported where it is used: help and completion are to start quickly.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from naravard.cli import terminal
from naravard.cli.options import INDICATOR_ID, Suggesting
from naravard.regions import BY_CODE

if TYPE_CHECKING:
    from naravard.data.fetch import Fetched
    from naravard.data.revisions import Cell, Difference, State

_KINDS = ("added", "gone", "revised")


@click.group("data", cls=Suggesting)
def data_commands():
    """Build, verify and inspect the data.

    \b
    naravard data status
    naravard data build
    naravard data fetch --dry-run
    """


@data_commands.command("build")
@click.option("--accept", is_flag=True,
              help="The change of content is meant: expect it from now on.")  # fmt: skip
def data_build(accept):
    """Build data/processed from data/raw; nothing is written unless every check passes.

    \b
    naravard data build            from the newest vintages
    naravard data build --accept   and expect this content from now on
    """
    from naravard.data.build import build

    began = time.perf_counter()
    built = build(accept)
    expected = built.expected == built.fingerprint
    note = "as expected" if expected else f"not the expected {(built.expected or 'none')[:12]}"
    click.echo(
        f"built {built.rows} observations in {time.perf_counter() - began:.1f} s, "
        f"fingerprint {built.fingerprint[:12]}, {note}"
    )
    if not expected:
        click.echo(
            "if figures or catalogue were changed on purpose, run `naravard data build --accept`",
            err=True,
        )


@data_commands.command("verify")
def data_verify():
    """Compare raw files with their checksums and the processed data with their fingerprint.

    Ends with 1 if something is not as recorded.

    \b
    naravard data verify
    """
    from naravard.data import build, load, processed, raw

    problems = raw.problems()
    package = processed.recorded()
    if package is None:
        problems.append("data/processed: not built: run `naravard data build`")
    else:
        resource = package["resources"][0]
        if build.fingerprint(load.table()) != resource["fingerprint"]:
            problems.append(
                "data/processed/observations.parquet: its content is not the recorded one: "
                "run `naravard data build`"
            )
        now = {path: f"sha256:{entry.sha256}" for path, entry in raw.manifest().items()}
        stale = [p for p, digest in resource["built_from"].items() if now.get(p) != digest]
        problems += [f"data/processed was built from another data/raw/{p}" for p in stale]
    if problems:
        click.echo("\n".join(problems), err=True)
        sys.exit(1)
    click.echo(f"{len(raw.manifest())} raw files and the processed data are as recorded")


@data_commands.command("status")
def data_status():
    """Show what is here, from when, and what is missing.

    \b
    naravard data status
    """
    from naravard.catalogue import catalogue
    from naravard.data import load, processed, raw
    from naravard.data.availability import stored

    table = load.table()
    line = "{:36} {:10} {:>11} {:>8} {:>7} {:>8}"
    click.echo(line.format("indicator", "vintage", "years", "regions", "values", "missing"))
    for id, entry in catalogue().indicators.items():
        if processed.awaiting(id):
            click.echo(f"{id:36} {'not built' if stored(entry) else 'not fetched'}")
            continue
        rows = table[(table["indicator"] == id) & (table["sex"] == "T")]
        known = rows.dropna(subset=["value"])
        years = f"{known['year'].min()}–{known['year'].max()}" if len(known) else "none"
        vintage = raw.newest(entry.source.dataset).vintage if entry.source else "computed"
        regions = known.loc[known["region"] != "00", "region"].nunique()
        missing = len(rows) - len(known)
        click.echo(line.format(id, vintage, years, regions, len(known), missing))
    click.echo("missing: years without a value between the first and the last, all 22 regions")


@data_commands.command("register")
@click.argument("path")
@click.option("--title", required=True, help="What the file holds.")
@click.option("--licence", required=True, help="Under which terms.")
@click.option("--obtained", required=True, help="How it came here.")
@click.option("--accessed", required=True, help="When, YYYY-MM-DD.")
@click.option("--source", nargs=2, multiple=True, metavar="TITLE URL",
              help="A source of a file without observations; URL may be empty.")  # fmt: skip
def data_register(path, title, licence, obtained, accessed, source):
    """Record a new raw file, PATH relative to data/raw, in the manifest.

    The terms of the publisher go with it: see docs/data.md.

    \b
    naravard data register kolada/U79092/2026-12-01.csv --title "Readmissions" \\
      --licence "Kolada: free use with source" --obtained "typed by hand" --accessed 2026-12-01
    """
    from naravard.data.raw import register

    terms = {"title": title, "licence": licence, "obtained": obtained, "accessed": accessed}
    entry = register(path, **terms, sources=source)
    click.echo(f"recorded data/raw/{entry.path} ({entry.bytes} bytes, sha256 {entry.sha256[:12]})")


@data_commands.command("fetch")
@click.option("--source", "-s", multiple=True,
              help="kolada, scb, socialstyrelsen, vardenisiffror; all if none.")  # fmt: skip
@click.option("--indicator", "-i", multiple=True, type=INDICATOR_ID,
              help="All that the sources have if not given.")  # fmt: skip
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE",
              help="Only what a publisher has changed since, where it can say.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Say what would be asked for; ask nothing.")
@click.option("--attempts", type=click.IntRange(1), default=5, show_default=True,
              help="Of each request.")  # fmt: skip
@click.option("--timeout", type=click.FloatRange(0, min_open=True), default=30, show_default=True,
              metavar="SECONDS", help="Without a sign of life from the publisher.")  # fmt: skip
def data_fetch(source, indicator, since, dry_run, attempts, timeout):
    """Ask the publishers for what the catalogue needs and build from it.

    What comes is checked and added as a new vintage under data/raw; what fails is named, and
    nothing of it is written. Ends with 0 if everything is in, 1 if something failed, 2 on bad
    input, 130 on Ctrl-C; the next fetch goes on where an interrupted one stopped.

    \b
    naravard data fetch                                   everything
    naravard data fetch --dry-run                         what would be asked for
    naravard data fetch --source kolada --since 2026-01-01
    naravard data fetch --indicator readmission_30d_65plus
    """
    from tqdm import tqdm

    from naravard.data import fetch
    from naravard.sources.client import Patience

    work = fetch.plan(source, indicator)
    if dry_run:
        for name, datasets in work.items():
            click.echo(f"{fetch.module(name).NAME}, {fetch.address(name)}: {len(datasets)}")
            click.echo("\n".join(f"  {dataset}" for dataset in datasets))
        return
    total = sum(map(len, work.values()))
    with tqdm(total=total, unit="data set", disable=not sys.stderr.isatty()) as bar:

        def on_answer(dataset: str) -> None:
            bar.set_postfix_str(dataset)
            bar.update()

        day = since.date() if since else None
        result = fetch.run(work, day, Patience(attempts, timeout), on_answer)
    click.echo(arrivals(result))
    if not result.complete:
        click.echo(failures(result), err=True)
        sys.exit(1)


def arrivals(result: Fetched) -> str:
    """Say what came: new vintages, each with its remarks, and what is unchanged."""
    put, lines = result.put, []
    for dataset, entry in put.new.items():
        lines.append(f"data/raw/{entry.path}: new, {entry.bytes} bytes")
        lines += [f"    {remark}" for remark in result.remarks.get(dataset, ())]
        if gone := put.gone.get(dataset):
            some = f"{len(gone)} values of the vintage before are gone, for instance {gone[0]}"
            lines.append(f"    {some}")
    lines += [f"{d}: unchanged since {vintage}" for d, vintage in put.unchanged.items()]
    if result.resumed:
        lines.append(f"{result.resumed} had come before an interruption and were not asked again")
    if result.not_changed:
        lines.append(f"{result.not_changed} not changed at the publisher since the date given")
    failed = len(result.failed) + len(put.refused)
    lines.append(f"{len(put.new)} new, {len(put.unchanged)} unchanged, {failed} failed")
    if put.new:
        lines.append("data/processed is built from them; `naravard render` makes the pages anew")
    return "\n".join(lines)


def failures(result: Fetched) -> str:
    """Name what failed: one sentence for each reason."""
    by_reason: dict[str, list[str]] = {}
    for dataset, reason in {**result.failed, **result.put.refused}.items():
        by_reason.setdefault(reason, []).append(dataset)
    lines = []
    for reason, datasets in by_reason.items():
        more = f" and {len(datasets) - 3} more" if datasets[3:] else ""
        lines.append(f"{', '.join(datasets[:3])}{more}: {reason}")
    return "\n".join([*lines, "nothing of these was written: what was here before is unchanged"])


@data_commands.command("add")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--indicator", "-i", required=True, type=INDICATOR_ID,
              help="What the file holds.")  # fmt: skip
@click.option("--fewer", is_flag=True, help="Values that are here and not in the file shall go.")
def data_add(file, indicator, fewer):
    """Take FILE, exported from Kolada, SCB or Socialstyrelsen or in the template, and build.

    For those who cannot use `naravard data fetch`. The file goes through the same checks and
    becomes a new vintage.

    \b
    naravard data add Kolada.xlsx --indicator readmission_30d_65plus
    """
    from naravard.data import fetch

    click.echo(fetch.add(file, indicator, fewer))


@data_commands.command("diff")
@click.argument("before", metavar="[A]", required=False)
@click.argument("after", metavar="[B]", required=False)
@click.option("--indicator", "-i", "id", metavar="ID", type=INDICATOR_ID,
              help="Only this indicator.")  # fmt: skip
@click.option("--most", type=click.IntRange(0), default=3, show_default=True,
              help="Of the largest revisions of each indicator.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Every value that differs, as JSON.")
def data_diff(before, after, id, most, as_json):
    """Show the values added, gone and revised between two states of the collection.

    A and B are days, YYYY-MM-DD, or YYYY-MM-DDTHHMMSS as in the name of a vintage: of each data
    set the newest vintage until then is compared. Without B it is the newest of all, without A
    the vintage before the newest. A vintage that the catalogue pins stands in both.

    \b
    naravard data diff                          what the newest vintages changed
    naravard data diff 2026-11-21               what changed since
    naravard data diff 2026-11-21 2026-12-31 --indicator readmission_30d_65plus
    """
    from naravard.catalogue import indicator
    from naravard.data import revisions

    if id is not None:
        indicator(id)  # before tables are built: a NaravardError if there is none
    pair = revisions.pair(before, after)
    found = revisions.compare(*revisions.tables(*pair))
    found = {key: one for key, one in found.items() if id in (None, key)}
    if as_json:
        terminal.echo_json(content(found, *pair))
    else:
        click.echo(as_text(found, *pair, most, id))


def as_text(
    found: dict[str, Difference], before: State, after: State, most: int, only: str | None = None
) -> str:
    """Write what differs, an indicator a paragraph with at most so many of its revisions.

    ``only`` is the one indicator that was asked for.
    """
    from naravard.catalogue import indicator
    from naravard.data.revisions import appeared, vintages
    from naravard.language import ranges
    from naravard.sentences.words import change

    names = {"newest": "the newest vintages", "previous": "the vintages before the newest"}
    old, new = (names.get(state.name, f"as of {state.name}") for state in (before, after))
    lines = [f"{only or 'all indicators'}, {old} → {new}"]
    if not only and (ids := appeared(before, after)):
        lines.append(f"without figures before: {', '.join(ids)}")
    for id, one in found.items():
        entry = indicator(id)
        pair = vintages(entry, before, after)
        origin = f"{entry.source.dataset}, {' → '.join(pair)}" if pair else "computed"
        counts = []
        for kind in _KINDS:
            cells = getattr(one, kind)
            years = f" ({ranges(cell.year for cell in cells)})" if cells else ""
            counts.append(f"{len(cells)} {kind}{years}")
        if one.beside:
            counts.append(f"{one.beside} with the same value but another interval, part or note")
        lines += ["", f"{id} ({origin})", f"  {', '.join(counts)}"]
        if one.revised[:most]:
            lines.append("  largest revisions:")
        for cell in one.revised[:most]:
            name = BY_CODE[cell.region].label("en")
            lines.append(f"    {name} {cell.year} {cell.sex}: {change(cell, entry, 'en')}")
    if not found:
        alone = all(before.files[d] == file for d, file in after.files.items())
        return "\n".join([*lines, f"nothing changed{': both have the same files' * alone}"])
    totals = [f"{sum(len(getattr(one, n)) for one in found.values())} {n}" for n in _KINDS]
    lines += ["", f"{', '.join(totals)}, in {len(found)} indicator{'s' * (len(found) > 1)}"]
    return "\n".join(lines)


def content(found: dict[str, Difference], before: State, after: State) -> dict:
    """Return every value that differs, and the vintages of both states, for programs."""
    from naravard.catalogue import indicator

    def cell(one: Cell) -> dict:
        keys = ("region", "year", "sex", "before", "after", "change", "relative")
        return {key: getattr(one, key) for key in keys}

    def state(one: State) -> dict:
        files = {dataset: file.vintage if file else None for dataset, file in one.files.items()}
        return {"name": one.name, "vintages": files}

    indicators = {
        id: {
            "unit": indicator(id).unit,
            **{kind: list(map(cell, getattr(one, kind))) for kind in _KINDS},
            "beside": one.beside,
        }
        for id, one in found.items()
    }
    return {"before": state(before), "after": state(after), "indicators": indicators}
