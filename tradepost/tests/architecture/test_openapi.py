"""The API description and the web client are those of the running program; a change in code alone is reported."""

import pytest

from tools.working_copy import WorkingCopy

SCHEMAS = "tradepost/src/tradepost/stock/schemas.py"


@pytest.mark.practice(71)
def test_a_field_renamed_in_code_alone_fails_the_pipeline(copy: WorkingCopy) -> None:
    path = copy.root / SCHEMAS
    text = path.read_text(encoding="utf-8")
    assert "    on_hand: " in text
    path.write_text(text.replace("    on_hand: ", "    in_stock: "), encoding="utf-8")
    answer = copy.tool("check", "web client is current")
    assert answer.code == 1
    assert "web/openapi.json is stale: run make api" in answer.output
    assert "web/src/api/types.gen.ts is stale: run make api" in answer.output


@pytest.mark.long
def test_a_client_edited_by_hand_is_reported(copy: WorkingCopy) -> None:
    copy.append("web/src/api/types.gen.ts", "export type Extra = string;\n")
    copy.append("web/src/api/extra.ts", "export {};\n")
    answer = copy.tool("openapi", "--check")
    assert answer.code == 1
    stale_lines = [line for line in answer.output.splitlines() if "is stale" in line]
    assert stale_lines == [
        "web/src/api/extra.ts is stale: run make api",
        "web/src/api/types.gen.ts is stale: run make api",
    ]
