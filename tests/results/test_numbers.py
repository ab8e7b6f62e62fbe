"""Numbers as printed: half up on the shortest decimal text, by an oracle in whole numbers."""

import decimal
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custfocus.errors import OptionError
from custfocus.results.numbers import decimals_for, formatted, p_text, rounded

finite = st.floats(allow_nan=False, allow_infinity=False)
ties = st.builds(
    lambda whole, tenths: float(f"{whole}e-{tenths}"),
    st.integers(-(10**9), 10**9),
    st.integers(0, 9),
)
numbers = finite | ties


def half_up(value, decimals):
    """The text by whole numbers alone: digits of the shortest text, a half away from zero."""
    scaled = abs(Fraction(repr(value))) * 10**decimals
    whole = math.floor(scaled + Fraction(1, 2))
    digits = str(whole).rjust(decimals + 1, "0")
    text = f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits
    return f"-{text}" if value < 0 and whole else text


class TestRounded:
    @pytest.mark.parametrize(
        ("value", "decimals", "text"),
        [
            (6.25, 1, "6.3"), (-6.25, 1, "-6.3"), (0.5, 0, "1"), (2.5, 0, "3"), (2.675, 2, "2.68"),
            (1.005, 2, "1.01"), (-0.04, 1, "0.0"), (-0.05, 1, "-0.1"), (-0.0, 2, "0.00"),
            (99.95, 1, "100.0"), (1e22, 1, "10000000000000000000000.0"),
            (1e23, 0, "100000000000000000000000"), (5e-324, 3, "0.000"), (7, 1, "7.0"),
            (math.nan, 1, "-"), (math.inf, 1, "inf"), (-math.inf, 1, "-inf"),
        ],
    )  # fmt: skip
    def test_halves_go_up_as_a_reader_of_the_shortest_text_would_round(self, value, decimals, text):
        assert rounded(value, decimals) == text

    @given(numbers, st.integers(0, 340))
    def test_it_agrees_with_whole_numbers(self, value, decimals):
        assert rounded(value, decimals) == half_up(value, decimals)

    def test_a_number_of_numpy_reads_like_one_of_python(self):
        assert rounded(np.float64(6.25), 1) == rounded(6.25, 1)

    @given(numbers, st.integers(0, 30))
    def test_a_decimal_context_of_the_caller_changes_nothing(self, value, decimals):
        with decimal.localcontext(decimal.Context(prec=1, rounding=decimal.ROUND_DOWN)):
            assert rounded(value, decimals) == half_up(value, decimals)


specs = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["", "<", ">", "^", "=", "*<", "x^", "0=", "\n>", ">>"]),
        st.sampled_from(["", "+", "-", " "]),
        st.sampled_from(["", "#"]),
        st.sampled_from(["", "0"]),
        st.sampled_from(["", "1", "14"]),
        st.sampled_from(["", ",", "_"]),
        st.sampled_from([".3f", ".4F", ".3%", "f", "%", ".9e", ".9E", ".9g", ".9G", ".9", ""]),
    ),
)


class TestFormatted:
    @pytest.mark.parametrize(
        ("value", "spec", "text"),
        [
            (6.25, ".1f", "6.3"), (2.675, ".2f", "2.68"), (-0.04, ".1f", "0.0"),
            (-0.04, "+.1f", "+0.0"), (-0.0, "", "0.0"), (0.0625, ".1%", "6.3%"),
            (0.285, ".0%", "29%"), (1234.25, "+10,.1f", "  +1,234.3"), (1234.25, "_.1f", "1_234.3"),
            (6.25, "*^9.1f", "***6.3***"), (6.25, "08.1f", "000006.3"), (6.25, ".1e", "6.3e+00"),
            (62500, ".1E", "6.3E+04"), (6.25, ".2g", "6.3"), (0.000625, ".2", "0.00063"),
            (6.25, ".0g", "6"), (0.1 + 0.2, "", "0.30000000000000004"),
            (6.0000005, "f", "6.000001"), (1.7976931348623157e308, ".1e", "1.8e+308"),
            (5e-324, ".1f", "0.0"), (0, ".2g", "0"), (math.inf, "6.1f", "   inf"),
            (-math.inf, ".1%", "-inf%"),
        ],
    )  # fmt: skip
    def test_halves_go_up_whatever_the_format(self, value, spec, text):
        assert formatted(value, spec) == text

    @given(st.integers(-(10**9), 10**9), st.integers(0, 5))
    def test_decimals_read_as_in_tables(self, whole, decimals):
        value = whole / 10**5
        assert formatted(value, f".{decimals}f") == rounded(value, decimals)

    @given(st.integers(-(10**5), 10**5), specs)
    def test_what_needs_no_rounding_is_written_as_python_writes_it(self, eighths, spec):
        value = eighths / 8
        assert formatted(value, spec) == format(value, spec)

    @pytest.mark.parametrize(
        ("spec", "text"),
        [
            (".1f", "-"), ("6.1f", "     -"), ("<4", "-   "), ("*^+5.2%", "**-**"),
            ("08.1f", " " * 7 + "-"), ("=4f", "   -"),
        ],
    )  # fmt: skip
    def test_no_answer_is_a_dash_of_the_width_asked_for(self, spec, text):
        assert formatted(math.nan, spec) == text

    @pytest.mark.parametrize("spec", ["d", "s", ".1x", "1.f", "%Y", ".99999999999f", ",n"])
    def test_a_format_that_floats_lack_is_an_error(self, spec):
        with pytest.raises(OptionError, match=f"a format must be .* got '{spec}'"):
            formatted(6.25, spec)


class TestDecimals:
    @pytest.mark.parametrize(
        ("low", "high", "decimals"),
        [
            (0, 100, 1), (-100, 100, 1), (1, 5, 2), (0, 10, 2), (0, 1, 3), (0, 200, 1), (0, 201, 0),
            (0, 1e6, 0), (-1e308, 1e308, 0), (-1.7976931348623157e308, 1.7976931348623157e308, 0),
            (0, 5e-324, 326), (-math.inf, math.inf, 1), (0, math.inf, 1), (math.nan, 1, 1),
            (3, 3, 1),
        ],
    )  # fmt: skip
    def test_a_range_takes_three_or_four_digits(self, low, high, decimals):
        assert decimals_for(low, high) == decimals

    @given(st.floats(1e-12, 1e12))
    def test_the_last_decimal_is_a_thousandth_of_half_the_range_or_a_little_less(self, span):
        decimals = decimals_for(0, span)
        steps = span / 2 * 10**decimals
        assert decimals == 0 or 100 < steps * (1 + 1e-9) <= 1000 * (1 + 2e-9)


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.038, "0.038"), (0.0385, "0.039"), (0.001, "0.001"), (0.000999, "< 0.001"),
        (0.0, "< 0.001"), (1.0, "1.000"), (math.nan, "-"), (None, "-"),
    ],
)  # fmt: skip
def test_p_values_have_three_decimals_and_a_smallest_text(p, text):
    assert p_text(p) == text
