"""Settings: what is written is read again, what cannot be used is named, and the experiments are those of the pages."""

import dataclasses
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import Experiment
from core.claims import CLAIMS
from pages.parts.settings import BY_PAGE, Clipping, Training, YourNetwork, links
from pages.parts.settings.fields import (
    Amount,
    Choice,
    Integer,
    MultiChoice,
    Number,
    Scale,
    Text,
    Toggle,
    TypedNumber,
    read_number,
    round_numbers,
    slug,
)
from pages.parts.shell.routes import PAGES

every_kind = st.sampled_from(list(BY_PAGE.values()))
every_page = pytest.mark.parametrize("kind", BY_PAGE.values(), ids=BY_PAGE)
TEXTS = st.lists(
    st.text(max_size=20) | st.sampled_from(["10", "tanh", "he", "true", "0.1", "1e999", "nan"]), max_size=3
)


def values(field):
    match field:
        case MultiChoice():
            return st.lists(st.sampled_from(list(field.labels)), min_size=1, unique=True).map(tuple)
        case Choice():
            return st.sampled_from(list(field.labels))
        case Amount():
            return st.sampled_from(field.options) | st.floats(field.low, field.high).map(slug).map(float)
        case Scale():
            return st.sampled_from(field.options)
        case Toggle():
            return st.booleans()
        case TypedNumber():
            return st.sampled_from(["1/3", "0.75", "1e-1", field.default])
        case Text(default="usual"):
            return st.sampled_from(["usual", "0.5:4", "1:2"])
        case Text():
            sizes = st.lists(st.integers(1, 1024), min_size=2, max_size=9)
            return sizes.map(lambda numbers: ", ".join(map(str, numbers)))
        case Integer():
            return st.sampled_from(range(field.low, field.high + 1, field.step))


def any_of(kind):
    return st.builds(kind, **{name: values(field) for name, field in kind.fields().items()})


def test_every_page_has_its_settings():
    assert list(BY_PAGE) == [page.name for page in PAGES]


@every_page
def test_every_setting_says_what_it_is(kind):
    fields = kind.fields()
    assert all(field.label and field.help and field.allowed for field in fields.values())
    assert len({field.label for field in fields.values()}) == len(fields)


@given(every_kind.flatmap(any_of))
def test_what_is_written_is_read_again(chosen):
    again, rejected = type(chosen).read(chosen.to_texts())
    assert again == chosen
    assert not rejected
    for line in dataclasses.fields(chosen):
        assert type(getattr(again, line.name)) is type(line.default)


@given(every_kind.flatmap(any_of))
def test_what_changed_is_enough(chosen):
    changed = chosen.changed()
    assert type(chosen).read(changed)[0] == chosen
    usual = type(chosen)().to_texts()
    assert all(texts != usual[name] for name, texts in changed.items())


@given(st.data(), every_kind)
def test_reading_never_fails_and_names_what_it_could_not_use(data, kind):
    names = st.sampled_from([*kind.fields(), "color", ""])
    texts = data.draw(st.dictionaries(names, TEXTS, max_size=6))
    chosen, rejected = kind.read(texts)
    assert set(rejected) <= set(texts)
    used = {name: chosen.fields()[name].read(texts[name]) for name in texts if name not in rejected}
    assert chosen == kind(**used)
    assert None not in used.values()


@given(every_kind, st.data(), st.text(max_size=20) | st.floats().map(str) | st.integers(-9, 2**33).map(str))
def test_any_text_is_no_value_or_an_allowed_one(kind, data, text):
    name, field = data.draw(st.sampled_from(list(kind.fields().items())))
    settings, rejected = kind.read({name: [text]})
    value = getattr(settings, name)
    assert rejected == ([] if field.read([text]) == value else [name])
    assert field.read(field.write(value)) == value
    match field:
        case MultiChoice():
            assert set(value) <= set(field.labels)
        case Choice():
            assert value in field.labels
        case Amount():
            assert field.low <= value <= field.high
        case Scale():
            assert value in field.options
        case Integer():
            assert value in range(field.low, field.high + 1, field.step)
        case Toggle():
            assert isinstance(value, bool)


