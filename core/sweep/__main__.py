"""Train a map of networks: `python -m core.sweep --x gain 0.4:4:32 --y depth 2:64:24 --seeds 3 --out map.parquet`.

A range is low:high:count, both ends included. Its values are a constant factor apart; those of depth and bias_std a
constant difference. Finished cells are kept beside the map until it is whole: after an interruption the same command
goes on where it was.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from core.activations import ACTIVATIONS
from core.clipping import Clip
from core.datasets import DATASETS
from core.engine.budget import cost
from core.engine.sharing import cores
from core.initializers import INITIALIZERS
from core.optimizers import OPTIMIZERS
from core.settings import MAX_SKIP, NORMALIZATIONS, Experiment, Variant
from core.sweep import map_file
from core.sweep.axes import AXES, Axis
from core.sweep.running import Measured, describe_cost, run_sweep
from core.sweep.sweep import Cell, Sweep, total_work
from core.wording import percent


def main(arguments: list[str] | None = None) -> int:
    """Train the map and write it; 0, or 2 where it cannot be, which stderr says."""
    given = _parser().parse_args(arguments)
    names = ("activation", "seeds", "steps", "batch_size", "optimizer", "seed", "normalization", "skip")
    settings = {name: getattr(given, name) for name in names}
    try:
        clip = Clip("norm", given.threshold) if given.threshold is not None else None
        variant = Variant(given.initializer, given.gain, given.noise, given.bias_std, given.learning_rate, clip)
        base = Experiment(given.data, (given.width,) * given.depth, variants=(variant,), **settings)
        sweep = Sweep(base, Axis.parse(*given.x), Axis.parse(*given.y))
        if given.plan:
            print(describe_cost(sweep, given.jobs or cores()))
        elif not given.out:
            raise ValueError("Say with --out where the map is to be written, or ask with --plan what it would cost.")
        else:
            _train(sweep, Path(given.out), given.jobs, given.scheduler)
    except (ValueError, OSError, RuntimeError, ImportError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _train(sweep: Sweep, out: Path, jobs: int | None, scheduler: str) -> None:
    from tqdm import tqdm

    if out.exists():
        raise ValueError(f"{out} exists already; remove it, or write elsewhere.")
    cells_file, work = out.with_name(f"{out.name}.cells"), total_work(sweep)
    with map_file.open_journal(cells_file, sweep) as (known, append):
        left = sum(cost(stack.experiment).work for stack in sweep.stacks(known.missing))
        # The bar counts work, because a deep cell takes as long as many shallow ones.
        form = "{percentage:3.0f} % {bar} {elapsed} gone, {remaining} left{postfix}"
        with tqdm(total=1.0, initial=max(0.0, 1 - left / work), bar_format=form) as bar:

            def record_stack(cells: Sequence[Cell], measured: Measured) -> None:
                append(cells, measured)
                bar.update(sum(cost(stack.experiment).work for stack in sweep.stacks(cells)) / work)

            result = run_sweep(sweep, known=known, notify=record_stack, jobs=jobs, scheduler=scheduler)
    map_file.save(result, out)
    cells_file.unlink()
    print(f"{out}: {percent(float(result.learned.mean()))} of {result.learned.size:,} networks learn.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m core.sweep", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, words in (("x", f"one of {', '.join(AXES)}, and its range"), ("y", "the same")):
        parser.add_argument(f"--{name}", nargs=2, required=True, metavar=("NAME", "LOW:HIGH:COUNT"), help=words)
    parser.add_argument("--out", help="the Parquet file to write")
    parser.add_argument("--plan", action="store_true", help="say what it would cost, and train nothing")
    parser.add_argument("--jobs", type=int, help="processes on this machine; else one a core")
    parser.add_argument("--scheduler", default="", help="of a Dask cluster, as in tcp://host:8786")
    parser.add_argument("--data", default="digits", choices=DATASETS)
    parser.add_argument("--activation", default="tanh", choices=ACTIVATIONS)
    parser.add_argument("--initializer", default="xavier", choices=INITIALIZERS, help="xavier: variance gain²/n")
    parser.add_argument("--optimizer", default="sgd", choices=OPTIMIZERS)
    parser.add_argument("--normalization", default="none", choices=NORMALIZATIONS, help="of hidden layers")
    skips = range(MAX_SKIP + 1)
    parser.add_argument("--skip", type=int, default=0, choices=skips, help="layers that a skip connection passes by")
    parser.add_argument("--seeds", type=int, default=3, help="networks a cell")
    parser.add_argument("--seed", type=int, default=0, help="of draws and batches")
    counts = {"depth": 10, "width": 32, "steps": 100, "batch_size": 64}
    numbers = {"learning_rate": 0.1, "gain": 1.0, "noise": 0.0, "bias_std": 0.0, "threshold": None}
    for name, default in (counts | numbers).items():
        kind = int if name in counts else float
        unset = "else none" if default is None else f"else {default:g}"
        parser.add_argument(f"--{name.replace('_', '-')}", type=kind, default=default, help=f"of all cells; {unset}")
    return parser


if __name__ == "__main__":
    sys.exit(main())
