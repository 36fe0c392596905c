"""The JSON schema of study files, from their models: `python -m scenarios.studies.schema > docs/study.schema.json`.

An editor that knows TOML schemas completes and checks a study file whose first line is `#:schema PATH`.
"""

import json
from typing import Any

from scenarios.studies.study import Study

__all__ = ["study_schema"]


def study_schema() -> dict[str, Any]:
    """JSON schema (draft 2020-12) of a study file: a study, and the keys that speak of other files."""
    schema = Study.model_json_schema(by_alias=True)
    whole = schema.pop("required")
    schema["anyOf"] = [{"required": [*(key for key in whole if key != "name"), "cases"]}, {"required": ["extends"]}]
    schema["$defs"]["Case"]["required"] = ["name"]  # what a study that extends another leaves out stays as it was
    schema["properties"] |= {
        "extends": {"type": "string", "description": "a shipped study, or a study file, that this one builds on"},
        "without": {
            "type": "array",
            "items": {"type": "string"},
            "description": "cases of the extended study to leave out",
        },
    }
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Tierwise study"}


if __name__ == "__main__":
    print(json.dumps(study_schema(), indent=1, ensure_ascii=False))
