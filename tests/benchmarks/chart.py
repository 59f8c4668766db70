"""The measured ratios as a picture: how long others take, ours being 1."""

from __future__ import annotations

from pathlib import Path

import altair as alt

from core import ACTIVATIONS
from tests.benchmarks.workloads import Workload

PATH = Path(__file__).parents[2] / ".github" / "benchmark.svg"
ENGINES = {
    "PyTorch looping": "PyTorch, looping",
    "scikit-learn": "scikit-learn, looping",
    "PyTorch stacked": "PyTorch, stacked",
    "JAX": "JAX, compiled",
    "floor": "its products alone",
}
COLORS = {"ReLU": "#1f5f8b", "tanh": "#8fbcd9"}


def write(measured: list[tuple[Workload, dict[str, float]]]) -> None:
    """Write the chart of theirs ÷ ours by workload and engine."""
    chart(measured).save(PATH)
    print(f"written: {PATH.name}")


def chart(measured: list[tuple[Workload, dict[str, float]]]) -> alt.Chart:
    """Bars from 1× on a log axis, a panel for each workload; the floor, given as ours ÷ floor, is turned over."""
    rows = [
        {
            "workload": titled(workload),
            "engine": ENGINES[engine],
            "activation": ACTIVATIONS[workload.activation].label,
            "ratio": 1 / ratio if engine == "floor" else ratio,
        }
        for workload, ratios in measured
        for engine, ratio in ratios.items()
    ]
    for row in rows:
        row |= {"one": 1, "label": max(1.0, row["ratio"])}
    names = list(dict.fromkeys(row["workload"] for row in rows))
    panels = [panel([row for row in rows if row["workload"] == name], name, name == names[-1]) for name in names]
    return (
        alt.vconcat(*panels, spacing=10)
        .resolve_scale(x="shared")
        # Fonts differ in width between where the chart is made and where it is seen: names keep some room.
        .configure(background="white", font="sans-serif", padding={"left": 40, "right": 20, "top": 10, "bottom": 10})
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=11, titleFontSize=12)
        .configure_title(anchor="start", fontSize=12)
    )


def titled(workload: Workload) -> str:
    runs = f"{workload.runs} run{'s'[: workload.runs > 1]}"
    return f"{workload.label}: {runs} of {len(workload.hidden)} × {workload.hidden[0]}, batch {workload.batch_size}"


def panel(rows: list[dict], name: str, last: bool) -> alt.LayerChart:
    titles = alt.Axis(
        title="time, ours = 1 (log scale)" if last else None,
        labels=last,
        ticks=last,
        domain=False,
        gridColor="#eeeeee",
        values=[0.25, 0.5, 1, 2, 5, 10],
        labelExpr="datum.label + '×'",
    )
    base = alt.Chart(alt.Data(values=rows), title=name, width=520, height=alt.Step(11)).encode(
        y=alt.Y("engine:N", sort=list(ENGINES.values()), title=None, axis=alt.Axis(ticks=False, domain=False)),
        yOffset=alt.YOffset("activation:N", sort=list(COLORS)),
    )
    color = alt.Color(
        "activation:N",
        scale=alt.Scale(domain=list(COLORS), range=list(COLORS.values())),
        legend=alt.Legend(orient="top", title=None),
    )
    x = alt.X("ratio:Q", scale=alt.Scale(type="log"), axis=titles)
    bars = base.mark_bar().encode(x=x, x2="one:Q", color=color)
    numbers = base.mark_text(align="left", dx=4, fontSize=9).encode(
        x="label:Q", text=alt.Text("ratio:Q", format=".2r"), color=alt.value("#333333")
    )
    rule = alt.Chart(alt.Data(values=[{"one": 1}])).mark_rule(color="#333333").encode(x="one:Q")
    return bars + rule + numbers
