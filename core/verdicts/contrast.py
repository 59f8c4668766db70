"""Overview: how far apart networks end that differ by their starting weights alone."""

import numpy as np

from core import statistics
from core.experiment import Result
from core.verdicts.verdict import Verdict, choose_short, count_diverged
from core.wording import join_words, percent


def contrast(result: Result) -> Verdict:
    """Overview: how far apart networks end that differ by their starting weights alone, by their test accuracy."""
    labels, lost = result.experiment.labels, statistics.diverged(result)
    accuracy = statistics.average(statistics.final_accuracy(result))
    complete = sorted(np.flatnonzero(~lost.any(axis=1)), key=lambda v: -accuracy[v])
    ends = [f"{labels[v]} {percent(float(accuracy[v]))}" for v in complete]
    fallen = [f"{labels[v]} {count_diverged(result, int(v))}." for v in np.flatnonzero(lost.any(axis=1))]
    best = [f"{labels[v]} reaches {percent(float(accuracy[v]))} test accuracy" for v in complete[:1]]
    parts, brief = [*best, *ends[1:][-1:]], []
    if complete:
        low, high = (percent(float(accuracy[v])) for v in (complete[-1], complete[0]))
        brief.append(f"test accuracy {high if len(complete) == 1 else f'{low} to {high}'}")
    if fallen:
        alone = len(fallen) == 1
        who = f"{labels[lost.any(axis=1).argmax()]} overflows" if alone else f"{len(fallen)} networks overflow"
        entirely = (lost.all(axis=1) == lost.any(axis=1)).all()
        parts.append(who if entirely else f"{who} in some seeds")
        brief.append(("one network overflows" if alone else who) if entirely else "some seeds overflow")
    layers = len(result.experiment.hidden)
    facts = [f"Same {'hidden layer' if layers == 1 else f'{layers} hidden layers'}, same digits, same batches."]
    facts += [f"Test accuracy at the end: {join_words(ends)}."] if ends else []
    head = "**Only the starting weights differ**"
    sentence = choose_short(*(f"{head}: {', '.join(clauses)}." for clauses in (parts, brief)))
    return Verdict("neutral", sentence, " ".join([*facts, *fallen]))
