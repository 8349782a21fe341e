"""What is entered and decided by hand: measurements, amendments, recalculations, remarks and targets."""

from django.urls import URLPattern, path

from metrics.views import amendments, marks, measurements, targets

urlpatterns: list[URLPattern] = [
    path("value-streams/<int:value_stream_id>/measurements/", measurements.measurements, name="measurements"),
    path(
        "value-streams/<int:value_stream_id>/measurements/read/", measurements.read_measurement, name="read_measurement"
    ),
    path("metrics/<int:metric_id>/measurements/add/", measurements.add, name="measurement_add"),
    path("measurements/<int:measurement_id>/", measurements.correct, name="measurement"),
    path("measurements/<int:measurement_id>/remove/", measurements.remove, name="measurement_remove"),
    path("metrics/<int:metric_id>/amend/", amendments.amend, name="metric_amend"),
    path("metrics/<int:metric_id>/retire/", amendments.retire, name="metric_retire"),
    path("metric-versions/<int:version_id>/", amendments.amendment, name="amendment"),
    path("metric-versions/<int:version_id>/decide/", amendments.decide_amendment, name="amendment_decide"),
    path("metric-versions/<int:version_id>/take-back/", amendments.take_back_amendment, name="amendment_take_back"),
    path("retirements/<int:retirement_id>/", amendments.retirement, name="retirement"),
    path("retirements/<int:retirement_id>/decide/", amendments.decide_retirement, name="retirement_decide"),
    path("retirements/<int:retirement_id>/take-back/", amendments.take_back_retirement, name="retirement_take_back"),
    path("value-streams/<int:value_stream_id>/amendments/", amendments.for_the_tgt, name="amendments"),
    path("metrics/<int:metric_id>/recalculate/", marks.recalculate, name="metric_recalculate"),
    path("recalculations/<int:recalculation_id>/withdraw/", marks.withdraw, name="recalculation_withdraw"),
    path("metrics/<int:metric_id>/annotations/", marks.annotate, name="metric_annotate"),
    path("annotations/<int:annotation_id>/", marks.edit_annotation, name="annotation_edit"),
    path("annotations/<int:annotation_id>/remove/", marks.remove_annotation, name="annotation_remove"),
    path("metrics/<int:metric_id>/targets/", targets.targets, name="metric_targets"),
    path("targets/<int:target_id>/remove/", targets.remove_target, name="target_remove"),
]
