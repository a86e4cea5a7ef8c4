"""Small facts about the data file itself, such as what was imported last."""

from __future__ import annotations

from followup.store.journal import Journal

_SETTING = "SELECT value FROM setting WHERE name = ?"
_SET = "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
_DROP = "DELETE FROM setting WHERE name = ?"


class Settings(Journal):
    """Named texts."""

    def setting(self, name: str) -> str | None:
        """The value of a setting, None when it has none."""
        row = self._first(_SETTING, (name,))
        return None if row is None else row["value"]

    def set_setting(self, name: str, value: str | None) -> None:
        """Record a setting; None removes it."""
        if value is None:
            self._change(_DROP, (name,))
        else:
            self._change(_SET, (name, value))
