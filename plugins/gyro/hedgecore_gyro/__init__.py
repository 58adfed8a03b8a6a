"""Concentrated pools of Gyroscope: the 2-CLP, a range, and the E-CLP, an arc of an ellipse."""

from hedgecore import PairPool, hookimpl
from hedgecore_gyro.e_clp import GyroEClp
from hedgecore_gyro.two_clp import Gyro2Clp

__all__ = ["Gyro2Clp", "GyroEClp"]


@hookimpl
def hedgecore_pools() -> list[type[PairPool]]:
    """Provide `gyro-2clp` and `gyro-eclp`."""
    return [Gyro2Clp, GyroEClp]
