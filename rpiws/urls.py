"""RPIWs: their grid, what is due."""

from django.urls import URLPattern, path

from rpiws.views import due, grid

urlpatterns: list[URLPattern] = [
    path("rpiws/<int:rpiw_id>/readings/", grid.readings, name="readings"),
    path("rpiws/<int:rpiw_id>/readings/read/", grid.read_entry, name="read_entry"),
    path("rpiws/<int:rpiw_id>/observations/", grid.observations, name="observations"),
    path("observations/<int:observation_id>/delete/", grid.delete_observation, name="delete_observation"),
    path("due/", due.due, name="due"),
]
