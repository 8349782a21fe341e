"""Who may do what: the whole table, as data. Nothing else in the code names a role to decide a right."""

from django.db import models


class Role(models.TextChoices):
    FACILITATOR = "facilitator", "KPO facilitator"
    PROCESS_OWNER = "process_owner", "Process owner"
    WORKSHOP_LEAD = "workshop_lead", "Workshop lead"
    KPO_LEAD = "kpo_lead", "KPO lead"
    EXECUTIVE_SPONSOR = "executive_sponsor", "Executive sponsor"
    CHIEF_EXECUTIVE = "chief_executive", "Chief executive"
    DEPUTY = "deputy", "Chief executive's named deputy"
    REGULATOR_ANALYST = "regulator_analyst", "Regulator analyst"
    SECRETARIAT = "secretariat", "TGB secretariat"
    ADMINISTRATOR = "administrator", "Administrator"


class SeatRole(models.TextChoices):
    """What somebody is at a board. Seats are no roles: they are given by those who look after a board."""

    CHAIR = "chair", "Chair"
    CHIEF_EXECUTIVE = "chief_executive", "Chief executive"
    REGULATOR = "regulator", "Regulator member"
    SENSEI = "sensei", "Sensei"
    SECRETARIAT = "secretariat", "Secretariat"
    KPO_LEAD = "kpo_lead", "KPO lead"
    MEMBER = "member", "Member"


class Permission(models.TextChoices):
    SEE_OWN_WORK = "see_own_work", "see their own first page"
    SEE_TRUST = "see_trust", "see the trust's value streams, RPIWs and readings"
    SEE_PARTNERSHIP_TOTAL = "see_partnership_total", "see the partnership's total"
    SEE_RELEASED_TOTALS = "see_released_totals", "see the trusts' released totals"
    SEE_DRAFT_SUMMARIES = "see_draft_summaries", "see the trust's summaries before they are released"
    PREPARE_RELEASE = "prepare_release", "prepare the trust's summaries, and correct released ones"
    RELEASE = "release", "release the trust's summaries, and what it brings to the TGB"
    BRING_TO_TGB = "bring_to_tgb", "write what the trust brings to the TGB"
    LOG_READINGS = "log_readings", "log readings"
    RUN_RPIWS = "run_rpiws", "plan and run RPIWs"
    START_WITHOUT_PEOPLE = "start_without_people", "start a week without all its people, saying why"
    LOG_MEASUREMENTS = "log_measurements", "log the measurements of metrics, by hand or by file"
    EDIT_METRICS = "edit_metrics", "adopt metrics and recalculate their limits"
    PROPOSE_AMENDMENTS = "propose_amendments", "propose to amend or retire a metric, and write on its chart"
    AGREE_AMENDMENTS = "agree_amendments", "agree to amend or retire a metric"
    AGREE_CLOSING = "agree_closing", "decide how an RPIW is closed"
    EDIT_TRUST = "edit_trust", "edit the trust's context, objectives and stand-downs"
    EDIT_VALUE_STREAMS = "edit_value_streams", "add and edit value streams"
    MANAGE_MEMBERSHIPS = "manage_memberships", "invite people, renew and end memberships"
    SEE_AUDIT = "see_audit", "see who changed what at the trust"
    SEE_ACCOUNTS_AUDIT = "see_accounts_audit", "see who changed accounts and settings, and who signed in"
    MANAGE_TRUST_CLIENTS = "manage_trust_clients", "let the trust's own systems use the API"
    MANAGE_REGULATOR_CLIENTS = "manage_regulator_clients", "let the regulator's systems read released summaries"
    SEE_BOARD = "see_board", "see a board's seats, meetings, agendas and minutes"
    WRITE_AT_BOARD = "write_at_board", "write notes, decisions and actions at a board's meetings"
    PREPARE_MEETINGS = "prepare_meetings", "plan a board's meetings, write agendas, and run and minute them"
    TAKE_THE_CHAIR = "take_the_chair", "say why a meeting closes without its reflections"
    REFLECT = "reflect", "read and write what a board keeps of its reflections, and call out breaches"
    KEEP_REGULATORS_ROW = "keep_regulators_row", "keep the regulator's own row of the TGB's dashboard"
    GIVE_SEATS = "give_seats", "give seats at a board, and end them"
    SET_UP_PARTNERSHIP = "set_up_partnership", "set up the partnership, its trusts and first KPO leads"
    SEE_COMPACT = "see_compact", "see the partnership's compact"
    DRAFT_COMPACT = (
        "draft_compact",
        "write the next version of the partnership's compact, and name its members",
    )
    PUBLISH_COMPACT = "publish_compact", "publish the agreed version of the partnership's compact"
    AGREE_COMPACT = "agree_compact", "agree to a version of the partnership's compact for a party"
    DISCUSS_TRUST_COMPACT = (
        "discuss_trust_compact",
        "read the trust's own compact as it is drafted, and comment",
    )
    DRAFT_TRUST_COMPACT = "draft_trust_compact", "write, name the members of, and publish the trust's own compact"
    AGREE_TRUST_COMPACT = "agree_trust_compact", "agree to a version of the trust's own compact for a party"


