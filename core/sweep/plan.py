"""What a map will cost, before it is trained: networks, multiply-adds, and the time, from short trainings here."""

import time
from dataclasses import replace

import numpy as np

from core import wording
from core.engine.budget import cost
from core.experiment import train_shard
from core.settings import Experiment
from core.sweep.sweep import Sweep

SAMPLES = 5  # stacks that are tried, from the smallest to the largest
SAMPLE_WORK, FEWEST_STEPS = 2e10, 4  # of a sample that is trained: half a second, or all of it where it is less
START_SECONDS = 2.0  # until processes have imported what they need


def describe_cost(sweep: Sweep, processes: int) -> str:
    """What training every cell will cost on so many processes, in one sentence.

    Some stacks are trained for some of their steps to know how long it takes. Cells that diverge cost less than others:
    so do the samples, which are of the same stacks.
    """
    stacks = sorted(sweep.stacks(sweep.cells), key=lambda stack: cost(stack.experiment).work)
    work = np.array([cost(stack.experiment).work for stack in stacks])
    places = np.unique(np.linspace(0, len(stacks) - 1, SAMPLES).round().astype(int))
    _seconds_per_work(replace(stacks[0].experiment, steps=1))  # the first pays for what is made once
    paces = [_seconds_per_work(stacks[place].experiment) for place in places]
    each = work * np.interp(work, work[places], paces)
    seconds = START_SECONDS + float(max(each.sum() / processes, each.max()))
    duration = f"{wording.number(seconds)} seconds" if seconds < 60 else f"{wording.number(seconds / 60)} minutes"
    multiply_adds = wording.write_factor(sum(cost(stack.experiment).multiply_adds for stack in stacks))
    return (
        f"{int(np.prod(sweep.shape)):,} networks, {multiply_adds} multiply-adds: "
        f"about {duration} on {wording.count_things(processes, 'core')} like this machine's."
    )


def _seconds_per_work(experiment: Experiment) -> float:
    share = SAMPLE_WORK / cost(experiment).work
    steps = min(experiment.steps, max(FEWEST_STEPS, round(share * experiment.steps)))
    brief = replace(experiment, steps=steps)
    started = time.process_time()  # what others do at the same time is not the map's
    train_shard(brief, 0, 1, 1, lambda fraction: None)
    return (time.process_time() - started) / cost(brief).work
