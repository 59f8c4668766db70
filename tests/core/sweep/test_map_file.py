"""A map as a file: what is written is read, and what is no map is refused."""

import io
import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.settings import Experiment, Variant
from core.sweep import Axis, Sweep, SweepResult, run_sweep
from core.sweep.map_file import load, save, to_bytes
from core.sweep.running import MEASURED

SWEEP = Sweep(
    Experiment("digits", (8,), "relu", (Variant("xavier"),), seeds=2, steps=40, batch_size=64),
    Axis("gain", (0.0, 1.0, 1e5)),
    Axis("learning_rate", (0.3, 1e5)),
)


@pytest.fixture(scope="module")
def result():
    return run_sweep(SWEEP, jobs=1)


def test_what_is_written_is_read(result, tmp_path):
    save(result, tmp_path / "map.parquet")
    assert [path.name for path in tmp_path.iterdir()] == ["map.parquet"]
    read = load((tmp_path / "map.parquet").read_bytes())
    assert read.sweep == SWEEP
    for name in MEASURED:
        np.testing.assert_array_equal(getattr(read, name), getattr(result, name), name)


def test_columns_are_named_by_the_settings(result):
    table = pq.read_table(io.BytesIO(to_bytes(result))).to_pandas()
    assert list(table)[:3] == ["learning_rate", "gain", "seed"]
    row = table[(table.gain == 1) & (table.learning_rate == 0.3) & (table.seed == 1)]
    assert row.accuracy.item() == result.accuracy[0, 1, 1]


def test_runs_are_counted_by_how_they_end(result):
    assert result.diverged[1, 2].all()
    assert result.stalled[0, 0].all()  # zero weights
    assert result.learned[0, 1].any()
    assert not (result.learned & result.stalled).any()
    assert np.isnan(result.final_loss[result.diverged]).all()
    empty = SweepResult(SWEEP)
    assert not (empty.diverged | empty.learned | empty.stalled).any()
    assert empty.missing == SWEEP.cells


def forge(result, change):
    table = pq.read_table(io.BytesIO(to_bytes(result)))
    settings = json.loads(table.schema.metadata[b"sweep"])
    changed = change(table, settings)
    table = changed if isinstance(changed, pa.Table) else table
    stream = io.BytesIO()
    pq.write_table(table.replace_schema_metadata({b"sweep": json.dumps(settings)}), stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda table, settings: table.slice(1), "The map has 11 rows"),
        (lambda table, settings: table.drop_columns(["accuracy"]), "cannot be read"),
        (lambda table, settings: table.set_column(3, "final_loss", pa.array(["?"] * 12)), "cannot be read"),
        (lambda table, settings: settings["x"].update(name="momentum"), "An axis cannot be"),
        (lambda table, settings: settings["base"].update(seeds=10**9), "seeds is 1000000000"),
        (lambda table, settings: settings.pop("base"), "cannot be read"),
    ],
)
def test_a_forged_file_is_refused(result, change, words):
    with pytest.raises(ValueError, match=words):
        load(forge(result, change))


@pytest.mark.parametrize("raw", [b"", b"PAR1", b"hello"])
def test_another_file_is_refused(raw):
    with pytest.raises(ValueError, match="no file that"):
        load(raw)
