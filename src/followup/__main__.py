"""`python -m followup`: the same as the command `followup`."""

from __future__ import annotations

from followup.cli.main import run

if __name__ == "__main__":
    run()
