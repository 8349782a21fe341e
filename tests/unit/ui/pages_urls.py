"""Addresses enough for the pages that ui itself brings."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import TemplateView

urlpatterns = [
    path("account/", TemplateView.as_view(), name="account"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
handler404 = "ui.errors.not_found"
