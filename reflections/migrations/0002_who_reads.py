"""Row-level security of the safe space, and what deletes from it by itself (docs/adr/0020).

Everything here is written out and imports nothing, so that it says for ever what this migration did.
"""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION public.reflections_person() RETURNS bigint LANGUAGE sql STABLE
    SET search_path TO public, pg_temp
    AS $$ SELECT nullif(current_setting('reflections.person', true), '')::bigint $$;

CREATE FUNCTION public.reflections_today() RETURNS date LANGUAGE sql STABLE
    SET search_path TO public, pg_temp
    AS $$ SELECT (now() AT TIME ZONE 'Europe/London')::date $$;

-- A member today: a seat, but not the secretariat's, and neither secretariat nor administrator of the partnership.
CREATE FUNCTION public.reflections_is_member(person bigint, board bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path TO public, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM public.boards_holding h
            JOIN public.boards_seat s ON s.id = h.seat_id
            JOIN public.accounts_user u ON u.id = h.user_id
            WHERE h.user_id = person AND s.board_id = board AND s.role <> 'secretariat' AND u.is_active
                AND h.starts <= public.reflections_today()
                AND (h.ends IS NULL OR h.ends >= public.reflections_today())
        ) AND NOT EXISTS (
            SELECT FROM public.trusts_membership m
            JOIN public.boards_board b ON b.partnership_id = m.partnership_id
            WHERE m.user_id = person AND b.id = board AND m.role IN ('secretariat', 'administrator')
                AND m.starts <= public.reflections_today()
                AND (m.ends IS NULL OR m.ends >= public.reflections_today())
        )
    $$;

