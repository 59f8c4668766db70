"""What was measured of every start of a network, as tidy tables in one zip."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from core import INITIALIZERS, Result
from core.advice import Advice, InitializerOutcome
from pages.parts.export import numbers

START = {
    "start": "the initializer, by its name in `core`",
    "variant": "its name as people write it",
    "learning_rate": "the best of its search, or below it where that diverged",
    "standing": "recommended, tied, behind, uncertain (over 5 % apart, perhaps by chance), stalled (no better than "
    "guessing), contrast (a pitfall) or diverged",
    "loss": "lowest on the validation set along the training, mean over the seeds; outside the final: the recommended "
    "one's there, times the ratio of both in the comparison; of classes: cross-entropy in nats",
    "low": "the recommended one's loss times the lower end of the ratio's 95 % interval, corrected for all comparisons",
    "high": "upper end of that interval",
    "ratio": "of the loss over the recommended one's",
    "accuracy": "share, 0 to 1, of the validation set that is classified rightly where the loss is lowest",
    "training_loss": "at the end, median over the seeds",
    "seeds": "of the final or, for starts that are not in it, of the comparison, whose the numbers before are",
    "lost": "seeds that diverged",
    "forward": "factor a hidden layer of the signal's root mean square at step 0, median over the seeds",
    "backward": "factor a hidden layer of the gradient's, going back",
    "saturated": "share, 0 to 1, of pairs of unit and example whose slope is under 1 % of its maximum, at step 0",
    "dead": "share, 0 to 1, of units whose slope is 0 on every example of the batch, at step 0",
}
SEARCH = {
    "variant": START["variant"],
    "learning_rate": "one that was tried",
    "loss": "lowest validation loss of the search, mean over its seeds; inf where one diverged",
}
_RUN = {
    "learning_rate": "the start's own",
    "final": "1 in the final of the best starts, 0 in the comparison of all",
    "fold": "which part of the rows was held out, from 0",
}


def zip_advice(title: str, sentence: str, advice: Advice, written: Mapping[str, str]) -> bytes:
    """The zip; `written`: the page's settings by name, with what the numbers depend on besides."""
    found = pd.DataFrame([_start_row(start) for start in advice.starts], columns=list(START))
    searched = [
        (INITIALIZERS[name].label, rate, loss)
        for name, tried in advice.measured.searched.items()
        for rate, loss in tried.items()
    ]
    tables = [
        numbers.Table("starts", found, START),
        numbers.Table("search", pd.DataFrame(searched, columns=list(SEARCH)), SEARCH),
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
        tables.append(numbers.Table(name, rows, numbers.KEYS | _RUN | columns))
    return numbers.zip_tables(title, sentence, [*tables, numbers.tabulate_settings(written)])


def _start_row(start: InitializerOutcome) -> list[object]:
    numbered = (
        start.loss,
        start.low,
        start.high,
        start.ratio,
        start.accuracy,
        start.training_loss,
        start.seeds,
        start.lost,
    )
    middles = (start.forward[1], start.backward[1])
    return [start.name, start.label, start.rate, start.standing, *numbered, *middles, start.saturated, start.dead]


def _tidy(result: Result, columns: Mapping[str, str], final: int, fold: int) -> pd.DataFrame:
    """The result's rows, with each start's learning rate, the round and the fold behind its name."""
    table = numbers.tidy(result, columns)
    rates = {variant.label: variant.learning_rate for variant in result.experiment.variants}
    table.insert(1, "learning_rate", table["variant"].map(rates))
    table.insert(2, "final", final)
    table.insert(3, "fold", fold)
    return table
