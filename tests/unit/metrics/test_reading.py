"""Files as strangers send them, read in the child process: encodings, separators, and every kind of bad file."""

import io
import subprocess
import sys
import zipfile

import openpyxl
import pytest
import xlsxwriter

from metrics.files import child, limits, reading
from metrics.files.limits import Unreadable
from metrics.files.reading import ROOT
from metrics.files.xlsx import NEVER_CALCULATED

TEXT = 'Period,Café visits,Late\n01/04/2023,"1,200",12%\n'


def workbook(fill):
    book = openpyxl.Workbook()
    fill(book.active)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def archive(parts, method=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return file.getvalue()


def opendocument(rows, sheet="Sheet1", before=""):
    """A minimal OpenDocument sheet; a cell is a text or ready XML."""

    def cell(text):
        return text if text.startswith("<") else f"<table:table-cell><text:p>{text}</text:p></table:table-cell>"

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    table = f'<table:table table:name="{sheet}">{body}</table:table>'
    content = f'<?xml version="1.0"?><office:document-content>{before}{table}</office:document-content>'
    return archive({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_encodings_and_separators_are_found_out(encoding, separator):
    rows = [["Period", "Café visits", "Late"], ["01/04/2023", '"1,200"', "12%"], ["01/05/2023", '"1,300"', "*"]]
    text = "\r\n".join(separator.join(row) for row in rows)
    looked = reading.look(text.encode(encoding))
    assert looked["headings"] == ["Period", "Café visits", "Late"]
    assert looked["samples"][0] == [2, ["01/04/2023", "1,200", "12%"]]


def test_headings_stand_below_titles():
    looked = reading.look(("Theatre report 2023\n\n" + TEXT).encode())
    assert (looked["heading_row"], looked["layout"]) == (3, "own")
    assert looked["samples"][0][0] == 4


def test_values_of_formulas_are_read_and_formulas_never_run():
    sheet = '<row r="1"><c r="A1" t="str"><v>Period</v></c><c r="B1" t="str"><v>Late</v></c></row>'
    sheet += (
        '<row r="2"><c r="A2" t="str"><v>2023-04-01</v></c><c r="B2"><f>WEBSERVICE("http://a")</f><v>12.5</v></c></row>'
    )
    made = workbook(lambda page: page.append(["Period", "Late"]))
    with zipfile.ZipFile(io.BytesIO(made)) as there:
        parts = {name: there.read(name) for name in there.namelist()}
    namespace = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    parts["xl/worksheets/sheet1.xml"] = f"<worksheet {namespace}><sheetData>{sheet}</sheetData></worksheet>"
    assert reading.look(archive(parts))["samples"] == [[2, ["2023-04-01", "12.5"]]]
    assert reading.look(b"Period,Late\n1/4/2023,=1+1\n")["samples"] == [[2, ["1/4/2023", "=1+1"]]]


def test_number_is_read_with_the_sign_that_its_cell_shows():
    def fill(page):
        page.append(["Month", "Late", "Cost", "Cost in words", "Share"])
        page.append(["Apr 2023", 0.842, 3, -1200.5, 0.5])
        page.append(["May 2023", 0.9, 4, 7, "0.5"])
        for name, code in (("B2", "0.0%"), ("C2", '_-"£"* #,##0_-'), ("D2", "[$£-809]#,##0"), ("E2", '0.0"%"')):
            page[name].number_format = code
        page["E3"].number_format = "0%"

    assert reading.look(workbook(fill))["samples"] == [
        [2, ["Apr 2023", "84.2%", "£3", "£-1200.5", "0.5"]],
        [3, ["May 2023", "0.9", "4", "7", "0.5"]],
    ]
    percent = (
        '<table:table-cell office:value-type="percentage" office:value="0.842"><text:p>84%</text:p></table:table-cell>'
    )
    money = '<table:table-cell office:value-type="currency" office:currency="GBP" office:value="3"/>'
    looked = reading.look(opendocument([["Month", "Late", "Cost"], ["Apr 2023", percent, money]]))
    assert looked["samples"] == [[2, ["Apr 2023", "84.2%", "£3"]]]


def test_formula_without_a_value_stands_in_its_cell():
    """As programs write them: openpyxl leaves the value out, XlsxWriter puts 0 there and asks to calculate."""

    def fill(page):
        page.append(["Month", "Late"])
        page.append(["Apr 2023", "=SUM(D2:D9)"])
        page.append(["=TODAY()", "=1+1"])

    assert reading.look(workbook(fill))["samples"] == [[2, ["Apr 2023", "=SUM(D2:D9)"]], [3, ["=TODAY()", "=1+1"]]]
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    page = book.add_worksheet("A & B")
    page.write_row(0, 0, ["Month", "Late"])
    page.write_row(1, 0, ["Apr 2023"])
    page.write_formula("B2", '=C2&"<"')
    page.write_row(2, 0, ["May 2023"])
    page.write_formula("B3", "=1+1", None, 2)
    book.close()
    assert reading.look(file.getvalue())["samples"] == [[2, ["Apr 2023", '=C2&"<"']], [3, ["May 2023", "2"]]]
    formula = '<table:table-cell table:formula="of:=SUM([.D2])"/>'
    assert reading.look(opendocument([["Month", "Late"], ["Apr 2023", formula]]))["samples"][0][1][1] == "=SUM([.D2])"


def test_workbook_that_no_program_calculated_is_one_sentence():
    made = workbook(lambda page: [page.append(["Month", "Late"]), *(page.append([f"=A{n}", 1]) for n in range(10_050))])
    assert refusal(made) == NEVER_CALCULATED


def test_opendocument_repeats_and_dates_are_read():
    date = '<table:table-cell office:date-value="2023-04-01"><text:p>Apr 23</text:p></table:table-cell>'
    gap = '<table:table-cell table:number-columns-repeated="2"/>'
    end = '<table:table-cell table:number-columns-repeated="16000"/>'
    looked = reading.look(opendocument([["Period", gap, "Late &amp; early"], [end], [date, gap, "12"]]))
    assert looked["headings"] == ["Period", "", "", "Late & early"]
    assert looked["samples"] == [[3, ["2023-04-01", "", "", "12"]]]


def refusal(content):
    with pytest.raises(Unreadable) as refused:
        reading.look(content)
    return str(refused.value)


def test_cell_at_the_far_corner_is_refused():
    assert refusal(workbook(lambda page: page.cell(1_048_576, 16_384, 1))) == limits.TOO_MANY_COLUMNS
    far = '<table:table-cell table:number-columns-repeated="16383"/>'
    assert refusal(opendocument([["a", "b"], [far, "1"]])) == limits.TOO_MANY_COLUMNS


def test_cell_at_the_foot_of_the_last_column_that_may_be_takes_too_much_memory():
    made = workbook(lambda page: (page.append(["a", "b"]), page.cell(1_048_576, 256, 1)))
    assert refusal(made) == limits.TOO_MUCH_MEMORY


def test_zip_bombs_are_refused_by_what_they_unpack_to():
    bomb = archive({"xl/workbook.xml": "x", "xl/worksheets/sheet1.xml": b" " * 80_000_000})
    assert len(bomb) < 100_000
    assert refusal(bomb) == limits.UNPACKS_TOO_FAR
    assert refusal(archive({"content.xml": b" " * 80_000_000})) == limits.UNPACKS_TOO_FAR
    cell = "<table:table-cell><text:p>1</text:p></table:table-cell>"
    repeated = f'<table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row>'
    inside = f'<office:document-content><table:table table:name="a">{repeated}</table:table></office:document-content>'
    assert refusal(archive({"content.xml": inside})) == limits.UNPACKS_TOO_FAR


def test_entities_do_not_unfold():
    unfolding = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    row = "<table:table-row><table:table-cell><text:p>&b;</text:p></table:table-cell></table:table-row>"
    made = archive({"content.xml": f'{unfolding}<x><table:table table:name="a">{row}</table:table></x>'})
    assert refusal(made) == limits.DAMAGED


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n\n\n", "holds no rows"),
        (b"%PDF-1.7 ...", "neither a CSV file nor a workbook"),
        (b"\x00\x01\x02\x03" * 100, "neither a CSV file nor a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 10, "of the old kind"),
        (b"PK\x03\x04 and no more", "is damaged"),
        (b"1,2,3\n4,5,6\n", "No row of headings"),
        (b'Period,Late\n1/4/2023,"12\n' + b"x," * 100_000, "quotation mark is missing"),
        (b'Period,Falls,Remarks\n2019-01,1,"5 inch\n2019-02,2,ok\n2019-03,3,ok\n', "quotation mark is missing"),
    ],
)
def test_what_is_no_table_says_what_to_do(content, words):
    assert words in refusal(content)


def test_macro_workbook_is_refused():
    made = archive({"xl/workbook.xml": "x", "xl/vbaProject.bin": "x"})
    assert "never run here" in refusal(made)


def test_archive_of_something_else_is_refused():
    assert "neither a CSV file" in refusal(archive({"word/document.xml": "x"}))


def test_more_rows_than_a_sheet_has_are_refused():
    plan = {"do": "rows", "lines": [], "sheet": "",
            "book": {"kind": "csv", "sheets": [""], "encoding": "utf-8", "delimiter": ","}}  # fmt: skip
    with pytest.raises(Unreadable, match="more than 1,048,576 rows"):
        reading.rows(b"1,2\n" * 1_048_577, plan, [])


def in_the_limits(code):
    """Run code as the child does, with nothing but its limits."""
    start = f"from metrics.files import limits\nlimits.hold_to_limits()\n{code}"
    return subprocess.run([sys.executable, "-c", start], cwd=ROOT, capture_output=True, timeout=60)


def test_limits_hold_on_memory_files_and_processes():
    assert b"MemoryError" in in_the_limits("bytearray(310_000_000)").stderr
    assert in_the_limits("bytearray(100_000_000)").returncode == 0
    written = in_the_limits("import tempfile\nwith tempfile.TemporaryFile() as f: f.write(bytes(2_000_000)); f.flush()")
    assert written.returncode != 0


def test_limit_on_computing_time_holds():
    asked = in_the_limits("import resource; print(resource.getrlimit(resource.RLIMIT_CPU))")
    assert asked.stdout.strip() == b"(10, 10)"
    start = "from metrics.files import limits\nlimits.SECONDS = 1\nlimits.hold_to_limits()\nwhile True: pass"
    ended = subprocess.run([sys.executable, "-c", start], cwd=ROOT, timeout=60)
    assert ended.returncode in (-9, -24)


def test_child_has_neither_secrets_nor_a_database(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "very secret")
    seen = subprocess.Popen.__init__
    given = {}

    def note(self, *args, **kwargs):
        given.update(kwargs["env"])
        seen(self, *args, **kwargs)

    monkeypatch.setattr(subprocess.Popen, "__init__", note)
    reading.look(TEXT.encode())
    assert set(given) == {"PATH", "LANG", "PYTHONDONTWRITEBYTECODE"}


def test_child_that_dies_in_any_way_is_a_sentence(monkeypatch):
    """As calamine does on a file that its limits do not foresee."""
    for code, words in (
        (-6, limits.TOO_MUCH_MEMORY),
        (-24, limits.TOO_SLOW),
        (-9, limits.TOO_SLOW),
        (-11, limits.DAMAGED),
    ):
        with reading.reading(TEXT.encode(), {"do": "look"}) as started:
            started.lines.read()
            started.process.wait()
            monkeypatch.setattr(started.process, "wait", lambda *_, code=code: code)
            with pytest.raises(Unreadable) as refused:
                started.finish()
            assert str(refused.value) == words
    assert child.UNREADABLE
