"""The one loop: trains a stack of runs in lockstep, until each has ended or diverged."""

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np

from core.activations import ACTIVATIONS, Array
from core.clipping import clip_stack
from core.datasets import dataset, watched_examples
from core.engine import probes, recording, results, sharing
from core.engine.draws import batch_indices, starting_parameters
from core.engine.hidden_layers import HiddenLayers
from core.engine.network import Network, Predictor, parameter_slices, parameter_stacks, parameter_views, scale_views
from core.losses import LOSSES
from core.optimizers import OPTIMIZERS
from core.settings import Experiment, Variant


def train_shard(
    experiment: Experiment, first: int, shard_count: int, threads: int, tick: Callable[[float], object]
) -> dict[str, Array]:
    """Train the runs whose index, by variant, then by seed, is `first` modulo `shard_count`; `tick` as in core.run.

    Arrays are those of a Result that are recorded, with these runs, or those of a first seed, as their
    first axis. They do not depend on how runs are stacked or on the number of threads.
    """
    runs = list(product(experiment.variants, range(experiment.seeds)))[first::shard_count]
    watched = [row for row, (_, index) in enumerate(runs) if index == 0 and experiment.record == "full"]
    arrays, shapes = results.allocate(experiment, len(runs)), results.shapes(experiment)
    if experiment.record == "full":
        arrays |= {name: np.full((len(watched), *shapes[name]), np.nan) for name in results.WATCHED}
    steps, m, item = experiment.steps, experiment.batch_size, np.dtype(experiment.dtype).itemsize
    blocks = sharing.deal_into_blocks(len(runs), experiment.sizes, m, item, threads)
    done = [0] * len(blocks)

    def train_block(place: int, checkpoint: sharing.Checkpoint) -> None:
        with np.errstate(all="ignore"):  # overflow and NaN are data here, not warnings
            block = _Block(experiment, runs, blocks[place], watched, arrays, checkpoint)
            for step in range(steps):
                block.step(step)
                if not len(block.rows):
                    break
                done[place] = step + 1
            block.fill()
        done[place] = steps

    tasks = [lambda checkpoint, place=place: train_block(place, checkpoint) for place in range(len(blocks))]
    sharing.run_in_threads(tasks, threads, lambda: tick(min(1.0, sum(done) / (len(blocks) * steps))))
    return arrays


