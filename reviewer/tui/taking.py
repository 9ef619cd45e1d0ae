"""A screen with drafts: what is typed or pasted where nothing takes it goes to one of them."""

from textual import events, on
from textual.screen import Screen

from reviewer.tui.draft_pane import DraftPane


class Taking(Screen[None]):
    """Hands on to a draft the keys and pastes that a list or the details have."""

    def into(self) -> DraftPane | None:
        """The draft that they go to; none where something takes them."""
        raise NotImplementedError

    @on(events.Key)
    def _typed(self, event: events.Key) -> None:
        if event.is_printable and event.character:
            self._take(event, event.character)

    @on(events.Paste)
    def _pasted(self, event: events.Paste) -> None:
        self._take(event, event.text)

    def _take(self, event: events.Key | events.Paste, text: str) -> None:
        pane = self.into()
        if pane is not None:
            event.stop()
            self.set_focus(pane)
            pane.take(text)
