"""The types that the page's comments declare hold: checked with Debian's node-typescript."""

import shutil
import subprocess
from pathlib import Path

import pytest

here = Path(__file__).parent
modules = [path for path in (here / "../../Web").resolve().rglob("*.js") if "vendor" not in path.parts]


def test_every_module_asks_to_be_checked():
    assert [path.name for path in modules if not path.read_text().startswith("// @ts-check\n")] == []


@pytest.mark.skipif(shutil.which("tsc") is None, reason="tsc is not installed (Debian's node-typescript)")
def test_the_checker_has_nothing_to_say():
    checked = subprocess.run(["tsc", "-p", here / "tsconfig.json"], capture_output=True, text=True, timeout=300)
    assert checked.stdout == ""
