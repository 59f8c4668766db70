"""Playing: a chart with a slider over its records gets a timer and a button, and any other stays as it is."""

import json

import altair as alt
import pandas as pd
import vl_convert

from pages.parts.figures.charts.marks.playing import playable, with_step_slider

from .drawn import LIGHT, VERSION

TABLE = pd.DataFrame({"x": [1, 2], "s0": [1, 2], "s1": [3, 4], "s2": [5, 6]})


BARS = alt.Chart(TABLE).transform_calculate(y="datum['s' + record]").mark_bar().encode(x="x:O", y="y:Q")


def signals(spec):
    compiled = vl_convert.vegalite_to_vega(json.dumps(spec), vl_version=VERSION)
    return {signal["name"]: signal for signal in compiled["signals"]}


def test_a_slider_gets_a_button_and_vega_a_timer():
    spec = playable(with_step_slider([BARS], range(3), LIGHT, "", -1).to_dict())
    found = signals(spec)
    assert found["record"]["bind"] | {"name": ""} == {"input": "range", "min": 0, "max": 2, "step": 1, "name": ""}
    assert found["record"]["value"] == 2
    assert found["playing"]["bind"]["input"] == "checkbox"
    assert found["tick"]["on"][0]["events"]["type"] == "timer"
    assert [found[name]["on"][0]["events"] for name in ("playing", "record")] == [{"signal": "tick"}] * 2


def test_a_chart_without_a_slider_stays_as_it_is():
    for chart in (alt.layer(BARS), with_step_slider([BARS], [0], LIGHT, "")):
        spec = chart.to_dict()
        assert playable(spec) == spec
        assert "tick" not in signals(spec)
