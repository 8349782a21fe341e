"""Sent by actions that wrote facts. The marks are left by PostgreSQL; this only wakes the worker sooner than the sweep.

facts_changed.send(sender=Reading, kind="value_stream", scope_id=rpiw.value_stream_id)
"""

from django.dispatch import Signal

facts_changed = Signal()

# Sent after each attempt, with its `outcome` and the `seconds` that it took: for whoever counts.
recomputed = Signal()
