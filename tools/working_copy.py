"""A copy of the repository that a test may damage, with a git of its own and the installed packages of this one."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tools.process import ROOT, TOOLS, VENV, WEB
from tools.tree import files

# Committing needs somebody; no configuration of this machine is read or written.
IDENTITY = {
    "GIT_AUTHOR_NAME": "Test",
    "GIT_AUTHOR_EMAIL": "test@example.com",
    "GIT_COMMITTER_NAME": "Test",
    "GIT_COMMITTER_EMAIL": "test@example.com",
}
NOT_INHERITED = ("GIT_", "COV_", "COVERAGE_", "PYTEST_")
TIME_LIMIT = 120.0
TYPES_SEEN = ".mypy_cache"
# What is installed is shared with the copy by links.
INSTALLED = {".venv": VENV, ".tools": TOOLS, "web/node_modules": WEB / "node_modules"}


@dataclass(frozen=True, slots=True)
class Answer:
    """How a command ended, and what it printed on both channels."""

    code: int
    output: str


@dataclass(frozen=True, slots=True)
class WorkingCopy:
    """A copy of the repository; commands in it import its own packages and tools."""

    root: Path

    @classmethod
    def make(cls, root: Path, *only: str) -> Self:
        """Copy the repository as it stands, without what is built, into `root` and commit it there.

        Of its folders those that begin as one of `only` are copied, when there is one, and what lies in none.
        """
        for path in files(ROOT):
            name = path.relative_to(ROOT)
            if only and len(name.parts) > 1 and not str(name).startswith(only):
                continue
            target = root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)
        copy = cls(root)
        copy.run("git", "init", "--quiet", "--initial-branch=main")
        # Nobody keeps it: to press it takes longer than all that is done with it.
        for setting in ("core.compression", "pack.window"):
            copy.run("git", "config", setting, "0")
        (root / ".git" / "info" / "exclude").write_text("".join(f"/{name}\n" for name in INSTALLED), encoding="utf-8")
        copy._link()
        copy.commit("Start")
        # One file instead of thousands: whoever copies this history copies it quickly.
        copy.run("git", "gc", "--quiet")
        return copy

    def keep(self) -> None:
        """Have `restore` bring back what is committed now, the history, and the settings of git."""
        # So that it knows the files of this folder: otherwise it reads all of them each time.
        self.run("git", "update-index", "-q", "--refresh")
        shutil.copytree(self.root / ".git", self._kept, symlinks=True)

    def restore(self) -> None:
        """Be again what was kept, whatever was done to the files, the history and the hooks."""
        shutil.rmtree(self.root / ".git")
        shutil.copytree(self._kept, self.root / ".git", symlinks=True)
        self.run("git", "reset", "--quiet", "--hard")
        self.run("git", "clean", "--quiet", "-ffdx")
        self._link()

    @property
    def _kept(self) -> Path:
        return self.root.with_name(f"{self.root.name}-kept.git")

    def _link(self) -> None:
        for name, target in INSTALLED.items():
            (self.root / name).parent.mkdir(exist_ok=True)
            (self.root / name).symlink_to(target)

    def remember_types(self) -> None:
        """Take over what mypy knows of this repository, if it knows it: it then looks at what has changed."""
        if (known := ROOT / TYPES_SEEN).is_dir():
            shutil.copytree(known, self.root / TYPES_SEEN)

    def append(self, name: str, text: str) -> None:
        """Add text to a file, which is made when it does not exist."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(text)

    def run(self, *command: str) -> Answer:
        """Run a command of the locked environment in the copy, for at most two minutes."""
        sources = [self.root, self.root / "mainstay" / "src", self.root / "tradepost" / "src"]
        env = {name: value for name, value in os.environ.items() if not name.startswith(NOT_INHERITED)}
        env["PATH"] = os.pathsep.join([str(VENV / "bin"), env.get("PATH", os.defpath)])
        env["PYTHONPATH"] = os.pathsep.join(map(str, sources))
        done = subprocess.run(
            command, cwd=self.root, env=env | IDENTITY, capture_output=True, text=True, check=False, timeout=TIME_LIMIT
        )
        return Answer(done.returncode, done.stdout + done.stderr)

    def tool(self, module: str, *arguments: str) -> Answer:
        """Run one of the copy's tools."""
        return self.run("python", "-m", f"tools.{module}", *arguments)

    def commit(self, message: str, *options: str) -> Answer:
        """Stage everything and commit it; the hook, if enabled, may refuse."""
        self.run("git", "add", "--all")
        return self.run("git", "commit", "--quiet", "--message", message, *options)
