"""Labels of series and frames, as pandas and polars have them: aligned, or refused.

A frame turned into an array forgets which column is whose, and a covariance in another order is a
number like any other. Neither library is needed here: what has `columns`, or an `index`, and can be
turned into an array is read by those.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeGuard

import numpy as np
from attrs import NOTHING
from numpy.typing import NDArray

from hedgecore.errors import AssetError, SpecError
from hedgecore.numerics.arrays import PLAIN, Array, LabelledColumns, LabelledRows, row_labels

Labels = NDArray[Any]
UNSAID = (type(None), type(NOTHING))


def is_frame(given: Any) -> TypeGuard[LabelledColumns]:
    """True if a thing is a table with labelled columns."""
    return not isinstance(given, np.ndarray | Mapping) and isinstance(given, LabelledColumns)


def by_name(given: Any, what: str) -> Mapping[str, Any]:
    """Numbers by name: of a mapping, of a labelled series, or of the columns of a frame.

    Args:
        given: any of those.
        what: its name, for errors.

    Raises:
        SpecError: no labels, labels that are no names, or one of them twice.

    """
    if isinstance(given, Mapping):
        return given
    if is_frame(given):
        names = _names(given.columns, what)
        return dict(zip(names, np.asarray(given.to_numpy()).T, strict=True))
    if isinstance(given, LabelledRows):
        return dict(zip(_names(given.index, what), np.asarray(given.to_numpy()), strict=True))
    reason = f"must be asset = number, or a series labelled by asset, not a {type(given).__name__}"
    raise SpecError(reason, field=what)


def refuse_misaligned(**given: Any) -> None:
    """Refuse numbers by name whose rows are labelled twice alike, or unlike those of another.

    Args:
        given: what each is called → a series, a frame, or a mapping with series in it; the rest is
            passed.

    Raises:
        SpecError: with the label, or the names of two of them.

    """
    labelled = [each for what, numbers in given.items() for each in _row_labels(what, numbers)]
    for name, labels in labelled:
        _refuse_twice(name, labels)
        if not np.array_equal(labels, labelled[0][1]):
            first = labelled[0][0]
            raise SpecError(f"{first} and {name} have differently labelled rows: align them first")


def refuse_labels(what: str, given: Any, shape: tuple[int, ...]) -> None:
    """Refuse a series or a frame beside numbers of some shape, whose labels nobody knows any more.

    Args:
        what: its name, for errors.
        given: whatever it is: what has no labels passes, and so does what merely counts its rows.
        shape: of the other numbers; beside a single one only labels that stand twice are refused.

    Raises:
        SpecError: with what to give instead.

    """
    labels = row_labels(given)
    if labels is None:
        return
    _refuse_twice(what, np.asarray(given.index))
    if shape:
        said = f"{what} is labelled {str(labels[0])!r:.40} and on, beside numbers without labels"
        raise SpecError(f"{said}: align the two, and give its numbers by to_numpy()")


def _refuse_twice(name: str, labels: Labels) -> None:
    twice = [label for label, count in Counter(labels.tolist()).items() if count > 1]
    if twice:
        label = str(labels[labels == twice[0]][0])
        raise SpecError(f"{name} has two rows labelled {label!r:.80}: leave one of them out")


def _row_labels(what: str, given: Any) -> Iterator[tuple[str, Labels]]:
    """Name, and the labels of the rows, of each thing that has such labels."""
    if isinstance(given, Mapping):
        for name, each in given.items():
            if type(each) not in PLAIN and isinstance(each, LabelledRows):
                yield f"{what}.{name}", np.asarray(each.index)
    elif type(given) not in (*UNSAID, *PLAIN) and isinstance(given, LabelledRows):
        yield what, np.asarray(given.index)


def square(frame: LabelledColumns, assets: Sequence[str], zero: str | None = None) -> Array:
    """Numbers of a frame over pairs of assets, (n, n), in the order of `assets`.

    Args:
        frame: columns are assets, and so are rows; rows without labels are in the order of the
            columns, which is believed of a symmetric frame alone.
        assets: n names.
        zero: an asset that the frame need not have, and whose pairs are zero.

    Raises:
        AssetError: an asset that the frame has no column or no row of.
        SpecError: labels that are no names, or a frame whose order cannot be known.

    """
    what = "a frame over pairs of assets"
    columns, matrix = _names(frame.columns, what), np.asarray(frame.to_numpy(), dtype=np.float64)
    rows = _names(frame.index, what) if isinstance(frame, LabelledRows) else columns
    if matrix.shape != (len(rows), len(columns)):
        raise SpecError(f"{what} is square, not {matrix.shape}")
    if not isinstance(frame, LabelledRows) and not np.allclose(matrix, matrix.T, rtol=1e-9, atol=0):
        raise SpecError(f"{what} has rows in the order of its columns {columns}: this is another")
    found = np.zeros((len(assets), len(assets)))
    places = [i for i, asset in enumerate(assets) if asset != zero]
    names = [assets[i] for i in places]
    across = np.ix_(_places(names, rows), _places(names, columns))
    found[np.ix_(places, places)] = matrix[across]
    return found


def _names(labels: Iterable[Any], what: str) -> list[str]:
    found = list(labels)
    for label in found:
        if not isinstance(label, str):
            raise SpecError(f"labels are names of assets, not {label!r:.80}", field=what)
    twice = [name for name in found if found.count(name) > 1]
    if twice:
        raise SpecError(f"two are labelled {twice[0]!r:.80}", field=what)
    return found


def _places(assets: Sequence[str], labels: Sequence[str]) -> list[int]:
    for asset in assets:
        if asset not in labels:
            listed = ", ".join(labels)
            raise AssetError(f"the frame has no row or column of {asset!r:.80} ({listed:.200})")
    return [labels.index(asset) for asset in assets]
