"""What jets do not support is refused, naming itself: never a wrong derivative."""

import math
import operator

import numpy as np
import pytest
from scipy.special import ndtr

from hedgecore.numerics.jet import derivatives, variable, variables
from jets import BINARY, UNARY

UNSUPPORTED = {
    "numpy.sin": np.sin,
    "numpy.sign": np.sign,
    "ufunc.ndtr is not supported .* write _gamma": ndtr,
    "numpy.floor_divide": lambda x: x // 2,
    "numpy.matmul": lambda x: np.eye(3) @ x,
    "numpy.dot": lambda x: np.dot(np.eye(3), x),
    "numpy.linalg.norm": np.linalg.norm,
    "numpy.max": np.max,
    "numpy.mean": np.mean,
    "numpy.cumsum": np.cumsum,
    "numpy.copy": np.copy,
    "numpy.concatenate": lambda x: np.concatenate([x, x]),
    "numpy.einsum": lambda x: np.einsum("i,i", x, x),
    "numpy.isclose": lambda x: np.isclose(x, 1),
    "numpy.copyto": lambda x: np.full_like(x, x),
    "numpy.add.reduce": np.add.reduce,
    "numpy.multiply.accumulate": np.multiply.accumulate,
    "numpy.add: out=": lambda x: np.add(x, 1, out=np.zeros(3)),
    "numpy.exp: where=": lambda x: np.exp(x, where=[True, False, True]),
    "numpy.sum: where=": lambda x: np.sum(x, where=[True, False, True]),
    "numpy.prod: initial=": lambda x: np.prod(x, initial=2.0),
    "x \\+= y": lambda x: x.__iadd__(1),
    "use numpy, as in numpy.exp": math.exp,
    "cannot use math or float": float,
    "cannot branch on its values": bool,
    "numpy.array or asarray": np.array,
    "numpy.asarray|asarray": np.asarray,
    "use numpy.stack": lambda x: np.array([x, x]),
    "cannot use numpy.array": lambda x: np.zeros((2, 3)).__setitem__(0, x),
    "formula cannot use numpy.array": lambda x: np.where(x, 1, 2),
    "does not support item assignment": lambda x: operator.setitem(x, 0, 1.0),
    "works on real numbers, not on 1j": lambda x: x + 1j,
    "works on real numbers, not on None": lambda x: np.maximum(x, None),
    "works on real numbers, not on 'a'": lambda x: x == "a",
    "different variables": lambda x: x + variables(np.ones((2, 3)), 2)[0],
    "of different orders": lambda x: x * variable(np.ones(3), 1),
}


@pytest.mark.parametrize(("message", "use"), UNSUPPORTED.items(), ids=UNSUPPORTED)
def test_what_is_not_supported_raises_naming_itself(message, use):
    with pytest.raises(TypeError, match=message):
        use(variable([1.0, 2.0, 3.0], 2))


def test_what_is_not_supported_lists_what_is():
    with pytest.raises(TypeError) as refusal:
        np.sin(variable([1.0], 2))
    listed = str(refusal.value)
    for function in (*UNARY, *BINARY, np.where, np.clip, np.sum, np.prod, np.stack):
        assert function.__name__ in listed


def test_results_of_another_order_or_of_other_variables_are_refused():
    for result in (variable([1.0], 1), variables(np.ones((2, 1)), 2)[0], [variable([1.0], 2)], "a"):
        with pytest.raises(TypeError):
            derivatives(result, (1,), 1, 2)
