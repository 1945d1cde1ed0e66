"""The commands ``naravard data …``."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from naravard.cli_group import Suggesting
from naravard.completing import INDICATOR_ID


@click.group(cls=Suggesting)
def data():
    """Build, verify and inspect the data.

    \b
    naravard data status
    naravard data build
    naravard data fetch --dry-run
    """


@data.command("build")
@click.option(
    "--accept", is_flag=True, help="The change of content is meant: expect it from now on."
)
def data_build(accept):
    """Build data/processed from data/raw; nothing is written unless every check passes.

    \b
    naravard data build            from the newest vintages
    naravard data build --accept   and expect this content from now on
    """
    from naravard.build import build

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


@data.command("verify")
def data_verify():
    """Compare raw files with their checksums and the processed data with their fingerprint.

    Ends with 1 if something is not as recorded.

    \b
    naravard data verify
    """
    from naravard import build, load, processed, rawdata

    problems = rawdata.problems()
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
        now = {path: f"sha256:{entry.sha256}" for path, entry in rawdata.manifest().items()}
        stale = [p for p, digest in resource["built_from"].items() if now.get(p) != digest]
        problems += [f"data/processed was built from another data/raw/{p}" for p in stale]
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        sys.exit(1)
    click.echo(f"{len(rawdata.manifest())} raw files and the processed data are as recorded")


@data.command("status")
def data_status():
    """Show what is here, from when, and what is missing.

    \b
    naravard data status
    """
    from naravard import load, processed, rawdata
    from naravard.catalogue import catalogue
    from naravard.unfetched import stored

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
        vintage = rawdata.newest(entry.source.dataset).vintage if entry.source else "computed"
        regions = known.loc[known["region"] != "00", "region"].nunique()
        missing = len(rows) - len(known)
        click.echo(line.format(id, vintage, years, regions, len(known), missing))
    click.echo("missing: years without a value between the first and the last, all 22 units")


@data.command("register")
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
    from naravard.recording import register

    terms = {"title": title, "licence": licence, "obtained": obtained, "accessed": accessed}
    entry = register(path, **terms, sources=source)
    click.echo(f"recorded data/raw/{entry.path} ({entry.bytes} bytes, sha256 {entry.sha256[:12]})")


@data.command("fetch")
@click.option("--source", "-s", multiple=True,
              help="kolada, scb, socialstyrelsen, vardenisiffror, skr; all if none.")  # fmt: skip
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
    from naravard import fetch, fetch_report
    from naravard.sources.client import Patience

    work = fetch.plan(source, indicator)
    if dry_run:
        click.echo(fetch_report.planned(work))
        return
    patience = Patience(attempts, timeout)
    result = fetch_report.run(work, since.date() if since else None, patience)
    click.echo(fetch_report.as_text(result))
    if not result.complete:
        click.echo(fetch_report.failures(result), err=True)
        sys.exit(1)


@data.command("add")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--indicator", "-i", required=True, type=INDICATOR_ID,
              help="What the file holds.")  # fmt: skip
@click.option("--fewer", is_flag=True, help="Values that are here and not in the file shall go.")
def data_add(file, indicator, fewer):
    """Take FILE, a web export of Kolada, SCB or Socialstyrelsen or SKR's workbook, and build.

    For those who cannot use `naravard data fetch`. The file goes through the same checks and
    becomes a new vintage.

    \b
    naravard data add Kolada.xlsx --indicator readmission_30d_65plus
    """
    from naravard import add

    click.echo(add.add(file, indicator, fewer))


@data.command("diff")
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
    from naravard import differences_report, states
    from naravard.catalogue import indicator
    from naravard.differences import compare

    if id is not None:
        indicator(id)
    pair = states.pair(before, after)
    found = compare(*states.tables(*pair))
    if id is not None:
        found = {key: one for key, one in found.items() if key == id}
    if as_json:
        click.echo(differences_report.to_json(found, *pair))
    else:
        click.echo(differences_report.as_text(found, *pair, most, id))
