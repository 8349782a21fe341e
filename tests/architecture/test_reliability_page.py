"""docs/reliability.md lists every test of a fault, with figures, and none that is not there."""

import re

from tests.reliability import PAGE, ROOT, ROW, in_words, with_figures

TESTS = ("tests/integration/faults/test_faults.py", "tests/soak/test_faults.py")


def test_page_lists_every_test_of_a_fault_and_no_other():
    written = {
        name for path in TESTS for name in re.findall(r"^def (test_\w+)", (ROOT / path).read_text(), re.MULTILINE)
    }
    listed = {match["test"].partition("[")[0] for match in ROW.finditer(PAGE.read_text())}
    assert listed == written


def test_every_test_on_the_page_has_figures():
    assert [match[0] for match in ROW.finditer(PAGE.read_text()) if match[0].endswith("| - |")] == []


def test_figures_of_a_run_replace_those_of_the_one_before():
    page = "| `test_a[b]` | what | old 1 |\n| `test_c` | what | old 2 |\n"
    new = with_figures(page, {"test_a[b]": {"on": "2026-11-21", "caught_up_s": 1.5}})
    assert new == "| `test_a[b]` | what | caught up s 1.5 |\n| `test_c` | what | old 2 |\n"
    assert in_words({"on": "2026-11-21", "kills": 5, "caught_up_s": 2}) == "kills 5, caught up s 2"
