import datetime as dt
import io

import openpyxl
import pytest

from ui.exports import Column, Export, cell, csv_response, xlsx_response

ROWS = [
    {"measure": "=cmd|' /C calc'!A0", "value": 8.25, "on": dt.date(2021, 3, 9)},
    {"measure": "Lead time", "value": None, "on": None},
]
COLUMNS = [Column("measure", "Measure", "What was measured"), Column("value", "Value"), Column("on", "On")]


def export(**changes):
    given = {"name": "rows", "columns": COLUMNS, "rows": ROWS, "title": "Rows", "source": "A report"}
    return Export(**{**given, **changes})


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_cell_disarms_what_a_spreadsheet_would_run(start):
    assert cell(f"{start}1+1") == f"'{start}1+1"


def test_cell_keeps_numbers_numbers():
    assert cell(-3) == -3
    assert cell(-0.5) == -0.5
    assert [cell(None), cell(True), cell(False)] == ["", "yes", "no"]


def test_csv_response():
    response = csv_response(export())
    text = b"".join(response.streaming_content)
    assert text.startswith(b"\xef\xbb\xbf")
    lines = text.decode("utf-8-sig").splitlines()
    assert lines == ["Measure,Value,On", "'=cmd|' /C calc'!A0,8.25,2021-03-09", "Lead time,,"]
    assert response["Content-Disposition"] == 'attachment; filename="rows.csv"'


def test_csv_synthetic_rows_say_so():
    text = b"".join(csv_response(export(synthetic=True)).streaming_content).decode("utf-8-sig")
    assert text.splitlines()[0] == "Measure,Value,On,Synthetic"
    assert text.splitlines()[1].endswith(",yes")


def test_xlsx_response():
    response = xlsx_response(export(synthetic=True))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    rows = list(book["Rows"].values)
    assert rows[0] == ("Measure", "Value", "On", "Synthetic")
    assert rows[1][:3] == ("'=cmd|' /C calc'!A0", 8.25, dt.datetime(2021, 3, 9))
    notes = dict(row[:2] for row in book["What this is"].values if row[0])
    assert notes["Source"] == "A report"
    assert notes["Measure"] == "What was measured"
    assert "Synthetic" in notes
    response.file_to_stream.close()
