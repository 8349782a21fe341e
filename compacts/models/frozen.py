"""What the database itself refuses: to change a version that is agreed or published, or anything that it says."""

import pgtrigger

_REFUSED = (
    "RAISE EXCEPTION 'compacts: version % is %, so nothing of it changes', version_id, stands USING ERRCODE = '23001';"
)
_RETURN = "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"

# FOR SHARE: nobody can agree or publish between this look and the change that follows it.
_LOOK = (
    "SELECT v.id, v.state INTO version_id, stands FROM compacts_compactversion v {joins} WHERE {row} FOR SHARE OF v;"
)


def only_in_draft(*, of: str, joins: str = "") -> pgtrigger.Trigger:
    """Rows of a version come, change and go only while it is a draft. `of`: the column that leads to the version."""

    def look(row: str) -> str:
        return (
            _LOOK.format(joins=joins, row=f"{row}.{of} = {'v.id' if not joins else 'above.id'}")
            + f" IF stands <> 'draft' THEN {_REFUSED} END IF;"
        )

    return pgtrigger.Trigger(
        name="only_in_draft",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("version_id", "bigint"), ("stands", "text")],
        func=f"""
            IF TG_OP <> 'INSERT' THEN {look("OLD")} END IF;
            IF TG_OP <> 'DELETE' THEN {look("NEW")} END IF;
            {_RETURN}
        """,
    )


def agreed_to_what_stands() -> pgtrigger.Trigger:
    """Somebody agrees to a draft's wording as it stands; may take that back until it is published; never changes it."""
    return pgtrigger.Trigger(
        name="agreed_to_what_stands",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("version_id", "bigint"), ("stands", "text"), ("wording", "integer")],
        func=f"""
            IF TG_OP = 'UPDATE' THEN
                RAISE EXCEPTION 'compacts: an agreement is not changed' USING ERRCODE = '23001';
            END IF;
            IF TG_OP = 'DELETE' THEN
                {_LOOK.format(joins="", row="v.id = OLD.version_id")}
                IF stands = 'published' THEN {_REFUSED} END IF;
                RETURN OLD;
            END IF;
            SELECT v.id, v.state, v.edition INTO version_id, stands, wording
            FROM compacts_compactversion v WHERE v.id = NEW.version_id FOR SHARE OF v;
            IF stands <> 'draft' THEN {_REFUSED} END IF;
            IF NEW.edition <> wording THEN
                RAISE EXCEPTION 'compacts: this wording is no longer the one that stands' USING ERRCODE = '23514';
            END IF;
            RETURN NEW;
        """,  # noqa: S608 - nothing of it comes from outside
    )


def goes_from_draft_to_agreed_to_published() -> pgtrigger.Trigger:
    """A version's own life: by way of every party's agreement to its wording, and at the end for good."""
    return pgtrigger.Trigger(
        name="from_draft_to_agreed_to_published",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("version_id", "bigint"), ("stands", "text")],
        func=f"""
            IF TG_OP = 'INSERT' THEN
                IF NEW.state <> 'draft' THEN
                    RAISE EXCEPTION 'compacts: a version begins as a draft' USING ERRCODE = '23514';
                END IF;
                RETURN NEW;
            END IF;
            version_id := OLD.id;
            stands := OLD.state;
            IF OLD.state = 'published' OR (TG_OP = 'DELETE' AND OLD.state <> 'draft') THEN {_REFUSED} END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            IF OLD.state = 'agreed' AND NEW.state <> 'draft'
                AND ROW(NEW.compact_id, NEW.number, NEW.kind, NEW.reason, NEW.vision, NEW.edition)
                    IS DISTINCT FROM ROW(OLD.compact_id, OLD.number, OLD.kind, OLD.reason, OLD.vision, OLD.edition)
            THEN {_REFUSED} END IF;
            IF NEW.state = 'published' AND OLD.state <> 'agreed' THEN
                RAISE EXCEPTION 'compacts: what is published was agreed before' USING ERRCODE = '23514';
            END IF;
            IF NEW.state = 'agreed' AND OLD.state = 'draft' AND (
                2 > (SELECT count(*) FROM compacts_side s WHERE s.version_id = NEW.id)
                OR EXISTS (
                    SELECT FROM compacts_side s WHERE s.version_id = NEW.id AND NOT EXISTS (
                        SELECT FROM compacts_agreement a WHERE a.version_id = NEW.id
                            AND a.party_id = s.party_id AND a.edition = NEW.edition))
            ) THEN
                RAISE EXCEPTION 'compacts: a party has not agreed to this wording' USING ERRCODE = '23514';
            END IF;
            IF NEW.state = 'published' AND EXISTS (
                SELECT FROM compacts_compactversion earlier WHERE earlier.compact_id = NEW.compact_id
                    AND earlier.state = 'published' AND earlier.in_force_from >= NEW.in_force_from
            ) THEN
                RAISE EXCEPTION 'compacts: a later version is in force from a later day' USING ERRCODE = '23514';
            END IF;
            RETURN NEW;
        """,  # noqa: S608 - nothing of it comes from outside
    )


def for_good_once_published(*, compact: str) -> pgtrigger.Trigger:
    """What every version of a compact shows stays as it is from the first publication on."""
    return pgtrigger.Trigger(
        name="for_good_once_published",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF EXISTS (
                SELECT FROM compacts_compactversion v WHERE v.compact_id = OLD.{compact} AND v.state = 'published'
            ) THEN
                RAISE EXCEPTION 'compacts: a published version rests on this, so it does not change'
                    USING ERRCODE = '23001';
            END IF;
            {_RETURN}
        """,
    )
