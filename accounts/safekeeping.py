"""Puts the audit trail, and what leaves change marks, out of reach of the application's own role (docs/adr/0005).

pgtrigger and pghistory write functions that run as whoever changes a row, that a session's variable switches off, and
that anybody may call. Each migration that touches a trigger writes them anew, so this runs with every one of them.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

_NEVER_IGNORE = " SELECT false "

# A context is named by what it says: written once, and neither replaced nor joined by one that says something else.
_ATTACH_CONTEXT = """
DECLARE
    told jsonb;
    context_id uuid;
BEGIN
    BEGIN
        told := nullif(current_setting('pghistory.context_metadata', true), '')::jsonb;
    EXCEPTION WHEN OTHERS THEN
        told := NULL;
    END;
    IF told IS NULL OR jsonb_typeof(told) <> 'object' THEN
        told := '{}';
    END IF;
    told := told || jsonb_build_object('database_role', session_user::text);
    context_id := encode(substring(sha256(convert_to(
        coalesce(current_setting('pghistory.context_id', true), '') || told::text, 'UTF8')) FOR 16), 'hex')::uuid;
    INSERT INTO public.pghistory_context (id, metadata, created_at, updated_at)
    VALUES (context_id, told, now(), now()) ON CONFLICT (id) DO NOTHING;
    RETURN context_id;
END;
"""

_OUR_FUNCTIONS = """
SELECT 'CREATE OR REPLACE FUNCTION public.' || signature || ' RETURNS ' || returns || ' LANGUAGE ' || language
    || ' AS ' || quote_literal(body)
FROM (VALUES
    ('_pgtrigger_should_ignore', '_pgtrigger_should_ignore(trigger_name name)', 'boolean', 'sql', %(never_ignore)s),
    ('_pgh_attach_context', '_pgh_attach_context()', 'uuid', 'plpgsql', %(attach_context)s)
) AS ours (name, signature, returns, language, body)
JOIN pg_proc ON proname = name AND pronamespace = 'public'::regnamespace AND prosrc IS DISTINCT FROM body
"""

# Temporary tables are looked at last, so that nobody's table of the same name stands before the real one.
_AS_THE_OWNER = """
SELECT format('ALTER FUNCTION %%s SECURITY DEFINER SET search_path TO public, pg_temp', signature)
FROM (
    SELECT oid::regprocedure AS signature FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace
        AND (prorettype = 'trigger'::regtype AND starts_with(proname, 'pgtrigger_') OR proname = '_pgh_attach_context')
        AND NOT (prosecdef AND proconfig IS NOT DISTINCT FROM ARRAY['search_path=public, pg_temp'])
) AS functions
"""

# Whoever may execute a trigger's function can put it onto a table of their own, and so write events at will.
_NOT_FOR_OTHERS = """
SELECT format('REVOKE ALL ON FUNCTION %%s FROM PUBLIC', oid::regprocedure) FROM pg_proc
WHERE pronamespace = 'public'::regnamespace
    AND (prorettype = 'trigger'::regtype AND starts_with(proname, 'pgtrigger_') OR proname = '_pgh_attach_context')
    AND has_function_privilege('public', oid, 'EXECUTE')
"""

_ONLY_READ = """
WITH kept AS (
    SELECT oid FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND (
        relname = 'pghistory_context'
        OR EXISTS (SELECT FROM pg_attribute WHERE attrelid = pg_class.oid AND attname = 'pgh_id')
    )
), counters AS MATERIALIZED (
    SELECT counter.oid FROM kept
    JOIN pg_depend ON refobjid = kept.oid AND refclassid = 'pg_class'::regclass AND classid = 'pg_class'::regclass
    JOIN pg_class counter ON counter.oid = objid AND counter.relkind = 'S'
)
SELECT format('REVOKE ALL ON %%s FROM PUBLIC, %%I; GRANT SELECT ON %%s TO %%I',
    oid::regclass, %(role)s, oid::regclass, %(role)s)
FROM kept WHERE has_table_privilege(%(role)s, oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
UNION ALL
SELECT format('REVOKE ALL ON SEQUENCE %%s FROM PUBLIC, %%I', oid::regclass, %(role)s)
FROM counters WHERE has_sequence_privilege(%(role)s, oid, 'USAGE, SELECT, UPDATE')
"""

# Who came in and who was kept out is written by the application, and by nobody changed (docs/adr/0010).
_ONLY_ADD = """
SELECT format('REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON %%s FROM PUBLIC, %%I', oid::regclass, %(role)s)
FROM pg_class
WHERE oid = to_regclass('public.accounts_accessevent')
    AND has_table_privilege(%(role)s, oid, 'UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
"""


def keep(connection: Any, application_role: str | None) -> None:
    """Make it so, over the owner's plain connection. What is so already is left alone.

    Without a role of its own for the application (`application_role` None) there is nobody to take rights from.
    """
    parameters = {"role": application_role, "never_ignore": _NEVER_IGNORE, "attach_context": _ATTACH_CONTEXT}
    steps = [_OUR_FUNCTIONS, _AS_THE_OWNER, _NOT_FOR_OTHERS]
    if application_role:
        steps += [_ONLY_READ, _ONLY_ADD]
    with connection.cursor() as cursor:
        for step in steps:
            cursor.execute(step, parameters)
            for (statement,) in cursor.fetchall():
                cursor.execute(statement)


@contextmanager
def kept(database: BaseDatabaseWrapper, application_role: str | None) -> Iterator[None]:
    """Keep it so while migrations run: each function that they write is safe before their transaction ends.

    So there is no moment at which the release that still runs can silence the trail, or fails for want of a right.
    """

    def and_keep(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        done = execute(sql, params, many, context)
        if "CREATE OR REPLACE FUNCTION" in str(sql):
            # Not through Django's cursor, which would come back here.
            keep(database.connection, application_role)
        return done

    with database.execute_wrapper(and_keep):
        yield
