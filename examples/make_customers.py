"""Write the sample of a hundred invented customers: python examples/make_customers.py [--today DATE] [FILE].

examples/customers.csv is what this writes for 2026-11-23. With another day all dates move along, so that a
demonstration looks alive whenever it runs. The same day always gives the same file.
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from followup.files.sample import sample_csv

FIXED_TODAY = date(2026, 11, 23)


def main() -> None:
    """Write the file and say which."""
    parser = argparse.ArgumentParser(description="Write a sample of a hundred invented customers.")
    parser.add_argument("file", nargs="?", type=Path, default=Path(__file__).with_name("customers.csv"))
    parser.add_argument("--today", type=date.fromisoformat, default=FIXED_TODAY, help="YYYY-MM-DD")
    options = parser.parse_args()
    options.file.write_text(sample_csv(options.today), encoding="utf-8", newline="")
    parser.exit(message=f"{options.file}\n")


if __name__ == "__main__":
    main()