class Standing(models.TextChoices):
    """What a person has by being named from - to, beside their roles. The room that names them says who has it."""

    COMPACT_MEMBER = "compact_member", "Named for a party to the partnership's compact"
    TRUST_COMPACT_MEMBER = "trust_compact_member", "Named for a party to a trust's own compact"


class Reach(models.TextChoices):
    """How far a grant reaches."""

    OWN_TRUST = "own_trust", "everything of the own trust"
    OWN_RECORDS = "own_records", "what the person owns, leads or sponsors in the own trust"
    PARTNERSHIP = "partnership", "the partnership"
    OWN_BOARD = "own_board", "the board at which the person sits"
    BOARDS = "boards", "the partnership's own boards"


_EVERYONE = {Permission.SEE_OWN_WORK: Reach.PARTNERSHIP}
_PARTNER = {**_EVERYONE, Permission.SEE_COMPACT: Reach.PARTNERSHIP}
_TRUST_READER = {
    **_PARTNER,
    Permission.SEE_TRUST: Reach.OWN_TRUST,
    Permission.SEE_PARTNERSHIP_TOTAL: Reach.PARTNERSHIP,
    Permission.PROPOSE_AMENDMENTS: Reach.OWN_TRUST,
}
_RPIW_RUNNER = {
    **_TRUST_READER,
    Permission.LOG_READINGS: Reach.OWN_TRUST,
    Permission.LOG_MEASUREMENTS: Reach.OWN_TRUST,
    Permission.RUN_RPIWS: Reach.OWN_TRUST,
}
_EXECUTIVE = {
    **_TRUST_READER,
    Permission.SEE_RELEASED_TOTALS: Reach.PARTNERSHIP,
    Permission.SEE_DRAFT_SUMMARIES: Reach.OWN_TRUST,
    Permission.RELEASE: Reach.OWN_TRUST,
    Permission.BRING_TO_TGB: Reach.OWN_TRUST,
    Permission.DRAFT_COMPACT: Reach.PARTNERSHIP,
    Permission.PUBLISH_COMPACT: Reach.PARTNERSHIP,
    Permission.DISCUSS_TRUST_COMPACT: Reach.OWN_TRUST,
    Permission.DRAFT_TRUST_COMPACT: Reach.OWN_TRUST,
}

_LOOKS_AFTER_BOARDS = (
    Permission.SEE_BOARD,
    Permission.WRITE_AT_BOARD,
    Permission.PREPARE_MEETINGS,
    Permission.GIVE_SEATS,
)

GRANTS: dict[Role, dict[Permission, Reach]] = {
    Role.FACILITATOR: _RPIW_RUNNER,
    Role.PROCESS_OWNER: {**_TRUST_READER, Permission.LOG_READINGS: Reach.OWN_RECORDS},
    Role.WORKSHOP_LEAD: {**_TRUST_READER, Permission.LOG_READINGS: Reach.OWN_RECORDS},
    Role.KPO_LEAD: {
        **_RPIW_RUNNER,
        Permission.SEE_RELEASED_TOTALS: Reach.PARTNERSHIP,
        Permission.SEE_DRAFT_SUMMARIES: Reach.OWN_TRUST,
        Permission.PREPARE_RELEASE: Reach.OWN_TRUST,
        Permission.BRING_TO_TGB: Reach.OWN_TRUST,
        Permission.START_WITHOUT_PEOPLE: Reach.OWN_TRUST,
        Permission.EDIT_TRUST: Reach.OWN_TRUST,
        Permission.EDIT_VALUE_STREAMS: Reach.OWN_TRUST,
        Permission.EDIT_METRICS: Reach.OWN_TRUST,
        Permission.MANAGE_MEMBERSHIPS: Reach.OWN_TRUST,
        Permission.SEE_AUDIT: Reach.OWN_TRUST,
        Permission.MANAGE_TRUST_CLIENTS: Reach.OWN_TRUST,
        Permission.DISCUSS_TRUST_COMPACT: Reach.OWN_TRUST,
        Permission.DRAFT_TRUST_COMPACT: Reach.OWN_TRUST,
        **dict.fromkeys(_LOOKS_AFTER_BOARDS, Reach.OWN_TRUST),
    },
    Role.EXECUTIVE_SPONSOR: {
        **_TRUST_READER,
        Permission.AGREE_CLOSING: Reach.OWN_RECORDS,
        Permission.AGREE_AMENDMENTS: Reach.OWN_RECORDS,
    },
    Role.CHIEF_EXECUTIVE: _EXECUTIVE,
    Role.DEPUTY: _EXECUTIVE,
    Role.REGULATOR_ANALYST: {**_EVERYONE, Permission.SEE_RELEASED_TOTALS: Reach.PARTNERSHIP},
    Role.SECRETARIAT: {
        **_PARTNER,
        Permission.DRAFT_COMPACT: Reach.PARTNERSHIP,
        **dict.fromkeys(_LOOKS_AFTER_BOARDS, Reach.BOARDS),
    },
    Role.ADMINISTRATOR: {
        **_EVERYONE,
        Permission.SET_UP_PARTNERSHIP: Reach.PARTNERSHIP,
        Permission.SEE_ACCOUNTS_AUDIT: Reach.PARTNERSHIP,
        Permission.MANAGE_REGULATOR_CLIENTS: Reach.PARTNERSHIP,
    },
}

