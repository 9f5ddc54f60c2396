"""Secrets are found, and known false alarms are not reported again."""

import pytest

from tools.secret_scan import BASELINE, Clean, scan
from tools.working_copy import WorkingCopy

# Put together here, so that this file does not hold what it plants.
KEYS = [
    "AKIA" + "Q3EGRHJ7ZK5LW2PX",
    "-----BEGIN RSA " + "PRIVATE KEY-----",
    'password = "' + 'hunter2-is-not-enough"',
    "https://anna:" + "s3cr3tword@db.example.com/shop",
]


@pytest.mark.parametrize("key", KEYS)
def test_a_secret_is_found_with_its_place(small_copy: WorkingCopy, key: str) -> None:
    small_copy.append("tools/settings.txt", f"first line\n{key}\n")
    found = scan(small_copy.root, [small_copy.root / "tools" / "settings.txt"])
    assert len(found) == 1
    assert found[0].startswith("tools/settings.txt: 2: ")


def test_a_password_in_a_test_is_let_through_but_a_key_is_not(small_copy: WorkingCopy) -> None:
    name = "tradepost/tests/pos/conftest.py"
    (small_copy.root / name).parent.mkdir(parents=True)
    (small_copy.root / name).write_text(f"{KEYS[2]}\n{KEYS[0]}\n", encoding="utf-8")
    assert scan(small_copy.root, [small_copy.root / name]) == [f"{name}: 2: AWS Access Key"]


def test_a_false_alarm_in_the_baseline_may_move_but_not_change(small_copy: WorkingCopy) -> None:
    name = "tools/settings.txt"
    settings = small_copy.root / name
    small_copy.append(name, KEYS[0] + "\n")
    assert small_copy.run("detect-secrets", "scan", "--no-verify", "--baseline", ".secrets.baseline", name).code == 0
    assert scan(small_copy.root, [settings]) == []
    settings.write_text(f"another first line\n\n{KEYS[0]}\n", encoding="utf-8")
    assert scan(small_copy.root, [settings]) == []
    settings.write_text(f"{KEYS[0][:-1]}A\n", encoding="utf-8")
    assert scan(small_copy.root, [settings]) == [f"{name}: 1: AWS Access Key"]


def test_a_clean_file_is_not_looked_at_again_until_it_its_name_or_the_rules_change(small_copy: WorkingCopy) -> None:
    settings, moved = small_copy.root / "tools" / "settings.txt", small_copy.root / "tools" / "moved.txt"
    clean = Clean(small_copy.root / "clean")
    settings.write_text("quiet\n", encoding="utf-8")
    assert scan(small_copy.root, [settings], clean) == []
    assert clean.without(small_copy.root, ["tools/settings.txt"]) == []

    settings.rename(moved)
    assert clean.without(small_copy.root, ["tools/moved.txt"]) == ["tools/moved.txt"]
    moved.rename(settings)
    small_copy.append(BASELINE, "\n")
    assert clean.without(small_copy.root, ["tools/settings.txt"]) == ["tools/settings.txt"]
    assert scan(small_copy.root, [settings], clean) == []
    settings.write_text(f"{KEYS[0]}\n", encoding="utf-8")
    for _ in range(2):  # what was found is found again
        assert scan(small_copy.root, [settings], clean) == ["tools/settings.txt: 1: AWS Access Key"]
