"""Training on behalf of a page: bounded, in line with what others ask for, and never done twice."""

import functools
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from typing import Any

import numpy as np

from core import Experiment, Result
from core.advice import Question, measure
from core.engine.budget import shrink_to_bound, sizes
from core.engine.sharing import cores
from core.sweep import Sweep, SweepResult
from core.sweep.border import border
from core.sweep.running import measure_cells
from core.sweep.sweep import total_work
from core.theory import agreement
from core.theory.mean_field import Prediction
from pages.parts.page import OpenPage
from pages.parts.serving import waiting
from pages.parts.serving.limits import LIMITS
from pages.parts.serving.store import Store
from pages.parts.serving.training_pool import TrainingPool
from pages.parts.serving.workers import Tick, Worker, run_in_processes, useful_workers

WAIT = 0.05  # seconds between two looks at whether the viewer has moved on
WAIT_SHARE = 0.005  # seconds a waiting viewer adds to that: looking takes time from drawing pages
DRAW_EVERY = 1.0  # seconds between two pictures of a map that fills


@contextmanager
def prefetch(*experiments: Experiment) -> Iterator[None]:
    """Have these trained, in this order, while the page is in this context; what it has not waited for then ends."""
    with ExitStack() as stack:
        for experiment in experiments:
            known = results.get(experiment) is not None or waiting.is_canceled(experiment)
            if not known and LIMITS.run.allows(experiment):
                stack.callback(pool.submit(experiment).cancel)
        yield


def get(experiment: Experiment, page: OpenPage) -> Result:
    """The result of the experiment, trained now unless it was before; it is shared, so its arrays are read-only.

    The page shows progress once it takes long. Stops the script, and says why, if it is over the bound or canceled.
    """
    result = results.get(experiment)
    if result is None:
        if explain_refusal(experiment, page):
            page.stop()
        with waiting.show_progress(page, experiment) as tick:
            result = wait_for(experiment, tick)
    return result


def explain_refusal(experiment: Experiment, page: OpenPage, moved: Collection[str] = ()) -> bool:
    """Whether the experiment is not trained, being over the bound or canceled; if so, say it, and offer a way on.

    `moved` names the settings that were changed last: what would fit is looked for among them first.
    """
    if results.get(experiment) is not None:
        return False
    if LIMITS.run.allows(experiment):
        return waiting.offer_again_if_canceled(page, experiment)
    requested = sizes(experiment)
    at_hand = [name for name in requested if name in page.fields]
    choices = [shrink_to_bound(experiment, LIMITS.run, [name]) for name in at_hand if name in moved]
    choices += [shrink_to_bound(experiment, LIMITS.run, at_hand), shrink_to_bound(experiment, LIMITS.run)]
    smaller = next(filter(LIMITS.run.allows, choices), choices[-1])
    changed = {name: size for name, size in sizes(smaller).items() if size != requested[name]}
    changes = ", ".join(f"{name.replace('_', ' ')} {requested[name]} → {size}" for name, size in changed.items())
    can_be_chosen = changed.keys() <= set(at_hand)
    waiting.refuse(page, changes, {page.key(name): size for name, size in changed.items()} if can_be_chosen else {})
    return True


def get_or_retrain(experiment: Experiment) -> Result:
    """The result of an experiment that a page has shown: kept, or trained anew."""
    return results.get(experiment) or wait_for(experiment, lambda fraction, position: None)


def predict_first_step(result: Result) -> list[Prediction | None]:
    """What theory predicts of the first step of each variant; computed once while it is kept, and shared."""
    variants = range(len(result.experiment.variants))
    predict = agreement.predict_first_step
    return _theory.get_or_compute(result.experiment, lambda: [predict(result, variant) for variant in variants])


def allows_map(sweep: Sweep) -> bool:
    return total_work(sweep) <= LIMITS.run.work


def offer_map_again_if_canceled(sweep: Sweep, page: OpenPage) -> bool:
    """Offer to train a map again if the viewer does not wait for it to be complete; whether that is so."""
    return bool(get_unfinished_map(sweep).missing) and waiting.offer_again_if_canceled(page, sweep)


