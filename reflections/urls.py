"""The safe space of boards: each address leads by way of its board or meeting, where the door is."""

from django.urls import URLPattern, path

from reflections.views import boards, breaches, lines

_MEETING = "meetings/<int:meeting_id>/reflections"
_BOARD = "boards/<int:board_id>"
_DRAFT = f"{_BOARD}/breaches/drafts/<int:draft_id>"
_BREACH = f"{_BOARD}/breaches/<int:breach_id>"

urlpatterns: list[URLPattern] = [
    path(f"{_MEETING}/", lines.reflections, name="reflections"),
    path(f"{_MEETING}/fresh/", lines.reflections_fresh, name="reflections_fresh"),
    path(f"{_MEETING}/scribe/", lines.scribe_choose, name="scribe_choose"),
    path(f"{_MEETING}/propose/", lines.line_propose, name="line_propose"),
    path(f"{_MEETING}/note/", lines.note_save, name="note_save"),
    path(f"{_MEETING}/proposed/<int:proposal_id>/agree/", lines.proposal_agree, name="proposal_agree"),
    path(f"{_MEETING}/proposed/<int:proposal_id>/drop/", lines.proposal_drop, name="proposal_drop"),
    path(f"{_MEETING}/lines/<int:line_id>/take-back/", lines.line_take_back, name="line_take_back"),
    path(f"{_MEETING}/lines/<int:line_id>/sign/", lines.line_sign, name="line_sign"),
    path(f"{_BOARD}/reflections/", boards.board_reflections, name="board_reflections"),
    path(f"{_BOARD}/reflections/safe/", boards.safe_space, name="safe_space"),
    path(f"{_BOARD}/reflections/terms/", boards.safe_terms, name="safe_terms"),
    path(f"{_BOARD}/safety-routes/", boards.safety_routes, name="safety_routes"),
    path(f"{_BOARD}/breaches/call-out/", breaches.breach_call, name="breach_call"),
    path(f"{_DRAFT}/", breaches.breach_draft, name="breach_draft"),
    path(f"{_DRAFT}/edit/", breaches.breach_draft_edit, name="breach_draft_edit"),
    path(f"{_DRAFT}/drop/", breaches.breach_draft_drop, name="breach_draft_drop"),
    path(f"{_DRAFT}/hand/", breaches.breach_hand, name="breach_hand"),
    path(f"{_DRAFT}/bring/", breaches.breach_bring, name="breach_bring"),
    path(f"{_BREACH}/", breaches.breach, name="breach"),
    path(f"{_BREACH}/table/", breaches.breach_table, name="breach_table"),
    path(f"{_BREACH}/talk/", breaches.breach_talk, name="breach_talk"),
    path(f"{_BREACH}/repair/", breaches.breach_step, name="breach_step"),
    path(f"{_BREACH}/end/", breaches.breach_end, name="breach_end"),
    path(f"{_BREACH}/led-to/", breaches.breach_led_to, name="breach_led_to"),
    path(f"{_BREACH}/steps/<int:step_id>/done/", breaches.step_done, name="step_done"),
    path(f"{_BREACH}/steps/<int:step_id>/drop/", breaches.step_drop, name="step_drop"),
]
