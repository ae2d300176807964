"""Frames from Parquet."""

from __future__ import annotations

import warnings
from collections import Counter
from io import BytesIO
from typing import TYPE_CHECKING

from mesa_llm_city.core.tables.faults import fault
from mesa_llm_city.core.tables.numerals import plain_numbers

if TYPE_CHECKING:  # heavy, and so imported only where it is used
    import pandas as pd

__all__ = ["parquet_frame"]


def parquet_frame(name: str, data: bytes) -> tuple[pd.DataFrame, tuple[int, int]]:
    """Read a frame; its index counts as columns if it has names.

    Returns
    -------
    frame : pandas.DataFrame
    thousands, decimals : int
        How many numbers written as text were rewritten (see `plain_numbers`).

    Raises
    ------
    DataError
        If the bytes are damaged, or have columns of the same name.
    """
    import pandas as pd

    frame = _frame(name, data)
    if any(level is not None for level in frame.index.names):
        frame = frame.reset_index()
    frame = frame.reset_index(drop=True)
    headers = [str(header).strip() for header in frame.columns]
    twice = [header for header, count in Counter(headers).items() if count > 1]
    if twice:
        raise fault(name, f"there are several columns {', '.join(twice)}; keep one of each")
    frame.columns = pd.Index(headers, dtype=str)
    return frame, _plain_texts(frame)


def _frame(name: str, data: bytes) -> pd.DataFrame:
    import pyarrow as pa
    import pyarrow.parquet as pq

    errors = (ValueError, OSError, TypeError, KeyError, NotImplementedError, pa.ArrowException)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # users cannot act on those of a library
            table = pq.read_table(BytesIO(data))
            table.validate(full=True)  # text that is no UTF-8 would only be found on use
            frame: pd.DataFrame = table.to_pandas()
    except errors as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise fault(name, f"is a damaged Parquet file ({reason}); write it again") from error
    return frame


def _plain_texts(frame: pd.DataFrame) -> tuple[int, int]:
    """Rewrite numbers in columns of text, in place; blank cells stay missing."""
    import pandas as pd

    names = [one for one in frame.columns if pd.api.types.is_string_dtype(frame[one].dtype)]
    missing = {one: frame[one].isna() for one in names}
    columns = [frame[one].astype(object).where(~missing[one], "").tolist() for one in names]
    if not all(isinstance(cell, str) for column in columns for cell in column):
        return 0, 0
    before = [list(column) for column in columns]
    changed = plain_numbers(columns, ",")
    for one, cells, old in zip(names, columns, before, strict=True):
        if cells != old:
            frame[one] = pd.Series(cells, dtype=str).mask(missing[one])
    return changed
