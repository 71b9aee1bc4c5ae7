"""The tables of magic values: order numbers and contacts that make something happen."""

from typing import Any, Final

from sandbox.channels.magic import magic_contacts
from sandbox.domain.durations import format_duration
from sandbox.engine import magic
from sandbox.scenarios.model import Outcome, PaymentStep, WebhookRule
from sandbox.web.answers import Answer, as_json
from sandbox.web.control.call import ControlCall


async def show_magic(call: ControlCall) -> Answer:
    """Show what each magic value does, and whether they work at all (`--no-magic`)."""
    return as_json(
        {
            "enabled": call.services.engine.context.magic,
            "order_numbers": order_numbers(),
            "device_tokens": [
                {"contains": word, "effect": _paying(step)}
                for word, step in magic.DEVICE_TOKENS.items()
            ],
            "saved_cards": [
                {"ends_with": digits, "effect": _paying(step)}
                for digits, step in magic.SAVED_CARDS.items()
            ],
            "contacts": [
                {
                    "address": row.address,
                    "address_of_some": row.address_of_some,
                    "channel": row.channel.value,
                    "code": row.code,
                    "meaning": row.meaning,
                    "nature": row.nature.value,
                    "effect": row.effect,
                }
                for row in magic_contacts()
            ],
        }
    )


def order_numbers() -> list[dict[str, Any]]:
    """Return a row for each word that an order_no may contain, told from the engine's own tables."""
    rows = {}
    for word, steps in magic.PAYMENTS.items():
        rows[word] = f"The payer's tries end as {', then '.join(each.outcome for each in steps)}."
    late = format_duration(magic.LATE)
    rows[magic.EXPIRE_THEN_PAID] += (
        f" The gateway reports success {late} after the payment expired."
    )
    for word, answer in magic.REFUNDS.items():
        after = format_duration(answer.after) if answer.after else "0s"
        rows[word] = f"A refund is {answer.result}, and {after} later {answer.settle}."
    for word, rule in magic.WEBHOOKS.items():
        rows[word] = _webhooks(rule)
    return [{"contains": word, "effect": effect} for word, effect in rows.items()]


_OPEN: Final = {
    Outcome.CHALLENGE: "The payer is asked for 3-D Secure.",
    Outcome.PENDING: "The gateway has not decided yet.",
}


def _paying(step: PaymentStep) -> str:
    told = f" ({step.gateway_code} {step.message.rstrip('.')})" if step.message else ""
    return _OPEN.get(step.outcome) or f"The payment ends as {step.outcome}{told}."


def _webhooks(rule: WebhookRule) -> str:
    if rule.drop:
        return "No webhook is sent."
    return f"Each webhook arrives {rule.copies} times."
