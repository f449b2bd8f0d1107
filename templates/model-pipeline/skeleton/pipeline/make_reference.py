"""Writes data/reference.json from the data of now. Run it when a shift of the data is understood and accepted."""

import json
from pathlib import Path

from . import data
from .data_validation import profile

if __name__ == "__main__":
    path = Path("data/reference.json")
    path.write_text(json.dumps(profile(data.load()), indent=1) + "\n", "utf-8")
    print(f"{path} describes the data of now")