class _Block:
    """Some runs, trained together by one thread; `rows` are those, of all, that have not diverged."""

    def __init__(
        self,
        experiment: Experiment,
        runs: Sequence[tuple[Variant, int]],
        rows: range,
        watched: list[int],
        arrays: dict[str, Array],
        checkpoint: sharing.Checkpoint,
    ) -> None:
        self.runs, self.rows, self.watched_rows, self.all_arrays = runs, np.array(rows), watched, arrays
        data, dtype, m = dataset(experiment.dataset), np.dtype(experiment.dtype), experiment.batch_size
        self.sizes, self.layout = experiment.sizes, (experiment.sizes, experiment.normalization != "none")
        self.layers = parameter_slices(*self.layout)
        self.table = _table(data.X_train, data.Y_train, dtype)
        self.test_table = _table(data.X_test, data.Y_test, dtype)
        # The norm or loss past which every number of a step is to be looked at: some may overflow.
        self.suspicious = float(np.sqrt(np.finfo(dtype).max)) * 1e-4
        theta = np.empty((len(rows), self.layers[-1].stop), dtype)
        for row, parameters in zip(rows, theta, strict=True):
            starting_parameters(experiment, *runs[row], parameters, checkpoint)

        self.learning_rates = np.array([runs[row][0].learning_rate for row in rows])
        self.optimizer = OPTIMIZERS[experiment.optimizer](theta, self.learning_rates[:, None].astype(dtype))
        seeds = [(experiment.seed, runs[row][1]) for row in rows]
        orders = {seed: batch_indices(seed, len(data.X_train), m, experiment.steps) for seed in set(seeds)}
        self.batches = np.stack([orders[seed] for seed in seeds])  # (runs, steps, m)
        self.gradient = np.empty_like(theta)
        self.batch = np.empty((len(rows), m, self.table.shape[1]), dtype)

        self.loss, activation = LOSSES[data.loss], ACTIVATIONS[experiment.activation]
        design = experiment.normalization, experiment.skip
        self.hidden = HiddenLayers(self.sizes, activation, len(rows), dtype, *design)
        self.network = Network(self.hidden, self.loss, m, checkpoint)
        self.predictor = Predictor(self.hidden, self.loss, len(rows), len(self.test_table), checkpoint)
        self.examples = watched_examples(experiment.dataset)
        self.records = {int(step): k for k, step in enumerate(results.recorded_steps(experiment))}
        self.arrays = results.allocate(experiment, len(rows))
        self.recorder = recording.Recorder(self.arrays, activation, data.loss != "squared")
        self.refresh_views()

    def refresh_views(self) -> None:
        """Look at parameters and gradients as they lie in memory now."""
        self.theta = self.optimizer.theta
        self.theta_views = parameter_views(self.theta, *self.layout)
        self.gradient_views = parameter_views(self.gradient, *self.layout)
        self.gradient_rows, self.gradient_stacks = parameter_stacks(self.gradient, *self.layout)
        if self.hidden.normalization:
            self.hidden.normalization.bind(scale_views(self.theta, self.sizes), scale_views(self.gradient, self.sizes))
        self.clips = [self.runs[row][0].clip for row in self.rows]
        places = {row: place for place, row in enumerate(self.rows)}
        self.watched = [(places[row], i) for i, row in enumerate(self.watched_rows) if row in places]

    def fill(self) -> None:
        """Put what is measured of these runs among that of all."""
        for name, array in self.arrays.items():
            self.all_arrays[name][self.rows] = array

    def _drop(self, lost: Array) -> None:
        """Go on without the runs that diverged."""
        self.fill()
        self.rows = self.rows[~lost]
        left = len(self.rows)
        self.arrays = {name: array[~lost] for name, array in self.arrays.items()}
        self.batches, self.learning_rates = self.batches[~lost], self.learning_rates[~lost]
        self.optimizer.select_runs(~lost)
        self.network.resize(left)
        if self.hidden.normalization:
            self.hidden.normalization.select_runs(~lost)
        # The next step overwrites the buffers: the first of them serve those that are left.
        self.gradient, self.batch = self.gradient[:left], self.batch[:left]
        self.recorder.select_runs(~lost, self.arrays)
        self.refresh_views()

    def _split(self, table: Array) -> tuple[Array, Array]:
        """X with its row of ones, and Y, of a table of examples (runs, m, n_0 + 1 + n_L)."""
        columns = table.swapaxes(1, 2)
        return columns[:, : self.sizes[0] + 1], columns[:, self.sizes[0] + 1 :]

    def step(self, step: int) -> None:
        """Train one step; record what is measured at it, and drop the runs that diverge in it."""
        k, recorder = self.records.get(step), self.recorder
        np.take(self.table, self.batches[:, step], axis=0, out=self.batch, mode="clip")
        X, Y = self._split(self.batch)
        keep_Z = k is not None or bool(recorder.began_alike.any())
        trace = self.network.forward(self.theta_views, X, Y, keep_Z=keep_Z)
        self.arrays["loss"][:, step] = trace.loss
        if self.hidden.normalization:
            self.hidden.normalization.update_averages()
        if k is not None:
            recorder.forward(k, trace, parameter_stacks(self.theta, *self.layout)[1], Y)
            self._watch(k)
        self.network.backward(self.theta_views, trace, Y, self.gradient_views)
        if recorder.began_alike.any():
            recorder.follow_rounding(trace, self.learning_rates)
        if k is not None:
            recorder.backward(k, trace, self.gradient_stacks)
            tests = np.broadcast_to(self.test_table, (len(self.rows), *self.test_table.shape))
            X_test, Y_test = self._split(tests)
            recorder.test(k, *self.predictor.predict(self.theta_views, X_test, Y_test), Y_test)
        before = self.theta.copy() if k is not None and recorder.in_full else None
        self._measure_and_clip(step, X, Y)
        self.optimizer.step(self.gradient)
        if k is not None and before is not None:
            np.subtract(self.theta, before, out=before)
            recorder.update(k, parameter_stacks(before, *self.layout)[1])
        if self.may_overflow.any():
            # The square of a finite gradient may overflow: its weight would stand still for good.
            states = [[state[:, layer] for state in self.optimizer.state()] for layer in self.layers]
            recording.record_nonfinite(self.arrays, step, states, self.may_overflow, backward=True)
            lost = self.arrays["diverged_at"] >= 0
            if lost.any():
                self._drop(lost)

    def _watch(self, k: int) -> None:
        """Record more of the runs of a first seed, each by itself: numbers do not depend on the stack."""
        X = np.vstack([self.examples.T, np.ones(len(self.examples))]).astype(self.hidden.dtype)[None]
        for place, i in self.watched:
            run = slice(place, place + 1)
            theta = [parameters[run] for parameters in self.theta_views]
            weights = self.all_arrays["first_weights"]
            weights[i, k] = theta[0][0, : weights.shape[2]]
            if len(self.examples):
                predictor = Predictor(self.hidden, self.loss, 1, len(self.examples), self.network.checkpoint)
                Y, units = np.zeros((1, self.sizes[-1], 1), X.dtype), self.all_arrays["example_activations"][i, k]
                self.all_arrays["example_predictions"][i, k] = predictor.predict(theta, X, Y, run, units)[0][0]

    def _measure_and_clip(self, step: int, X: Array, Y: Array) -> None:
        """Record the gradient's norms, and where it overflows, and clip it in place."""
        norms = probes.norms(self.gradient_rows, out=self.arrays["layer_gradient_norm"][:, step])
        total = np.sqrt((norms * norms).sum(axis=1))
        self.arrays["gradient_norm"][:, step] = total
        self.may_overflow = ~((total < self.suspicious) & (self.arrays["loss"][:, step] < self.suspicious))
        if self.may_overflow.any():
            passes = self.network, self.theta_views, (X, Y), self.gradient_views
            recording.record_nonfinite_in_passes(self.arrays, step, *passes, self.may_overflow)
        applied, cosine = clip_stack(self.gradient, self.layers, norms, self.clips) if any(self.clips) else (total, 1)
        self.arrays["applied_norm"][:, step] = applied
        self.arrays["clip_cosine"][:, step] = cosine


def _table(X: Array, Y: Array, dtype: np.dtype) -> Array:
    """Examples with their ones and their targets: one gather a batch serves all three."""
    return np.hstack([X, np.ones((len(X), 1)), Y]).astype(dtype)