_AT_THE_TABLE = {
    **_PARTNER,
    Permission.SEE_BOARD: Reach.OWN_BOARD,
    Permission.WRITE_AT_BOARD: Reach.OWN_BOARD,
}
_MEMBER = {**_AT_THE_TABLE, Permission.REFLECT: Reach.OWN_BOARD}

BY_SEAT: dict[SeatRole, dict[Permission, Reach]] = {
    SeatRole.CHAIR: {
        **_MEMBER,
        Permission.PREPARE_MEETINGS: Reach.OWN_BOARD,
        Permission.TAKE_THE_CHAIR: Reach.OWN_BOARD,
        Permission.KEEP_REGULATORS_ROW: Reach.OWN_BOARD,
    },
    SeatRole.CHIEF_EXECUTIVE: _MEMBER,
    SeatRole.REGULATOR: {**_MEMBER, Permission.KEEP_REGULATORS_ROW: Reach.OWN_BOARD},
    SeatRole.SENSEI: _MEMBER,
    SeatRole.SECRETARIAT: {**_AT_THE_TABLE, Permission.PREPARE_MEETINGS: Reach.OWN_BOARD},
    SeatRole.KPO_LEAD: _MEMBER,
    SeatRole.MEMBER: _MEMBER,
}
"""What a seat lets its holder do while they hold it. The secretariat's leaves before the reflections."""

BY_STANDING: dict[Standing, dict[Permission, Reach]] = {
    Standing.COMPACT_MEMBER: {
        Permission.SEE_COMPACT: Reach.PARTNERSHIP,
        Permission.DRAFT_COMPACT: Reach.PARTNERSHIP,
        Permission.PUBLISH_COMPACT: Reach.PARTNERSHIP,
        Permission.AGREE_COMPACT: Reach.PARTNERSHIP,
    },
    Standing.TRUST_COMPACT_MEMBER: {
        Permission.DISCUSS_TRUST_COMPACT: Reach.OWN_TRUST,
        Permission.AGREE_TRUST_COMPACT: Reach.OWN_TRUST,
    },
}

EVERY_GRANT = (*GRANTS.values(), *BY_STANDING.values(), *BY_SEAT.values())

NEEDS_A_STANDING_ASKED = frozenset(
    permission for grants in (*BY_STANDING.values(), *BY_SEAT.values()) for permission in grants
)
"""The permissions for which a role does not say everything."""

TRUST_ROLES = frozenset(role for role, grants in GRANTS.items() if Permission.SEE_TRUST in grants)
"""The roles that are held at one trust; the others are held in the partnership."""

ROLES_A_KPO_LEAD_INVITES = TRUST_ROLES

NEED_SECOND_FACTOR = frozenset(
    {Role.KPO_LEAD, Role.EXECUTIVE_SPONSOR, Role.CHIEF_EXECUTIVE, Role.DEPUTY, Role.ADMINISTRATOR}
)
"""Who lets others in, or decides for a trust: a password alone is not enough where SECOND_FACTOR_REQUIRED says so."""

WHOM_ADMINISTRATORS_HELP = NEED_SECOND_FACTOR | (frozenset(Role) - TRUST_ROLES)
"""Whose lost second factor an administrator may take away; a KPO lead helps everybody of the own trust."""


def reach(role: str, permission: str) -> Reach | None:
    """How far `role` may use `permission`; None when not at all."""
    return GRANTS[Role(role)].get(Permission(permission))
