import subprocess
import sys


def test_analysis_knows_nothing_of_django():
    program = (
        "import importlib, pkgutil, sys, analysis\n"
        "[importlib.import_module(f'analysis.{m.name}') for m in pkgutil.iter_modules(analysis.__path__)]\n"
        "print('django' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
