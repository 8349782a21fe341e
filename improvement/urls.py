"""Every address of the product. Each room keeps its own."""

from django.contrib import admin
from django.urls import include, path, re_path, reverse_lazy
from django.views.generic import RedirectView

# Nobody changes by themselves the address that an invitation came to: what allauth has for that leads to the account.
to_account = RedirectView.as_view(url=reverse_lazy("account"))

urlpatterns = [
    path("", include("improvement.health")),
    path("", include("improvement.metrics")),
    path("", include("dashboards.urls")),
    path("", include("api.urls")),
    path("", include("reflections.urls")),
    path("", include("boards.urls")),
    path("", include("compacts.urls")),
    path("", include("rpiws.urls")),
    path("", include("metrics.urls")),
    path("", include("trusts.urls")),
    path("", include("accounts.urls")),
    path("accounts/email/", to_account),
    re_path(r"^accounts/confirm-email/(?:[^/]+/)?$", to_account),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "ui.errors.bad_request"
handler403 = "ui.errors.not_allowed"
handler404 = "ui.errors.not_found"
handler429 = "ui.errors.too_many_requests"
handler500 = "ui.errors.server_error"
