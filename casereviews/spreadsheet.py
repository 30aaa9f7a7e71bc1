"""Text from the web in a cell that a spreadsheet takes for text and never for a formula."""

from casereviews.terminal import clean

_FORMULA = tuple("=+-@＝＋－＠")
"""What a formula begins with, also in the wide letters that spreadsheets fold."""


def cell(value: object) -> object:
    """The value of a cell of a CSV file: lists joined, control characters gone, no formula."""
    if isinstance(value, (list, tuple)):
        value = "; ".join(map(str, value))
    if not isinstance(value, str):
        return value
    value = clean(value)
    return f"'{value}" if value.startswith(_FORMULA) else value
