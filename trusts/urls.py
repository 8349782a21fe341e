from django.urls import path

from trusts.views import account, context, history, people, set_up, value_streams

urlpatterns = [
    path("account/", account.account, name="account"),
    path("account/sign-out-everywhere/", account.sign_out_everywhere, name="sign_out_everywhere"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/<int:membership_id>/renew/", people.renew, name="membership_renew"),
    path("people/<int:membership_id>/end/", people.end, name="membership_end"),
    path("people/<int:membership_id>/letter/", people.send_again, name="membership_letter"),
    path("set-up/", set_up.set_up, name="set_up"),
    path("set-up/partnership/", set_up.partnership_edit, name="set_up_partnership"),
    path("set-up/trusts/add/", set_up.trust_add, name="set_up_trust_add"),
    path("set-up/trusts/<int:trust_id>/", set_up.trust_change, name="set_up_trust"),
    path("set-up/priorities/add/", set_up.priority_add, name="set_up_priority_add"),
    path("set-up/priorities/<int:priority_id>/", set_up.priority_change, name="set_up_priority"),
    path("set-up/priorities/<int:priority_id>/remove/", set_up.priority_remove, name="set_up_priority_remove"),
    path("set-up/people/appoint/", set_up.appoint, name="set_up_appoint"),
    path("set-up/people/<int:membership_id>/renew/", set_up.appointed_renew, name="set_up_renew"),
    path("set-up/people/<int:membership_id>/end/", set_up.appointed_end, name="set_up_end"),
    path("set-up/people/<int:membership_id>/letter/", set_up.appointed_send_again, name="set_up_letter"),
    path("trusts/<str:ods>/context/", context.trust_context, name="trust_context"),
    path("trusts/<str:ods>/edit/", context.trust_edit, name="trust_edit"),
    path("trusts/<str:ods>/context/<slug:kind>/add/", context.context_add, name="context_add"),
    path("trusts/<str:ods>/context/<slug:kind>/<int:fact_id>/", context.context_edit, name="context_edit"),
    path("trusts/<str:ods>/context/<slug:kind>/<int:fact_id>/remove/", context.context_remove, name="context_remove"),
    path("trusts/<str:ods>/value-streams/", value_streams.value_streams, name="value_streams"),
    path("trusts/<str:ods>/value-streams/add/", value_streams.value_stream_add, name="value_stream_add"),
    path("value-streams/<int:value_stream_id>/about/", value_streams.value_stream_about, name="value_stream_about"),
    path("value-streams/<int:value_stream_id>/edit/", value_streams.value_stream_edit, name="value_stream_edit"),
    path("history/<slug:app>/<slug:model>/<int:record_id>/", history.record_history, name="history"),
]
