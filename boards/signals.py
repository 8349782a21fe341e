"""Sent by actions of boards, for rooms above.

meeting_opened.send(sender=Meeting, meeting=meeting, by=user)
"""

from django.dispatch import Signal

meeting_opened = Signal()
