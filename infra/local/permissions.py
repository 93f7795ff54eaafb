"""The functions' policies as the emulator can judge them.

Its IAM is on: a function may do here what its policy allows and nothing else, so a right that is missing from
``infra/policies.py`` shows on this machine, not first on AWS.
"""

import json
from collections.abc import Mapping
from typing import Any


def judged(policies: Mapping[str, str]) -> dict[str, str]:
    """Policy files without what the emulator's IAM does not know, each of which it would refuse.

    It knows actions, resources and roles; it knows no condition key of a service's own (``ses:FromAddress``,
    ``kms:EncryptionContext``), and no resource for sending mail.
    """
    return {name: json.dumps(_document(json.loads(text))) for name, text in policies.items()}


def _document(policy: dict[str, Any]) -> dict[str, Any]:
    return policy | {"Statement": [_statement(statement) for statement in policy["Statement"]]}


def _statement(statement: dict[str, Any]) -> dict[str, Any]:
    known = {key: value for key, value in statement.items() if key != "Condition"}
    sends_mail = any(action.startswith("ses:") for action in statement["Action"])
    return known | {"Resource": ["*"]} if sends_mail else known
