"""The error tree: what a message tells, and that errors survive pickling."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core import errors
from mesa_llm_city.core.errors import (
    ChoiceError,
    CityError,
    ConfigError,
    DataError,
    ThinkingError,
)

TREE = [getattr(errors, name) for name in errors.__all__]


@pytest.mark.parametrize(
    ("kind", "base"),
    [
        (ConfigError, ValueError),
        (DataError, ValueError),
        (ChoiceError, ValueError),
        (ThinkingError, RuntimeError),
    ],
)
def test_each_error_is_a_city_error_and_a_builtin_one(
    kind: type[CityError], base: type[Exception]
) -> None:
    assert issubclass(kind, CityError)
    assert issubclass(kind, base)


@pytest.mark.parametrize("kind", TREE)
def test_every_error_of_the_module_grows_on_the_tree(kind: type[Exception]) -> None:
    assert issubclass(kind, CityError)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (CityError("no place"), "no place"),
        (CityError("no place", person=0), "no place (person 0)"),
        (CityError("no place", minute=0), "no place (minute 0)"),
        (CityError("no place", purpose="meal"), "no place (meal)"),
        (
            CityError("no place", person=3, minute=480, purpose="meal"),
            "no place (person 3, minute 480, meal)",
        ),
    ],
)
def test_a_message_tells_whom_when_and_what_it_concerns(error: CityError, message: str) -> None:
    assert str(error) == message


@pytest.mark.parametrize("kind", TREE)
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_errors_pickle_with_their_attributes(kind: type[CityError], protocol: int) -> None:
    error = kind("wrong", person=3, minute=480, purpose="meal")
    copied = pickle.loads(pickle.dumps(error, protocol))
    assert type(copied) is kind
    assert copied.args == ("wrong",)
    assert vars(copied) == vars(error)
    assert str(copied) == str(error)


def test_a_copy_of_an_error_keeps_its_attributes() -> None:
    error = ThinkingError("wrong", person=3)
    assert copy.copy(error).person == 3
    assert copy.deepcopy(error).person == 3


def test_notes_and_attributes_given_later_travel_along() -> None:
    error = ThinkingError("wrong")
    error.person = 8
    error.add_note("also failed: another")
    copied = pickle.loads(pickle.dumps(error))
    assert copied.person == 8
    assert copied.__notes__ == ["also failed: another"]


def test_a_subclass_with_its_own_arguments_pickles() -> None:
    copied = pickle.loads(pickle.dumps(_PriceError(price=3)))
    assert str(copied) == "costs 3"
    assert copied.price == 3


def test_a_message_can_be_printed_whatever_a_file_has_put_into_it() -> None:
    error = CityError("no column \x00\x1b[31m\ud800\u202e or " + "x" * 5000 + ", give one")
    message = str(error)
    assert message.encode("utf-8").isascii()
    assert message.isprintable()
    assert message.startswith(r"no column \x00\x1b[31m\ud800\u202e or xxx")
    assert message.endswith("... (5,001 characters) give one")


class _PriceError(CityError):
    def __init__(self, *, price: int) -> None:
        super().__init__(f"costs {price}")
        self.price = price


class TestDataErrorListing:
    def test_one_defect_is_told_in_the_singular(self) -> None:
        error = DataError.listing("shops.csv", ["row 2: no longitude"])
        assert str(error) == "shops.csv has 1 defect:\n  - row 2: no longitude"

    @pytest.mark.slow
    @given(st.lists(st.text(st.characters(exclude_categories=["C"]), min_size=1), min_size=1))
    def test_every_defect_stands_in_the_message_and_the_attribute(self, defects: list[str]) -> None:
        error = DataError.listing("shops.csv", iter(defects))
        assert error.defects == tuple(defects)
        assert all(f"  - {defect}" in str(error) for defect in defects)

    def test_defects_pickle(self) -> None:
        error = DataError.listing("shops.csv", ["row 2: no longitude", "row 9: no category"])
        copied = pickle.loads(pickle.dumps(error))
        assert copied.defects == error.defects
        assert str(copied) == str(error)

    def test_a_plain_data_error_has_no_defects(self) -> None:
        assert DataError("no such file").defects == ()