def get_or_train_map(sweep: Sweep, page: OpenPage, show: Callable[[SweepResult], None]) -> SweepResult:
    """The map, trained now unless it was before; kept for everybody, and shared.

    `show` draws what there is so far, at once and as often as a browser keeps up with. Stops the script where canceled.
    """
    if offer_map_again_if_canceled(sweep, page):
        page.stop()
    result = get_unfinished_map(sweep)
    if not result.missing:
        return result
    show(result)
    missing, drawn = len(result.missing), 0.0
    with waiting.show_progress(page, sweep) as tick:

        def tick_and_show(fraction: float, position: int) -> None:
            nonlocal missing, drawn
            tick(fraction, position)
            if (left := len(result.missing)) < missing and time.monotonic() - drawn > DRAW_EVERY:
                show(result)
                missing, drawn = left, time.monotonic()

        return wait_for(sweep, tick_and_show)


def get_unfinished_map(sweep: Sweep) -> SweepResult:
    """The map as far as it is trained, which every viewer's page shows while it fills."""
    return _maps.get_or_compute(sweep, lambda: SweepResult(sweep))


def train_map(sweep: Sweep, workers: list[Worker], tick: Tick) -> SweepResult:
    """Train the cells that are missing, from coarse to fine, a stack on each worker."""
    result = get_unfinished_map(sweep)
    missing = set(result.missing)
    stacks = [stack for level in sweep.levels for stack in sweep.stacks([cell for cell in level if cell in missing])]
    fractions, pending = [0.0] * len(stacks), enumerate(stacks)

    def train(worker: Worker) -> None:
        for place, stack in pending:

            def tick_whole(fraction: float, place: int = place) -> None:
                fractions[place] = fraction
                tick(sum(fractions) / len(stacks))

            outcome = run_in_processes(stack.experiment, tick_whole, [worker])
            result.add(stack.cells, measure_cells(outcome))

    with ThreadPoolExecutor(len(workers)) as threads:
        list(threads.map(train, workers))
    return result


def _compute(request: waiting.Request, workers: list[Worker], tick: Tick) -> Any:
    if isinstance(request, Sweep):
        return train_map(request, workers, tick)
    if isinstance(request, Question):
        return measure(request, tick, LIMITS.run, lambda experiment, tick: run_in_processes(experiment, tick, workers))
    result = results.get(request)  # trained, maybe, between the page's look and its submission
    if result is None:
        result = run_in_processes(request, tick, workers)
        for array in _arrays(result):
            array.flags.writeable = False
        results.add(request, result)
    return result


def _arrays(outcome: Result | Prediction | SweepResult) -> list[np.ndarray]:
    return [value for value in vars(outcome).values() if isinstance(value, np.ndarray)]


def size(outcome: Result | Prediction | SweepResult) -> int:
    return sum(array.nbytes for array in _arrays(outcome))


results: Store[Experiment, Result] = Store(LIMITS.cache_bytes, size)
_theory: Store[Experiment, list[Prediction | None]] = Store(4e6, lambda known: sum(map(size, filter(None, known))))
find_border = functools.lru_cache(maxsize=256)(border)
_maps: Store[Sweep, SweepResult] = Store(4e6, size)  # some hundred of the usual size
pool = TrainingPool(
    _compute, cores(), lambda request: useful_workers(request) if isinstance(request, Experiment) else cores()
)


def wait_for(request: waiting.Request, tick: waiting.Tick) -> Any:
    """Wait until the request is trained; what `tick` raises, where the viewer has moved on, leaves the line."""
    job = pool.submit(request)
    try:
        with waiting.give_way():
            while wait([job], max(WAIT, WAIT_SHARE * pool.viewers)).not_done:
                tick(job.progress, job.position)
    finally:
        job.cancel()
    if error := job.exception():
        raise RuntimeError(f"The training failed: {request}") from error
    return job.result()
