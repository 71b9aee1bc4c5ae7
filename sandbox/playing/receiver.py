"""The merchant's webhook receiver in a play: it answers at once what the play tells it to."""

from sandbox.webhooks.sending import OutgoingWebhook, SendOutcome

_FINE = 200


class MemoryReceiver:
    """Takes every webhook; hanging costs no time, because the clock of a play stands."""

    def __init__(self) -> None:
        self._answers: list[int | None] = [_FINE]

    def answer(self, *answers: int | None) -> None:
        """Answer the next tries so, the last one from then on; None is a timeout, nothing is 200."""
        self._answers = list(answers) or [_FINE]

    async def send(self, request: OutgoingWebhook) -> SendOutcome:  # noqa: ARG002 - one answer for all
        """Answer one try."""
        status = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if status is None:
            return SendOutcome(error="no answer", timed_out=True)
        return SendOutcome(status_code=status)
