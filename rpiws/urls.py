"""RPIWs: list and pages, the steps of their life, people, preparation, measures, week, grid, and what is due."""

from django.urls import URLPattern, path

from rpiws.views import due, facts, grid, life_cycle, measures, observations, pages, people, preparation, week

urlpatterns: list[URLPattern] = [
    path("rpiws/", pages.rpiw_list, name="rpiws"),
    path("value-streams/<int:value_stream_id>/rpiws/add/", facts.plan, name="plan_rpiw"),
    path("rpiws/<int:rpiw_id>/", pages.rpiw_page, name="rpiw"),
    path("rpiws/<int:rpiw_id>/print/", pages.rpiw_print, name="rpiw_print"),
    path("rpiws/<int:rpiw_id>/edit/", facts.edit, name="edit_rpiw"),
    path("rpiws/<int:rpiw_id>/notes/", facts.notes, name="rpiw_notes"),
    path("rpiws/<int:rpiw_id>/steps/<slug:step>/", life_cycle.step, name="rpiw_step"),
    path("rpiws/<int:rpiw_id>/close/", life_cycle.close, name="close_rpiw"),
    path("rpiws/<int:rpiw_id>/people/", people.people, name="rpiw_people"),
    path("rpiws/<int:rpiw_id>/people/add/<slug:part>/", people.add, name="add_person"),
    path("rpiw-people/<int:person_id>/", people.edit, name="edit_person"),
    path("rpiw-people/<int:person_id>/remove/", people.remove, name="remove_person"),
    path("rpiws/<int:rpiw_id>/preparation/", preparation.checklist, name="preparation"),
    path("preparation-tasks/<int:task_id>/", preparation.edit, name="edit_task"),
    path("preparation-tasks/<int:task_id>/tick/", preparation.tick, name="tick_task"),
    path("preparation-tasks/<int:task_id>/remove/", preparation.remove, name="remove_task"),
    path("rpiws/<int:rpiw_id>/measures/", measures.measures, name="rpiw_measures"),
    path("rpiws/<int:rpiw_id>/measures/add/<slug:kind>/", measures.add, name="add_measure"),
    path("measures/<int:measure_id>/", measures.edit, name="edit_measure"),
    path("measures/<int:measure_id>/move/", measures.move, name="move_measure"),
    path("measures/<int:measure_id>/delete/", measures.delete, name="delete_measure"),
    path("rpiws/<int:rpiw_id>/week/", week.days, name="rpiw_week"),
    path("rpiws/<int:rpiw_id>/wastes/", week.wastes, name="rpiw_wastes"),
    path("rpiws/<int:rpiw_id>/ideas/add/", week.add_idea, name="add_idea"),
    path("ideas/<int:idea_id>/", week.edit_idea, name="edit_idea"),
    path("ideas/<int:idea_id>/remove/", week.remove_idea, name="remove_idea"),
    path("rpiws/<int:rpiw_id>/newspaper/add/", week.add_item, name="add_newspaper_item"),
    path("newspaper/<int:item_id>/", week.edit_item, name="edit_newspaper_item"),
    path("newspaper/<int:item_id>/tick/", week.tick_item, name="tick_newspaper_item"),
    path("newspaper/<int:item_id>/remove/", week.remove_item, name="remove_newspaper_item"),
    path("rpiws/<int:rpiw_id>/readings/", grid.readings, name="readings"),
    path("rpiws/<int:rpiw_id>/readings/read/", grid.read_entry, name="read_entry"),
    path("rpiws/<int:rpiw_id>/readings/day/", grid.read_day, name="read_day"),
    path("rpiws/<int:rpiw_id>/observations/", observations.observations, name="observations"),
    path("observations/<int:observation_id>/delete/", observations.delete_observation, name="delete_observation"),
    path("due/", due.due, name="due"),
]
