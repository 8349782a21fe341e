"""Meetings as iCalendar: for the calendar that people carry. It says when and where, and nothing of what is spoken."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar, Event

from boards.models import Meeting

PRODUCT = "-//Improvement partnership//Boards//EN"


def calendar_of(meetings: Iterable[Meeting], *, called: str) -> bytes:
    """Each meeting has a name of its own that never changes: a moved or cancelled one replaces what a calendar holds.

    Not one entry with a rule: what was moved, cancelled or added would have to be told as exceptions to it, which
    calendars read in different ways.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", called)
    for meeting in meetings:
        calendar.add_component(_event(meeting))
    calendar.add_missing_timezones()
    return calendar.to_ical()  # type: ignore[no-any-return]


def _event(meeting: Meeting) -> Event:
    event = Event()
    event.add("uid", f"{meeting.uid}@meetings.improvement-partnership")
    event.add("sequence", meeting.changes)
    event.add("dtstamp", timezone.now())
    # As the clock in London shows it, so that a meeting stays at ten when summer time begins.
    event.add("dtstart", timezone.localtime(meeting.begins))
    event.add("duration", timedelta(minutes=meeting.minutes))
    event.add("summary", str(meeting.board))
    event.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    event.add("url", f"{settings.SITE_ADDRESS.rstrip('/')}{reverse('meeting', args=[meeting.pk])}")
    if meeting.place:
        event.add("location", meeting.place)
    return event
