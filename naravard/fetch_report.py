"""What a fetch tells its user."""

from __future__ import annotations

import datetime
import sys

from tqdm import tqdm

from naravard import fetch
from naravard.sources.client import Patience


def planned(work: dict[str, list[str]]) -> str:
    """Say what would be asked for, one publisher a paragraph."""
    lines = []
    for source, datasets in work.items():
        lines.append(f"{fetch.module(source).NAME}, {fetch.address(source)}: {len(datasets)}")
        lines += [f"  {dataset}" for dataset in datasets]
    return "\n".join(lines)


def run(
    work: dict[str, list[str]], since: datetime.date | None, patience: Patience
) -> fetch.Fetched:
    """Fetch with a bar on a terminal; parameters as of `naravard.fetch.run`."""
    total = sum(map(len, work.values()))
    with tqdm(total=total, unit="data set", disable=not sys.stderr.isatty()) as bar:

        def on_answer(dataset: str) -> None:
            bar.set_postfix_str(dataset)
            bar.update()

        return fetch.run(work, since, patience, on_answer)


def as_text(result: fetch.Fetched) -> str:
    """Say what came: new vintages, each with its remarks, and what is unchanged."""
    put = result.put
    lines = []
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


def failures(result: fetch.Fetched) -> str:
    """Name what failed: one sentence for each reason."""
    by_reason: dict[str, list[str]] = {}
    for dataset, reason in {**result.failed, **result.put.refused}.items():
        by_reason.setdefault(reason, []).append(dataset)
    lines = []
    for reason, datasets in by_reason.items():
        some = ", ".join(datasets[:3]) + (f" and {len(datasets) - 3} more" if datasets[3:] else "")
        lines.append(f"{some}: {reason}")
    lines.append("nothing of these was written: what was here before is unchanged")
    return "\n".join(lines)
