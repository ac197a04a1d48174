"""Answers why a tag is as it is, from the decision that was acted on last."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from controller.control.decision import Decision
from controller.control.derived import Made
from controller.control.settings import Settings
from controller.control.why.explain import UnknownNameError, explain
from controller.image.process_image import Snapshot
from controller.link.messages import Explanation, Question


class Explainer:
    """Keeps the last decision and its snapshot; `figures` are the tags that core makes itself."""

    def __init__(self, settings: Settings, figures: Callable[[], Mapping[str, Made]]) -> None:
        self._settings = settings
        self._figures = figures
        self._last: tuple[Decision, Snapshot] | None = None

    def note(self, decision: Decision, snapshot: Snapshot) -> None:
        """Remember what is acted on now."""
        self._last = decision, snapshot

    def answer(self, question: Question) -> Explanation:
        """The chain of what is asked about; a refusal where there is nothing of the name."""
        if self._last is None:
            return Explanation(question.id, 0.0, (), refusal="nothing has been decided yet")
        decision, snapshot = self._last
        told = replace(decision, derived={**decision.derived, **self._figures()})
        try:
            steps = explain(question.name, snapshot, told, self._settings)
        except UnknownNameError as unknown:
            return Explanation(question.id, snapshot.utc_s, (), refusal=str(unknown))
        lines = tuple((step.stage, step.text) for step in steps)
        return Explanation(question.id, snapshot.utc_s, lines)
