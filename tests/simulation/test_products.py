"""Products over the steps of a frame: their sums are those of their steps."""

import numpy as np
import pytest

from hedgecore.simulation.engine.products import OpeningValues, StepChange, StepProduct, StepValues

SHAPE = STEPS, PATHS = 5, 3
RNG = np.random.default_rng(0)
WHOLE, BEFORE = RNG.standard_normal(SHAPE), RNG.standard_normal((1, PATHS))
ONE, TWO = np.full((1, 1), 1.5), np.full((1, 1), 2.5)
CASES = {
    "a constant": [StepValues(ONE)],
    "a row": [StepValues(BEFORE)],
    "a number of each step": [StepValues(RNG.standard_normal((STEPS, 1)))],
    "an array": [StepValues(WHOLE), StepValues(BEFORE)],
    "what began": [OpeningValues(BEFORE, WHOLE)],
    "what began the same": [OpeningValues(ONE, ONE), StepValues(WHOLE)],
    "what became constant": [OpeningValues(BEFORE, ONE), StepValues(WHOLE)],
    "what was another constant": [OpeningValues(TWO, ONE)],
    "a change": [StepChange(BEFORE, WHOLE), StepValues(TWO)],
    "a change to a constant": [StepChange(BEFORE, ONE), StepValues(WHOLE)],
    "no change": [StepChange(ONE, ONE), StepValues(WHOLE)],
    "four of them": [
        StepValues(WHOLE),
        OpeningValues(BEFORE, WHOLE),
        StepChange(BEFORE, WHOLE),
        StepValues(WHOLE),
    ],
}


@pytest.mark.parametrize("case", CASES)
def test_a_sum_is_that_of_the_steps(case):
    product = StepProduct.of(SHAPE, *CASES[case])
    whole = product.whole()
    assert whole.shape == SHAPE
    np.testing.assert_allclose(product.sum(), whole.sum(axis=0), rtol=0, atol=1e-14)


def test_what_began_and_what_changed_are_what_was():
    np.testing.assert_array_equal(
        OpeningValues(BEFORE, WHOLE).whole(SHAPE), np.r_[BEFORE, WHOLE[:-1]]
    )
    np.testing.assert_array_equal(
        StepChange(BEFORE, WHOLE).whole(SHAPE), np.diff(WHOLE, axis=0, prepend=BEFORE)
    )


@pytest.mark.parametrize("case", CASES)
def test_a_frame_of_one_step_is_its_step(case):
    factors = [type(each)(*(number[:1] for number in each)) for each in CASES[case]]
    product = StepProduct.of((1, PATHS), *factors)
    np.testing.assert_allclose(product.sum(), product.whole()[0], rtol=0, atol=1e-15)
