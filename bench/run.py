"""Run the benchmarks of this folder, or those named: `make bench BENCH="one another"`."""

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def main(names: list[str]) -> int:
    scripts = sorted(path for path in FOLDER.glob("*.py") if path.name != "run.py")
    chosen = [path for path in scripts if not names or path.stem in names]
    if missing := set(names) - {path.stem for path in chosen}:
        print(f"No such benchmark: {', '.join(sorted(missing))}.", file=sys.stderr)
        return 1
    failed = 0
    for script in chosen:
        print(f"== {script.stem}", flush=True)
        failed += subprocess.run([sys.executable, "-m", f"bench.{script.stem}"], cwd=FOLDER.parent).returncode != 0
    print(f"{len(chosen) - failed} benchmarks ran, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
