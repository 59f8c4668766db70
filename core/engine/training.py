"""The one loop: trains a stack of runs in lockstep, until each has ended or diverged."""

from collections.abc import Callable, Sequence

import numpy as np

from core.activations import ACTIVATIONS, Array
from core.clipping import clip_stack
from core.datasets import dataset, watched_examples
from core.engine import divergence, probes, recording, sharing, watching
from core.engine.draws import batch_indices
from core.engine.hidden_layers import HiddenLayers
from core.engine.network import (
    Network,
    Predictor,
    layer_rows,
    parameter_slices,
    parameter_stacks,
    parameter_views,
    scale_views,
)
from core.losses import LOSSES
from core.optimizers import OPTIMIZERS
from core.settings import Experiment, Variant

Tick = Callable[[float], object]
Start = Callable[[Variant, int, Array, sharing.Checkpoint], object]


class Plan:
    """Some runs of an experiment, each a variant with the index of its seed: what they share, and where they differ.

    `start` writes the first parameters (parameters,) of a run into an array, and calls a checkpoint on the way.
    """

    def __init__(self, experiment: Experiment, runs: Sequence[tuple[Variant, int]], start: Start) -> None:
        self.experiment, self.runs, self.start = experiment, runs, start
        self.sizes, self.dtype = experiment.sizes, np.dtype(experiment.dtype)
        self.normalized = experiment.normalization != "none"
        data = dataset(experiment.dataset)
        self.activation, self.loss = ACTIVATIONS[experiment.activation], LOSSES[data.loss]
        self.train, self.test = (data.X_train, data.Y_train), (data.X_test, data.Y_test)
        self.has_classes = data.loss != "squared"
        self.learning_rates = np.array([variant.learning_rate for variant, _ in runs])
        self.clips = [variant.clip for variant, _ in runs]
        counts = len(data.X_train), experiment.batch_size, experiment.steps
        batches = [batch_indices((experiment.seed, index), *counts) for index in range(experiment.seeds)]
        self.batches = np.stack([batches[index] for _, index in runs])  # (runs, steps, m): of the training examples
        # Runs of which more is kept at every record, and what these are asked about: see core.engine.watching.
        self.watched = [i for i, (_, index) in enumerate(runs) if index == 0 and experiment.record == "full"]
        self.examples = watched_examples(experiment.dataset)


def train(plan: Plan, threads: int, tick: Tick) -> tuple[dict[str, Array], dict[str, Array]]:
    """Train every run of the plan on so many threads, if it is worth them; arrays as named in recording.AXES with the
    runs first, and those in watching.NAMES with the watched runs first. `tick(fraction)` is called from the calling
    thread; what it raises stops the others and is raised here. The numbers do not depend on how runs are stacked or on
    the number of threads.
    """
    runs, steps, m = plan.batches.shape
    arrays = recording.allocate(runs, steps, m, plan.sizes, plan.experiment.record)
    recorded = recording.recorded_steps(steps, plan.experiment.record)
    watched_shapes = watching.shapes(plan.sizes, len(recorded), len(plan.examples))
    watched = {name: np.full((len(plan.watched), *shape), np.nan) for name, shape in watched_shapes.items()}
    blocks = sharing.deal_into_blocks(runs, plan.sizes, m, plan.dtype.itemsize, threads)
    done = [0] * len(blocks)

    def work(index: int, checkpoint: sharing.Checkpoint) -> None:
        _Block(plan, blocks[index], arrays, watched, checkpoint).train(lambda steps: done.__setitem__(index, steps))

    works = [lambda checkpoint, index=index: work(index, checkpoint) for index in range(len(blocks))]
    sharing.run_in_threads(works, threads, lambda: tick(min(1.0, sum(done) / (len(blocks) * steps))))
    return arrays, watched


