"""The commit hook stops what must not be committed, and the pipeline stops it when the hook was passed by."""

import pytest

from tools.working_copy import WorkingCopy

KEY = "AKIA" + "Q3EGRHJ7ZK5LW2PX"
# What is planted in which file, and what the hook says.
PLANTED = [
    ("tools/example.py", '"""Example."""\n\nanswer = {  "a":1 }\n', "not formatted"),
    ("tools/example.py", '"""Example."""\n\nimport os\n', "not clean"),
    ("tools/example.py", '"""Example."""\n\nanswer = eval("1 + 1")\n', "not clean"),
    ("docs/example.md", f"the key is {KEY}\n", "a secret: docs/example.md: 1: AWS Access Key"),
    ("docs/example.md", "see https://py" + "pi.org/simple\n", "a package registry's host name"),
]


@pytest.fixture
def hooked(small_copy: WorkingCopy) -> WorkingCopy:
    """A small copy of the repository with its hooks switched on as `make hooks` does."""
    assert small_copy.run("make", "hooks").code == 0
    return small_copy


@pytest.mark.parametrize(("file", "text", "sentence"), PLANTED)
def test_a_commit_with_a_violation_is_refused(hooked: WorkingCopy, file: str, text: str, sentence: str) -> None:
    hooked.append(file, text)
    answer = hooked.commit("Plant")
    assert answer.code == 1
    assert sentence in answer.output
    assert "Plant" not in hooked.run("git", "log", "--format=%s").output


def test_a_clean_commit_passes(hooked: WorkingCopy) -> None:
    hooked.append("tools/example.py", '"""Example."""\n\nANSWER = 42\n')
    answer = hooked.commit("Add an example")
    assert answer.code == 0, answer.output


def test_a_commit_without_the_locked_tools_says_what_to_run(hooked: WorkingCopy) -> None:
    (hooked.root / ".venv").unlink()
    answer = hooked.commit("Plant", "--allow-empty")
    assert answer.code == 1
    assert answer.output.endswith("run make setup and commit again.\n")


def test_what_counts_is_what_is_staged(hooked: WorkingCopy) -> None:
    hooked.append("docs/example.md", f"the key is {KEY}\n")
    assert hooked.run("git", "add", "docs/example.md").code == 0
    (hooked.root / "docs" / "example.md").write_text("no key\n", encoding="utf-8")
    answer = hooked.run("git", "commit", "--message", "Plant")
    assert answer.code == 1
    assert "a secret: docs/example.md" in answer.output


@pytest.mark.practice(6)
@pytest.mark.practice(17)
def test_a_committed_key_is_stopped_by_the_hook_and_by_the_pipeline_and_is_the_only_one(hooked: WorkingCopy) -> None:
    hooked.run("git", "switch", "--quiet", "--create", "leak")
    hooked.append("docs/example.md", f"the key is {KEY}\n")
    refused = hooked.commit("Plant")
    assert refused.code == 1
    assert "a secret: docs/example.md: 1: AWS Access Key" in refused.output
    assert hooked.commit("Plant", "--no-verify").code == 0
    pipeline = hooked.tool("check", "secrets")
    assert pipeline.code == 1
    found, _, rest = pipeline.output.partition("`")
    assert found == "docs/example.md: 1: AWS Access Key\n"
    assert "FAILED  secrets" in rest


@pytest.mark.long
@pytest.mark.practice(35)
def test_a_changed_model_without_a_migration_is_stopped_by_the_hook_and_by_the_pipeline(copy: WorkingCopy) -> None:
    assert copy.run("make", "hooks").code == 0
    models = copy.root / "tradepost" / "src" / "tradepost" / "stock" / "models.py"
    text = models.read_text(encoding="utf-8")
    before, name, after = text.partition("    __tablename__")
    models.write_text(f"{before}    planted: Mapped[int]\n{name}{after}", encoding="utf-8")
    refused = copy.commit("Plant")
    assert refused.code == 1
    assert "the models and the migrations differ" in refused.output
    assert "planted" in refused.output
    pipeline = copy.tool("check", "migrations match the models")
    assert pipeline.code == 1
    assert "planted" in pipeline.output