CREATE FUNCTION public.reflections_sits_at(board bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path TO public, pg_temp
    AS $$ SELECT public.reflections_is_member(public.reflections_person(), board) $$;

CREATE FUNCTION public.reflections_is_sensei(board bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path TO public, pg_temp
    AS $$
        SELECT public.reflections_sits_at(board) AND EXISTS (
            SELECT FROM public.boards_holding h JOIN public.boards_seat s ON s.id = h.seat_id
            WHERE h.user_id = public.reflections_person() AND s.board_id = board AND s.role = 'sensei'
                AND h.starts <= public.reflections_today()
                AND (h.ends IS NULL OR h.ends >= public.reflections_today())
        )
    $$;

-- What was said on a day is read, by who sits there today, who sat there on that day; or as the board decided.
CREATE FUNCTION public.reflections_reads(board bigint, day date) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path TO public, pg_temp
    AS $$
        SELECT public.reflections_sits_at(board) AND (
            EXISTS (
                SELECT FROM public.boards_holding h JOIN public.boards_seat s ON s.id = h.seat_id
                WHERE h.user_id = public.reflections_person() AND s.board_id = board AND s.role <> 'secretariat'
                    AND h.starts <= day AND (h.ends IS NULL OR h.ends >= day)
            )
            OR coalesce(day >= (
                SELECT t.newcomers_from FROM public.reflections_terms t WHERE t.board_id = board
                ORDER BY t.id DESC LIMIT 1
            ), false)
        )
    $$;

CREATE FUNCTION public.reflections_meeting_is_open(meeting bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path TO public, pg_temp
    AS $$
        SELECT EXISTS (SELECT FROM public.boards_meeting m WHERE m.id = meeting AND m.closed_at IS NULL)
    $$;
"""

READS = "public.reflections_reads(board_id, day)"
SITS = "public.reflections_sits_at(board_id)"
OWN = f"user_id = public.reflections_person() AND {SITS}"
CALLER = f"caller_id = public.reflections_person() AND {SITS}"
WITH_SENSEI = "with_sensei AND public.reflections_is_sensei(board_id)"
IN_ITS_MEETING = f"{READS} AND public.reflections_meeting_is_open(meeting_id)"
# Asked of the breach's own policies.
WITH_ITS_BREACH = f"{SITS} AND EXISTS (SELECT FROM public.reflections_breach b WHERE b.id = breach_id)"

# By table: who reads, who adds and changes, who deletes. None: nobody, whatever the application asks.
TABLES = {
    "proposal": (READS, READS, READS),
    "line": (READS, READS, IN_ITS_MEETING),
    "privatenote": (OWN, OWN, OWN),
    "breachdraft": (f"({CALLER}) OR ({WITH_SENSEI})", CALLER, f"({CALLER}) OR ({WITH_SENSEI})"),
    "breach": (READS, READS, None),
    "talk": (READS, READS, None),
    "repairstep": (WITH_ITS_BREACH, WITH_ITS_BREACH, f"{WITH_ITS_BREACH} AND done_on IS NULL"),
    # How long something is kept, and from when on newcomers read, every member may know.
    "terms": (SITS, SITS, None),
}
EVENTS = {
    "lineevent": READS,
    "breachevent": READS,
    "talkevent": READS,
    "repairstepevent": WITH_ITS_BREACH,
    "termsevent": SITS,
}


def policies() -> str:
    made = []
    for name, (reads, writes, deletes) in TABLES.items():
        table = f"public.reflections_{name}"
        made += [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"CREATE POLICY reads ON {table} FOR SELECT USING ({reads})",
            f"CREATE POLICY adds ON {table} FOR INSERT WITH CHECK ({writes})",
            f"CREATE POLICY changes ON {table} FOR UPDATE USING ({writes}) WITH CHECK ({writes})",
        ]
        if deletes:
            made.append(f"CREATE POLICY deletes ON {table} FOR DELETE USING ({deletes})")
    for name, reads in EVENTS.items():
        table = f"public.reflections_{name}"
        made += [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"CREATE POLICY reads ON {table} FOR SELECT USING ({reads})",
        ]
    return ";\n".join(made) + ";"


# A trace cannot be forged or wiped: triggers, as the owner, write it.
TRACES_ARE_READ = """
DO $$
DECLARE grantee name;
BEGIN
    FOR grantee IN
        SELECT DISTINCT g.grantee FROM information_schema.role_table_grants g
        WHERE g.table_schema = 'public' AND g.table_name = 'reflections_trace' AND g.grantee <> current_user
    LOOP
        EXECUTE format('REVOKE ALL ON public.reflections_trace FROM %I', grantee);
        EXECUTE format('GRANT SELECT ON public.reflections_trace TO %I', grantee);
    END LOOP;
END $$;
"""

BY_ITSELF = """
-- With the close of a meeting goes what the board did not agree to, and members' notes for the meetings before.
CREATE FUNCTION public.reflections_after_closing() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path TO public, pg_temp
    AS $$
    BEGIN
        DELETE FROM public.reflections_proposal WHERE meeting_id = NEW.id;
        DELETE FROM public.reflections_privatenote n USING public.boards_meeting m
        WHERE m.id = n.meeting_id AND m.board_id = NEW.board_id AND m.id <> NEW.id
            AND (m."on", m.begins_at) < (NEW."on", NEW.begins_at);
        RETURN NULL;
    END $$;
REVOKE ALL ON FUNCTION public.reflections_after_closing() FROM PUBLIC;

CREATE TRIGGER reflections_after_closing AFTER UPDATE OF closed_at ON public.boards_meeting
    FOR EACH ROW WHEN (NEW.closed_at IS NOT NULL AND OLD.closed_at IS NULL)
    EXECUTE FUNCTION public.reflections_after_closing();

-- Carries out what boards decided, and nothing else; how many rows went. It may run at any time, as anybody.
CREATE FUNCTION public.reflections_forget() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path TO public, pg_temp
    AS $$
    DECLARE
        decided record;
        before date;
        deleted integer;
        gone integer := 0;
        name text;
    BEGIN
        FOR decided IN
            SELECT DISTINCT ON (board_id) board_id, keep_months FROM public.reflections_terms
            ORDER BY board_id, id DESC
        LOOP
            CONTINUE WHEN decided.keep_months IS NULL;
            before := (public.reflections_today() - make_interval(months => decided.keep_months))::date;
            DELETE FROM public.reflections_line WHERE board_id = decided.board_id AND day < before;
            GET DIAGNOSTICS deleted = ROW_COUNT;
            gone := gone + deleted;
            DELETE FROM public.reflections_talk t USING public.reflections_breach b
            WHERE b.id = t.breach_id AND b.board_id = decided.board_id AND b.ended_as <> '' AND b.day < before;
            DELETE FROM public.reflections_repairstep t USING public.reflections_breach b
            WHERE b.id = t.breach_id AND b.board_id = decided.board_id AND b.ended_as <> '' AND b.day < before;
            DELETE FROM public.reflections_breach
            WHERE board_id = decided.board_id AND ended_as <> '' AND day < before;
            GET DIAGNOSTICS deleted = ROW_COUNT;
            gone := gone + deleted;
            FOREACH name IN ARRAY ARRAY['line', 'talk', 'repairstep', 'breach'] LOOP
                EXECUTE format(
                    'DELETE FROM public.reflections_%1$sevent e WHERE e.board_id = $1 AND e.day < $2'
                    ' AND NOT EXISTS (SELECT FROM public.reflections_%1$s r WHERE r.id = e.pgh_obj_id)', name)
                USING decided.board_id, before;
            END LOOP;
        END LOOP;
        DELETE FROM public.reflections_breachdraft
        WHERE NOT public.reflections_is_member(caller_id, board_id);
        DELETE FROM public.reflections_privatenote
        WHERE NOT public.reflections_is_member(user_id, board_id);
        RETURN gone;
    END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reflections", "0001_initial"),
        ("accounts", "0006_find_helpers"),
        ("boards", "0002_agendas_and_entries"),
        ("trusts", "0010_say_why_the_thread_is_open"),
    ]

    operations = [
        migrations.RunSQL([FUNCTIONS], migrations.RunSQL.noop),
        migrations.RunSQL([policies()], migrations.RunSQL.noop),
        migrations.RunSQL([TRACES_ARE_READ], migrations.RunSQL.noop),
        migrations.RunSQL([BY_ITSELF], migrations.RunSQL.noop),
    ]
