"""A document as a spreadsheet: XLSX with a sheet for each table, or CSV of one table.

What a deputy wrote must stay text in the hands of whoever opens it: a cell is never a formula. In XLSX a cell says that it is
text; in CSV a sign before it does. https://owasp.org/www-community/attacks/CSV_Injection
"""

import csv
import io
from typing import Final

from chalicelib.performance.telling import Cell, Document, Table

MARK: Final = "\ufeff"  # tells a spreadsheet that the file is UTF-8
STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
WIDTH: Final = 90  # characters across a sheet
LONGEST_NAME: Final = 31  # of a sheet, by Excel


def xlsx(document: Document) -> bytes:
    """A workbook, a sheet a table."""
    import xlsxwriter  # 20 ms of a cold start that hardly any request needs

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True})
    for table in document.tables:
        sheet = book.add_worksheet(_sheet_name(table.heading))
        sheet.write_string(0, 0, f"{document.title} · {document.subtitle} · {document.foot}", bold)
        for column, (name, width) in enumerate(table.columns):
            sheet.set_column(column, column, width * WIDTH)
            sheet.write_string(2, column, name, bold)
        for number, row in enumerate(table.rows, start=3):
            for column, cell in enumerate(row):
                _write(sheet, number, column, cell)
        sheet.freeze_panes(3, 0)
    book.close()
    return out.getvalue()


def _sheet_name(heading: str) -> str:
    return "".join(letter for letter in heading if letter not in "[]:*?/\\'")[:LONGEST_NAME]


def _write(sheet: object, row: int, column: int, cell: Cell) -> None:
    write = sheet.write_string if isinstance(cell, str) else sheet.write_number  # type: ignore[attr-defined]
    write(row, column, cell)


def as_csv(table: Table) -> bytes:
    """One table, with its header."""
    out = io.StringIO(MARK, newline="")
    out.seek(0, io.SEEK_END)
    lines = csv.writer(out)
    lines.writerow([harmless(name) for name, _ in table.columns])
    lines.writerows([harmless(cell) for cell in row] for row in table.rows)
    return out.getvalue().encode()


def harmless(cell: Cell) -> Cell:
    """A cell that no spreadsheet takes for a formula: an apostrophe goes before one that would begin like it."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(STARTS_A_FORMULA) else cell
