"""Each page twice: of the partnership's compact, and of a trust's own under the trust's address (views/doors.py)."""

from django.urls import path

from compacts.views import drafts, pages, steps, writing

PAGES = [
    ("", "compact", pages.compact),
    ("begin/", "compact_begin", steps.begin),
    ("next/", "compact_next", steps.next_version),
    ("members/", "compact_members", steps.members),
    ("members/<int:member_id>/end/", "compact_member_end", steps.member_end),
    ("versions/<int:number>/", "compact_version", pages.version),
    ("versions/<int:number>/print/", "compact_print", pages.printed),
    ("draft/", "compact_draft", drafts.draft),
    ("draft/fresh/", "compact_draft_fresh", drafts.draft_fresh),
    ("draft/vision/", "compact_vision", writing.vision),
    ("draft/reason/", "compact_reason", writing.reason),
    ("draft/parties/<int:party_id>/", "compact_body", writing.body),
    ("draft/themes/add/", "compact_theme_add", writing.theme_add),
    ("draft/themes/<int:theme_id>/", "compact_theme", writing.theme),
    (
        "draft/themes/<int:theme_id>/parties/<int:party_id>/<int:row>/",
        "compact_promise_add",
        writing.promise_add,
    ),
    ("draft/promises/<int:promise_id>/", "compact_promise", writing.promise),
    ("draft/comment/", "compact_comment", drafts.comment),
    ("draft/comments/<int:comment_id>/settle/", "compact_comment_settle", drafts.settle),
    ("draft/agree/", "compact_agree", steps.agree),
    ("draft/reopen/", "compact_reopen", steps.reopen),
    ("draft/publish/", "compact_publish", steps.publish),
    ("draft/discard/", "compact_discard", steps.discard),
]

urlpatterns = [
    *(path(f"compact/{way}", door.ours, name=name) for way, name, door in PAGES),
    *(path(f"trusts/<str:ods>/compact/{way}", door.own, name=f"trust_{name}") for way, name, door in PAGES),
]