@given(every_kind, st.data())
def test_a_number_in_range_is_the_nearest_stop_and_said_to_be_where_it_is_none(kind, data):
    numbers = {name: field for name, field in kind.fields().items() if isinstance(field, Number)}
    name = data.draw(st.sampled_from(list(numbers) or [None]))
    if name is None:
        return
    field = numbers[name]
    asked = data.draw(st.floats(field.low, field.high))
    value = field.read([repr(asked)])
    if isinstance(field, Amount):
        assert value == float(f"{asked:.6g}")
    elif isinstance(field, Integer):
        assert abs(value - asked) <= field.step / 2
    else:
        assert max(value / asked, asked / value) <= min(max(one / asked, asked / one) for one in field.options) * 1.0001
    assert (name in kind.rounding_notes({name: [repr(asked)]})) == (f"{value:.6g}" != f"{asked:.6g}")


@every_page
def test_options_read_as_people_write_them_and_each_label_names_one_code(kind):
    for field in kind.fields().values():
        if isinstance(field, Choice):
            assert not any("_" in label for label in field.labels.values())
            names = [{code, label.casefold()} for code, label in field.labels.items()]
            assert len(set.union(*names)) == sum(map(len, names))
            for code, label in field.labels.items():
                assert field.write(field.read([code])) == field.write(field.read([label.upper()])) == [code]


@pytest.mark.parametrize("wrong", [{"gain": 0.05}, {"steps": 55}, {"depth": 51}, {"kind": "l2"}, {"seed": -1}], ids=str)
def test_a_value_that_no_control_can_show_is_refused(wrong):
    (name,) = wrong
    with pytest.raises(ValueError, match=f"{name} is .*; allowed: "):
        Clipping(**wrong)


@every_page
def test_the_default_is_among_what_is_allowed(kind):
    for name, field in kind.fields().items():
        assert field.read(field.write(field.default)) == field.default, name


@settings(max_examples=40)
@given(st.sampled_from([kind for kind in BY_PAGE.values() if issubclass(kind, Training)]).flatmap(any_of))
def test_whatever_is_chosen_makes_an_experiment(chosen):
    experiment = chosen.experiment
    assert isinstance(experiment, Experiment)
    for name in ("dataset", "activation", "seeds", "steps", "batch_size", "optimizer", "dtype", "seed"):
        assert getattr(experiment, name) == getattr(chosen, name, getattr(experiment, name))
    assert len(experiment.hidden) == chosen.depth
    assert set(experiment.hidden) == {getattr(chosen, "width", 64)}


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_a_claim_opens_the_experiment_that_decides_it(claim):
    opened, decides = BY_PAGE[claim.page](**claim.page_settings).experiment, claim.opened.experiment
    expected = dataclasses.replace(decides, steps=max(10, decides.steps))
    assert dataclasses.replace(opened, variants=decides.variants) == expected


@given(st.floats(1e-12, 1e12), st.floats(1.001, 1e9), st.sampled_from([1, 2, 3, 6, 9]))
def test_round_numbers_run_from_low_to_high(low: float, factor: float, steps: int) -> None:
    values = round_numbers(low, low * factor, steps)
    assert values[0] == low
    assert values[-1] == low * factor
    assert values == sorted(set(values))
    assert len(values) <= steps * (math.log10(factor) + 1) + 3


@given(st.sampled_from([1, 2, 3, 6, 9]))
def test_slugs_say_their_number_and_nothing_to_escape(steps: int) -> None:
    for value in round_numbers(1e-12, 1e12, steps):
        text = slug(value)
        assert float(text) == value
        assert set(text) <= set("0123456789.e-")
        assert len(text) <= 8


@pytest.mark.parametrize(("text", "value"), [("5/3", 5 / 3), ("0.75", 0.75), (" 1e2 ", 100), ("-1 / 4", -0.25)])
def test_a_number_is_typed_as_a_decimal_or_a_quotient(text, value):
    assert read_number(text) == value


@pytest.mark.parametrize("text", ["", "5/0", "5//3", "1/2/3", "a half", "1001", "-1", "nan", "1/nan", "inf"])
def test_a_typed_number_out_of_range_or_none_is_refused_with_its_bounds(text):
    settings, rejected = YourNetwork.read({"clip": [text]})
    assert (settings, rejected) == (YourNetwork(), ["clip"])
    sentence = links.reject(YourNetwork, "clip", [text])
    assert sentence == f"`y.clip={text}` is not a number from 0 to 1000, such as 0.75 or 1/3; using 0."
