"""What git knows of the code that runs."""

import subprocess
from pathlib import Path

from .errors import PipelineError


def git(root: Path, *arguments: str) -> str:
    """Output of a git command. Raises PipelineError with what git said."""
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=root, capture_output=True, text=True, timeout=60, check=False
        )
    except FileNotFoundError:
        raise PipelineError("git is not installed") from None
    if done.returncode != 0:
        raise PipelineError(f"git {arguments[0]} failed: {done.stderr.strip()}")
    return done.stdout.rstrip("\n")


def head(root: Path) -> str:
    """The commit that is checked out."""
    return git(root, "rev-parse", "HEAD")


def uncommitted(root: Path) -> list[str]:
    """Files that differ from the commit."""
    return [line[3:] for line in git(root, "status", "--porcelain", "--untracked-files=all").splitlines()]


def is_ancestor(root: Path, commit: str) -> bool:
    """Whether the commit is known here and lies behind the one that is checked out."""
    try:
        git(root, "merge-base", "--is-ancestor", commit, "HEAD")
        return True
    except PipelineError:
        return False


def commits_since(root: Path, previous: str | None) -> list[dict[str, str]]:
    """Commits after `previous`, newest first, at most 500; all of them without it."""
    span = f"{previous}..HEAD" if previous and is_ancestor(root, previous) else "HEAD"
    log = git(root, "log", "--max-count=500", "--format=%H%x1f%ae%x1f%aI%x1f%s", span)
    rows = [line.split("\x1f") for line in log.splitlines()]
    return [
        {"sha": sha, "author": author[:255], "authoredAt": at, "message": message[:500]}
        for sha, author, at, message in rows
    ]


def files_changed_since(root: Path, previous: str) -> list[str]:
    """Files that differ between two commits; everything when the earlier one is not known here."""
    if not is_ancestor(root, previous):
        return git(root, "ls-files").splitlines()
    return git(root, "diff", "--name-only", f"{previous}..HEAD").splitlines()


def author_of_head(root: Path) -> str:
    """E-mail address of the author of the commit that is checked out."""
    return git(root, "log", "-1", "--format=%ae")


def remote(root: Path) -> str | None:
    """Where the repository comes from, without credentials."""
    try:
        url = git(root, "config", "--get", "remote.origin.url")
    except PipelineError:
        return None
    scheme, separator, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}" if separator else url
