"""Runs one stage, or all of them: ``python -m pipeline training`` or ``python -m pipeline all``."""

import sys

from .stages import STAGES, run_all, run_stage


def main(arguments: list[str]) -> int:
    names = [*STAGES, "all"]
    if len(arguments) != 1 or arguments[0] not in names:
        print(f"Say which stage to run, one of: {', '.join(names)}", file=sys.stderr)
        return 64
    return run_all() if arguments[0] == "all" else run_stage(arguments[0])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
