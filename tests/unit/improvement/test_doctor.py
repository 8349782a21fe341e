"""Each rule of `manage.py doctor`: well, and ill."""

from dataclasses import replace

import pytest

from improvement.doctor import SMTP, Broker, Database, Facts, Level, Role, examine

ROLE = Role("improvement_app", superuser=False, bypasses_row_security=False, owns=0)
BROKER = Broker("noeviction", append_only=True, waiting={"recompute": 0}, last_sweep=2.0)
WELL = Facts(
    python=(3, 12),
    database=Database(18, ROLE, 0.1),
    unapplied=[],
    oldest_mark=0.0,
    set_aside=0,
    broker=BROKER,
    free_bytes=50 * 1024**3,
    mail_backend=SMTP,
    hosts=["improvement.example"],
)


def found(facts):
    return {finding.about: finding.level for finding in examine(facts) if finding.level is not Level.OK}


def with_role(**changes):
    return replace(WELL, database=Database(18, replace(ROLE, **changes), 0.0))


def test_well_installation_has_nothing_to_do():
    assert found(WELL) == {}
    assert not [finding.do for finding in examine(WELL) if finding.do]


@pytest.mark.parametrize(
    ("facts", "about", "level"),
    [
        (replace(WELL, python=(3, 10)), "versions", Level.FAULT),
        (replace(WELL, database=Database(15, ROLE, 0.0)), "versions", Level.WARNING),
        (replace(WELL, database=Database(18, ROLE, -3600.0)), "clock", Level.FAULT),
        (replace(WELL, database=Database(18, ROLE, 5.0)), "clock", Level.WARNING),
        (with_role(superuser=True), "roles", Level.FAULT),
        (with_role(bypasses_row_security=True), "roles", Level.FAULT),
        (with_role(owns=1), "roles", Level.FAULT),
        (replace(WELL, unapplied=["rpiws.0009_new"]), "migrations", Level.FAULT),
        (replace(WELL, broker=replace(BROKER, policy="allkeys-lru")), "broker", Level.WARNING),
        (replace(WELL, broker=replace(BROKER, append_only=False)), "broker", Level.WARNING),
        (replace(WELL, broker=replace(BROKER, waiting={"recompute": 5000})), "queues", Level.WARNING),
        (replace(WELL, broker=replace(BROKER, last_sweep=None)), "worker", Level.FAULT),
        (replace(WELL, broker=replace(BROKER, last_sweep=61.0)), "worker", Level.FAULT),
        (replace(WELL, oldest_mark=61.0), "dashboards", Level.WARNING),
        (replace(WELL, oldest_mark=301.0), "dashboards", Level.FAULT),
        (replace(WELL, set_aside=1), "set aside", Level.FAULT),
        (replace(WELL, free_bytes=1024**3), "disk", Level.WARNING),
        (replace(WELL, free_bytes=1024**2), "disk", Level.FAULT),
        (replace(WELL, mail_error="refused"), "mail", Level.FAULT),
        (replace(WELL, mail_backend="console"), "mail", Level.WARNING),
        (replace(WELL, debug=True), "settings", Level.WARNING),
        (replace(WELL, hosts=["*"]), "settings", Level.WARNING),
        (replace(WELL, broker=None), "broker", Level.FAULT),
        (replace(WELL, database=None, unapplied=None, oldest_mark=None, set_aside=None), "database", Level.FAULT),
    ],
)
def test_ill_installation_is_told_what_and_what_to_do(facts, about, level):
    assert found(facts) == {about: level}
    assert all(finding.do for finding in examine(facts) if finding.level is not Level.OK)
