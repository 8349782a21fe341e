"""What the pages of metrics show: the value stream's stored snapshot, and from it its metrics."""

from zlib import crc32

from django.http import HttpRequest

from metrics.presenters.words import Body
from snapshots import shown as of_snapshots
from snapshots.freshness import freshness, latest


class Shown(of_snapshots.Shown):
    """A value stream's snapshot on a day; `chosen` stands for the subgroup that the reader chose."""

    @property
    def metrics(self) -> list[Body]:
        return self.body["metrics"] if self.stored else []


def shown(request: HttpRequest, value_stream_id: int) -> Shown:
    """The snapshot of a value stream, one row. A subgroup's name is no text for a header: its checksum stands there."""
    return Shown(
        stored=latest("value_stream", value_stream_id),
        fresh=freshness("value_stream", value_stream_id),
        chosen=f"{crc32(request.GET.get('subgroup', '').encode()):x}",
    )
