"""A pipe gets one uncut line for each item, the same columns for ever."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from followup.actions import results as r

Show = Callable[..., Any]


@pytest.mark.parametrize(
    ("name", "row"),
    [
        (
            "due",
            (
                "41|overdue|2026-03-11||Nordwind Logistik GmbH|Petra Lindner|phone|+49 40 5559812|recovery|learning"
                "|22|38|decaying|1 day late; problem open for 2 days|0|nordwind"
            ),
        ),
        (
            "list",
            (
                "nordwind|Nordwind Logistik GmbH|3|Reporting Suite|saas|learning|22|38|decaying||2026-03-07"
                "|2026-03-11|recovery|41|A|pilot|"
            ),
        ),
        ("promises", "2|broken|2026-03-11|||||acme|Acme Tooling|send the export guide"),
        ("concerns", "4|2026-03-09||major|product|acme|Acme Tooling|the export takes too long"),
        ("playbooks", "saas|Software subscription|moderate|22|12|shipped"),
        (
            "preview",
            (
                "2026-02-16|2026-02-14|2026-02-18|welcome_note|1|prevention|phone|learning|open"
                "|Catch the start of the dip and say plainly that it is normal."
            ),
        ),
        ("checked", "mine.yaml:12:5:|error|unknown key `chanel`|write `channel`"),
        ("history", "1|2026-02-16|contacted|good|phone|outbound|wants the monthly report in one day"),
        ("config", "me.name|Sam"),
    ],
)
def test_the_first_line_of_each_list(samples: Mapping[str, r.Result], show: Show, name: str, row: str) -> None:
    assert show(samples[name], kind="pipe").lines[0].split("\t") == row.split("|")


def test_one_line_for_each_item_and_nothing_else(samples: Mapping[str, Any], show: Show) -> None:
    for name in ("due", "list", "concerns", "playbooks"):
        assert len(show(samples[name], kind="pipe").lines) == len(samples[name].items)


def test_an_agreed_time_and_the_folded_ones_have_their_columns(samples: Mapping[str, r.Result], show: Show) -> None:
    rows = [line.split("\t") for line in show(samples["due"], kind="pipe").lines]
    assert rows[2][3] == "14:30"
    assert [row[14] for row in rows] == ["0", "2", "0", "0", "0"]


def test_an_empty_list_is_an_empty_output(samples: Mapping[str, r.Result], show: Show) -> None:
    shown = show(samples["nothing_due"], kind="pipe")
    assert (shown.text, shown.notes) == ("", "")


def test_notices_go_beside_the_data(show: Show, samples: Mapping[str, r.Result]) -> None:
    import dataclasses

    shown = show(dataclasses.replace(samples["due"], notices=("the plan may be a day old",)), kind="pipe")
    assert shown.notes == "Note: the plan may be a day old\n"
    assert "a day old" not in shown.text


def test_words_are_one_line_each(samples: Mapping[str, r.Result], show: Show) -> None:
    assert show(samples["written"], kind="pipe").lines == [
        "Acme Tooling (acme) is in, with Jane Doe.",
        "Next: Tue 2026-03-10, prevention by phone with Jane Doe (ID 12): 2 days late; mood is falling",
        "Dry run: nothing was changed.",
    ]


def test_asked_where_the_configuration_is_only_the_path_is_said(show: Show, samples: Mapping[str, r.Result]) -> None:
    path = r.ConfigView(today=samples["config"].today, path="/home/sam/config.toml")
    assert show(path, kind="pipe").text == "/home/sam/config.toml\n"
    assert show(path).text == "/home/sam/config.toml\n"
