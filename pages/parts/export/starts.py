"""What was measured of every start of a network, as tidy tables in one zip."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from core import INITIALIZERS, Result
from core.advice import Advice, InitializerOutcome
from pages.parts.export import numbers


def zip_advice(title: str, sentence: str, advice: Advice, written: Mapping[str, str]) -> bytes:
    """The zip; `written`: the page's settings by name, with what the numbers depend on besides."""
    searched = [
        (INITIALIZERS[name].label, rate, loss)
        for name, tried in advice.measured.searched.items()
        for rate, loss in tried.items()
    ]
    tables = [
        numbers.tabulate_rows("starts", map(_start_row, advice.starts)),
        numbers.tabulate_rows("search", searched),
    ]
    for name, columns in numbers.MEASURES.items():
        rows = pd.concat(
            [
                _tidy(result, columns, final, fold)
                for final, results in enumerate((advice.measured.results, advice.measured.finals))
                for fold, result in enumerate(results)
            ],
            ignore_index=True,
        )
        tables.append(numbers.Table(name, rows, numbers.KEYS | numbers.COLUMNS["rounds"] | columns))
    return numbers.zip_tables(title, sentence, [*tables, numbers.tabulate_rows("settings", written.items())])


def _start_row(start: InitializerOutcome) -> list[object]:
    numbered = (start.loss, start.low, start.high, start.ratio, start.accuracy, start.training_loss, start.seeds)
    at_start = (start.forward[1], start.backward[1], start.saturated, start.dead)
    return [start.name, start.label, start.rate, start.standing, *numbered, start.lost, *at_start]


def _tidy(result: Result, columns: Mapping[str, str], final: int, fold: int) -> pd.DataFrame:
    """The result's rows, with each start's learning rate, the round and the fold behind its name."""
    table = numbers.tidy(result, columns)
    rates = {variant.label: variant.learning_rate for variant in result.experiment.variants}
    table.insert(1, "learning_rate", table["variant"].map(rates))
    table.insert(2, "final", final)
    table.insert(3, "fold", fold)
    return table
