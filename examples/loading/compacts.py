"""The example's compacts: the partnership's through four versions and a draft, and one that a trust made for itself.

Each step is an act of the example's own people, as it would be on the pages.
"""

from collections.abc import Iterator
from datetime import date

from accounts.models import User
from accounts.permissions import Role
from compacts.actions import agreeing, beginning, drafting
from compacts.models import Compact, CompactVersion, Promise
from examples.loading.context import Place
from examples.loading.people import Staff, director_of, person
from examples.loading.tables import rows
from trusts.models import Partnership

_NAMED_SINCE = date(2015, 9, 1)
_LEEDS = "LTHT"


def load_compacts(partnership: Partnership, places: dict[str, Place], staff: dict[str, Staff]) -> None:
    secretariat = person(Role.SECRETARIAT)
    for row in rows("compacts.csv"):
        place = places[row["trust"]].trust if row["trust"] else None
        by = staff[row["trust"]][Role.KPO_LEAD] if row["trust"] else secretariat
        version = beginning.begin_compact(
            partnership=partnership,
            trust=place,
            name=row["name"],
            parties=[(row["first"], row["first_body"]), (row["second"], row["second_body"])],
            source=row["source"],
            by=by,
        )
        drafting.write_vision(version=version, vision=row["vision"], seen=1, by=by)
        _name_members(version.compact, staff, by=by)
        _word(version, row["compact"], by=by)
        _into_force(version, date.fromisoformat(row["in_force_from"]), by=by)
        for step in rows("compact_versions.csv"):
            if step["compact"] == row["compact"]:
                _next(version.compact, step, by=by)
    _comment(staff)


def _name_members(compact: Compact, staff: dict[str, Staff], *, by: User) -> None:
    first, second = compact.parties.all()  # type: ignore[attr-defined]
    if compact.trust_id:
        here = staff[compact.trust.abbreviation]  # type: ignore[union-attr]
        named = [(first, here[Role.CHIEF_EXECUTIVE], "Chief executive")]
        named.append((second, here[Role.FACILITATOR], "Facilitator, for the staff"))
    else:
        named = [(first, director_of(compact.partnership), "Regional director")]
        named += [
            (second, people[Role.CHIEF_EXECUTIVE], people[Role.CHIEF_EXECUTIVE].name) for people in staff.values()
        ]
    for party, user, post in named:
        agreeing.name_member(party=party, user=user, post=post, starts=_NAMED_SINCE, by=by)


def _next(compact: Compact, step: dict[str, str], *, by: User) -> None:
    if step["kind"] == CompactVersion.Kind.SUCCEEDED:
        party = compact.parties.get(position=1)  # type: ignore[attr-defined]
        version = beginning.succeed(compact=compact, party=party, body=step["body"], reason=step["reason"], by=by)
    else:
        version = beginning.renegotiate(compact=compact, reason=step["reason"], by=by)
    _word(version, step["compact"], by=by)
    if step["in_force_from"]:
        _into_force(version, date.fromisoformat(step["in_force_from"]), by=by)


def _word(version: CompactVersion, compact: str, *, by: User) -> None:
    """What is new or worded anew in this version."""
    themes = list(version.themes.all())  # type: ignore[attr-defined]
    parties = list(version.compact.parties.all())  # type: ignore[attr-defined]
    for row in rows("compact_promises.csv"):
        if row["compact"] != compact or int(row["since"]) != version.number:
            continue
        theme, party, place = themes[int(row["theme"]) - 1], parties[int(row["party"]) - 1], int(row["row"])
        there = Promise.objects.filter(theme=theme, party=party, position=place).first()
        if there is None:
            drafting.add_promise(theme=theme, party=party, row=place, text=row["text"], by=by)
        else:
            drafting.write_promise(promise=there, text=row["text"], seen=there.edition, by=by)


def _into_force(version: CompactVersion, day: date, *, by: User) -> None:
    version.refresh_from_db()
    for member in _named(version):
        agreeing.agree(version=version, member=member, seen=version.edition, agreed_on=day, by=member.user)
    agreeing.publish(version=version, in_force_from=day, by=by)


def _named(version: CompactVersion) -> Iterator:
    for party in version.compact.parties.all():  # type: ignore[attr-defined]
        yield from party.members.select_related("user", "party__compact")


def _comment(staff: dict[str, Staff]) -> None:
    """What is said of the partnership's draft."""
    draft = CompactVersion.objects.open().get(compact__trust=None)
    director = director_of(draft.compact.partnership)
    chief, secretariat = staff[_LEEDS][Role.CHIEF_EXECUTIVE], person(Role.SECRETARIAT)
    people = {
        "director": (director, "Regional director"),
        "chief_executive": (chief, chief.name),
        "secretariat": (secretariat, secretariat.name),
    }
    for row in rows("compact_comments.csv"):
        by, said_as = people[row["by"]]
        places = {"theme__position": row["theme"], "position": row["row"], "party__position": row["party"]}
        promise = draft.promises.get(**places) if row["theme"] else None
        said = drafting.comment(version=draft, promise=promise, text=row["text"], said_as=said_as, by=by)
        if row["settled"] == "yes":
            drafting.settle_comment(comment=said, by=by)
