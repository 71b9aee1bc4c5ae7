"""What passes in every mode although a document says otherwise."""

from pathlib import Path
from typing import Final

import pytest

from sandbox.contract.checking import Contract
from sandbox.domain.settings import ValidationMode
from tests.unit.contract.awkward import contract
from tests.unit.contract.calls import errors, judge

BY_CHANNEL: Final = "POST /b/pbl/v2/notifications/send/{channel}/"
OLDER: Final = """
openapi: 3.0.3
info: {title: Older, version: "1"}
paths:
  /b/pbl/v2/send-notification/:
    post:
      operationId: send
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                unit_config: {type: integer}
                to: {type: string}
                level: {type: integer}
      responses: {"200": {description: fine}}
"""


@pytest.mark.parametrize("mode", list(ValidationMode))
def test_a_unit_is_named_by_a_text_too(tmp_path: Path, mode: ValidationMode) -> None:
    older = contract(tmp_path, OLDER)
    key = "POST /b/pbl/v2/send-notification/"

    assert errors(judge(older, {"unit_config": "main-unit"}, key=key, mode=mode)) == {}
    refused = errors(judge(older, {"unit_config": [], "level": "high"}, key=key, mode=mode))
    assert set(refused) == (set() if mode is ValidationMode.OFF else {"unit_config", "level"})


@pytest.mark.parametrize("mode", list(ValidationMode))
def test_a_message_may_repeat_the_channel_of_its_path(
    platform: Contract, mode: ValidationMode
) -> None:
    body = {"channel": "sms", "template_id": "order-update", "to": "+96550000000"}

    checked = judge(platform, body, key=BY_CHANNEL, mode=mode)

    assert (errors(checked), checked.remarks) == ({}, ())
