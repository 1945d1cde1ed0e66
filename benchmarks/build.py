"""How long `naravard data build` takes with twice today's rows, from start to written table.

    python benchmarks/build.py

Every indicator is in the catalogue twice, in a copy of the collection; the second has its own rows,
checks and fingerprint. Modules are imported here too, since the command does that each time.
"""

import os
import shutil
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Print seconds of processor time, and the rows."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "data", Path(folder) / "data")
        os.environ["NARAVARD_ROOT"] = folder
        began = time.process_time()
        from naravard.catalogue import catalogue
        from naravard.data import build

        known = catalogue()
        imported = time.process_time()
        indicators = dict(known.indicators)
        for id, entry in known.indicators.items():
            indicators[f"{id}_again"] = entry.model_copy(update={"id": f"{id}_again"})
        table = build.observations(known.model_copy(update={"indicators": indicators}))
        with build.prepared(table):
            pass
        built = time.process_time()
        print(
            f"{len(table)} rows: modules and catalogue {imported - began:.2f} s, "
            f"build {built - imported:.2f} s, together {built - began:.2f} s"
        )


if __name__ == "__main__":
    main()
