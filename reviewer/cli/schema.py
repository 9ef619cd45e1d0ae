"""The JSON schema of a review, written to `docs/review.schema.json` by `make docs`."""

import json

from reviewer.verdict import Review


def schema() -> str:
    """The schema as it is committed; a test fails when the file is stale."""
    return json.dumps(Review.model_json_schema(by_alias=True, mode="validation"), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    print(schema(), end="")  # noqa: T201 (its output is the file)
