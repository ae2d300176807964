"""CPU seconds of imports, each in fresh interpreters, with and without the package."""

from __future__ import annotations

import json
import resource
import subprocess
import sys

IMPORTS = {
    "python": "pass",
    "mesa": "import mesa",
    "package": "import mesa_llm_city",
    "model": "from mesa_llm_city import CityModel",
}
REPEATS = 7


def cpu_s(program: str) -> float:
    """Return user and system seconds that a fresh interpreter spends on `program`."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", program], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


def main() -> None:
    """Print the least of several tries for each import, and the ratios to Mesa's."""
    least = {name: min(cpu_s(code) for _ in range(REPEATS)) for name, code in IMPORTS.items()}
    ratios = {
        f"{name}_to_mesa": round(least[name] / least["mesa"], 2) for name in ("package", "model")
    }
    seconds = {f"{name}_cpu_s": round(value, 3) for name, value in least.items()}
    print(json.dumps({"benchmark": "import_cost", "repeats": REPEATS, **seconds, **ratios}))


if __name__ == "__main__":
    main()
