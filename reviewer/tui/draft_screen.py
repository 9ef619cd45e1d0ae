"""A screen about one draft: what it is and what was checked; what is typed where nothing takes it goes there."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.widgets import Select

from reviewer.draft import Channel, Draft
from reviewer.tui.draft_pane import DraftPane
from reviewer.tui.opened import Sources
from reviewer.tui.taking import Taking
from reviewer.verdict import Review

if TYPE_CHECKING:
    from reviewer.tui.app import ReviewerApp


class DraftScreen(Taking):
    """Knows the draft as it stands."""

    BINDINGS: ClassVar[list[BindingType]] = [("ctrl+z", "undo", "")]
    app: "ReviewerApp"

    def __init__(self) -> None:
        super().__init__()
        self._sources = Sources()
        self.review: Review | None = None
        """The review that is shown, of what was checked."""
        self._checked: Draft | None = None

    @property
    def text(self) -> str:
        """The draft as it stands."""
        return self.query_one(DraftPane).text

    @property
    def channel(self) -> Channel:
        """The channel that is picked."""
        return Channel(str(self.query_one("#channel", Select).value))

    @property
    def typed(self) -> Draft:
        """Text and channel as they stand, whatever the text is from."""
        from reviewer.readers import from_text

        return from_text(self.text, self.channel, lang=self.app.lang)

    @property
    def draft(self) -> Draft:
        """Text and channel as they stand, with what could not be read of the files that the text is from."""
        return self._sources.of(self.typed)

    @property
    def reviewed(self) -> Review | None:
        """The review that is shown, if it is of the draft as it stands and not of one a key ago."""
        return self.review if self.is_checked(self.draft) else None

    def is_checked(self, draft: Draft) -> bool:
        """Whether the review that is shown is of this very draft, and not of one a key ago."""
        known = self._checked
        return known is not None and known.model_copy(update={"id": draft.id}) == draft

    def action_draft(self) -> None:
        """Go on writing."""
        self.set_focus(self.query_one(DraftPane))

    def action_undo(self) -> None:
        """Take an edit of the draft back, from wherever the focus is."""
        self.action_draft()
        self.query_one(DraftPane).action_undo()

    def into(self) -> DraftPane | None:
        """Not where it came from the draft itself, nor from an open list, which looks for what is typed."""
        pane = self.query_one(DraftPane)
        return None if pane.has_focus or any(select.expanded for select in self.query(Select)) else pane