class _Block:
    """Some runs of a plan, trained together by one thread. `runs` names those that have not diverged so far."""

    def __init__(
        self,
        plan: Plan,
        runs: range,
        arrays: dict[str, Array],
        watched: dict[str, Array],
        checkpoint: sharing.Checkpoint,
    ) -> None:
        self.plan, self.runs, self.checkpoint = plan, np.array(runs), checkpoint
        self.filled = arrays
        design = plan.experiment.normalization, plan.experiment.skip
        self.hidden = HiddenLayers(plan.sizes, plan.activation, len(runs), plan.dtype, *design)
        self.watcher = watching.ExampleRecorder(watched, self.hidden, plan.loss, plan.examples, checkpoint)
        self.steps, self.m = plan.batches.shape[1:]
        self.layers = parameter_slices(plan.sizes, plan.normalized)
        self.table = _table(*plan.train, plan.dtype)
        self.test_table = _table(*plan.test, plan.dtype)
        self.recorded = recording.recorded_steps(self.steps, plan.experiment.record)
        self.suspicious = divergence.suspicious_size(plan.dtype)

    def train(self, count: Callable[[int], None]) -> None:
        """Train to the end; `count` is told how many steps are done. Overflow and NaN are data here, not warnings."""
        with np.errstate(all="ignore"):
            self._allocate()
            record = {int(step): k for k, step in enumerate(self.recorded)}
            for step in range(self.steps):
                self._step(step, record.get(step))
                if self.may_overflow.any():
                    self._drop(self.arrays["diverged_at"] >= 0)
                if not len(self.runs):
                    break
                count(step + 1)
        count(self.steps)
        self._fill()

    def _allocate(self) -> None:
        """Make what training takes, and draw the parameters that it begins with."""
        plan, runs, dtype = self.plan, len(self.runs), self.plan.dtype
        theta = np.empty((runs, self.layers[-1].stop), dtype)
        for run, row in zip(self.runs, theta, strict=True):
            variant, index = plan.runs[run]
            plan.start(variant, index, row, self.checkpoint)
        rates = plan.learning_rates[self.runs, None].astype(dtype)
        self.optimizer = OPTIMIZERS[plan.experiment.optimizer](theta, rates)
        self.arrays = recording.allocate(runs, self.steps, self.m, plan.sizes, plan.experiment.record)
        self.recorder = recording.Recorder(self.arrays, plan.activation, plan.has_classes, len(self.recorded) - 1)
        self.gradient = np.empty_like(theta)
        self.batch = np.empty((runs, self.m, self.table.shape[1]), dtype)
        self.network = Network(self.hidden, plan.loss, self.m, self.checkpoint)
        self.predictor = Predictor(self.hidden, plan.loss, len(self.test_table), self.checkpoint)
        self.refresh_views()

    def refresh_views(self) -> None:
        """Look at parameters, gradients and what is kept as they lie in memory now."""
        plan, self.theta = self.plan, self.optimizer.theta
        layout = plan.sizes, plan.normalized
        self.theta_views = parameter_views(self.theta, *layout)
        self.gradient_views = parameter_views(self.gradient, *layout)
        self.gradient_stacks = parameter_stacks(self.gradient, *layout)
        self.gradient_rows = layer_rows(self.gradient, *layout)
        if plan.normalized:
            self.hidden.bind(scale_views(self.theta, plan.sizes), scale_views(self.gradient, plan.sizes))
        self.batches = plan.batches[self.runs]
        self.clips = [plan.clips[run] for run in self.runs]
        self.clipped = any(clip is not None for clip in self.clips)
        places = {run: i for i, run in enumerate(self.runs)}
        self.watched = [(places[run], row) for row, run in enumerate(plan.watched) if run in places]

    def _drop(self, lost: Array) -> None:
        """Go on without the runs that diverged: nothing that they compute from here on would be kept."""
        if lost.any():
            self._fill()
            self.runs = self.runs[~lost]
            left = len(self.runs)
            self.arrays = {name: array[~lost] for name, array in self.arrays.items()}
            self.optimizer.select_runs(~lost)
            self.network.select_runs(left)
            self.hidden.select_runs(~lost)
            # What the buffers hold is overwritten by the next step: the first of them serve those that are left.
            self.gradient, self.batch = self.gradient[:left], self.batch[:left]
            self.recorder.select_runs(~lost, self.arrays)
            self.refresh_views()

    def _fill(self) -> None:
        for name, array in self.arrays.items():
            self.filled[name][self.runs] = array

    def _split(self, table: Array) -> tuple[Array, Array]:
        """X with its row of ones, and Y, of a table of examples (runs, m, n_0 + 1 + n_L)."""
        inputs = self.plan.sizes[0] + 1
        columns = table.swapaxes(1, 2)
        return columns[:, :inputs], columns[:, inputs:]

    def _step(self, step: int, k: int | None) -> None:
        plan = self.plan
        np.take(self.table, self.batches[:, step], axis=0, out=self.batch, mode="clip")
        X, Y = self._split(self.batch)
        looked_at = k is not None or bool(self.recorder.began_alike.any())
        trace = self.network.forward(self.theta_views, X, Y, keep_Z=looked_at)
        self.arrays["loss"][:, step] = trace.loss
        self.hidden.update_averages()
        if k is not None:
            self.recorder.forward(k, trace, parameter_stacks(self.theta, plan.sizes, plan.normalized), Y)
            for place, row in self.watched:
                self.watcher.watch(row, k, self.theta_views, place)
        self.network.backward(self.theta_views, trace, Y, self.gradient_views)
        if self.recorder.began_alike.any():
            self.recorder.follow_rounding(trace, plan.learning_rates[self.runs])
        if k is not None:
            self.recorder.backward(k, trace, self.gradient_stacks)
            self._test(k)
        before = self.theta.copy() if k is not None and self.recorder.in_full else None
        self._clip(step, X, Y)
        self.optimizer.step(self.gradient)
        if self.may_overflow.any():
            divergence.record_nonfinite_in_memory(
                self.arrays, step, self.optimizer.state(), self.layers, self.may_overflow
            )
        if k is not None and before is not None:
            np.subtract(self.theta, before, out=before)
            self.recorder.update(k, parameter_stacks(before, plan.sizes, plan.normalized))

    def _test(self, k: int) -> None:
        X, Y = self._split(np.broadcast_to(self.test_table, (len(self.runs), *self.test_table.shape)))
        self.recorder.test(k, *self.predictor.predict(self.theta_views, X, Y), Y)

    def _clip(self, step: int, X: Array, Y: Array) -> None:
        norms = probes.norms(self.gradient_rows, out=self.arrays["layer_gradient_norm"][:, step])
        total = np.sqrt((norms * norms).sum(axis=1))
        self.arrays["gradient_norm"][:, step] = total
        self.may_overflow = ~((total < self.suspicious) & (self.arrays["loss"][:, step] < self.suspicious))
        if self.may_overflow.any():
            passes = self.network, self.theta_views, (X, Y), self.gradient_views
            divergence.record_nonfinite_in_passes(self.arrays, step, *passes, self.may_overflow)
        applied, cosine = clip_stack(self.gradient, self.layers, norms, self.clips) if self.clipped else (total, 1)
        self.arrays["applied_norm"][:, step] = applied
        self.arrays["clip_cosine"][:, step] = cosine


def _table(X: Array, Y: Array, dtype: np.dtype) -> Array:
    """Examples in rows with their row of ones and their targets: one gather a batch serves all three."""
    return np.hstack([X, np.ones((len(X), 1)), Y]).astype(dtype)
