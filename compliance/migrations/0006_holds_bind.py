"""What a legal hold covers is not deleted, whoever tries: each table in which something of a call stands has a trigger.

A hold is placed under a lock of its own, which each deletion shares to its end: of a hold and a deletion at the same
time either the deletion was over when the hold began, or it is refused.
"""

from django.db import migrations

# "hold"; any number that no other advisory lock uses
LOCK = 0x686F_6C64

READING = """
CREATE FUNCTION compliance_conversation(one uuid) RETURNS SETOF uuid LANGUAGE sql STABLE ROWS 5 AS $$
    -- a call, its legs, and all who were in a conference with one of them
    WITH RECURSIVE met (id) AS (
        SELECT one WHERE one IS NOT NULL
        UNION
        SELECT near.id FROM met CROSS JOIN LATERAL (
            SELECT parent_id FROM calls_call WHERE calls_call.id = met.id
            UNION ALL
            SELECT leg.id FROM calls_call AS leg WHERE leg.parent_id = met.id
            UNION ALL
            SELECT beside.call_id FROM conferences_participant AS mine
            JOIN conferences_participant AS beside ON beside.conference_id = mine.conference_id
            WHERE mine.call_id = met.id
            UNION ALL
            SELECT room.customer_id FROM conferences_participant AS mine
            JOIN conferences_conference AS room ON room.id = mine.conference_id
            WHERE mine.call_id = met.id
            UNION ALL
            SELECT beside.call_id FROM conferences_conference AS room
            JOIN conferences_participant AS beside ON beside.conference_id = room.id
            WHERE room.customer_id = met.id
        ) AS near (id) WHERE near.id IS NOT NULL
    )
    SELECT id FROM met
$$;

CREATE FUNCTION compliance_holding(one uuid) RETURNS SETOF compliance_hold LANGUAGE sql STABLE ROWS 1 AS $$
    -- the active holds to which the conversation of a call belongs
    WITH member AS MATERIALIZED (
        SELECT call.id, call.from_number, call.to_number, call.started_at, scope.caller, scope.number, scope.queues
        FROM compliance_conversation(one) AS met
        JOIN calls_call AS call ON call.id = met
        LEFT JOIN compliance_scope AS scope ON scope.call_id = met
    )
    SELECT hold.* FROM compliance_hold AS hold
    WHERE hold.lifted_at IS NULL
    AND EXISTS (SELECT FROM member)
    AND (hold.caller = '' OR EXISTS (SELECT FROM member WHERE hold.caller IN (from_number, to_number, caller)))
    AND (hold.number = '' OR EXISTS (SELECT FROM member WHERE hold.number IN (from_number, to_number, number)))
    AND (hold.call_id IS NULL OR EXISTS (SELECT FROM member WHERE id = hold.call_id))
    AND (hold.queue_id IS NULL OR EXISTS (SELECT FROM member WHERE hold.queue_id = ANY (queues)))
    AND EXISTS (
        SELECT FROM member
        WHERE (hold.since IS NULL OR started_at >= hold.since) AND (hold.until IS NULL OR started_at < hold.until)
    )
    ORDER BY hold.placed_at, hold.id
$$;

CREATE FUNCTION compliance_holding_callback(number text, queue bigint, asked_at timestamptz)
RETURNS SETOF compliance_hold LANGUAGE sql STABLE ROWS 1 AS $$
    -- those to which a wish to be called back belongs by itself, whatever the call it was asked for on
    SELECT hold.* FROM compliance_hold AS hold
    WHERE hold.lifted_at IS NULL AND hold.call_id IS NULL AND hold.number = ''
    AND hold.caller IN ('', $1)
    AND (hold.queue_id IS NULL OR hold.queue_id = $2)
    AND (hold.since IS NULL OR $3 >= hold.since) AND (hold.until IS NULL OR $3 < hold.until)
    ORDER BY hold.placed_at, hold.id
$$;

CREATE FUNCTION compliance_held_by(one uuid) RETURNS uuid LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM compliance_hold WHERE lifted_at IS NULL) THEN
        RETURN NULL;
    END IF;
    RETURN (SELECT id FROM compliance_holding(one) LIMIT 1);
END $$;

CREATE FUNCTION compliance_held_callback(one uuid, number text, queue bigint, asked_at timestamptz)
RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        compliance_held_by($1), (SELECT id FROM compliance_holding_callback($2, $3, $4) LIMIT 1)
    )
$$;

CREATE FUNCTION compliance_covered(one uuid) RETURNS SETOF uuid LANGUAGE sql STABLE ROWS 1000 AS $$
    -- the calls that an active hold covers; found by the narrowest thing that it names
    WITH hold AS MATERIALIZED (SELECT * FROM compliance_hold WHERE id = one AND lifted_at IS NULL),
    candidate AS (
        SELECT call_id AS id FROM hold WHERE call_id IS NOT NULL
        UNION
        SELECT call.id FROM hold JOIN calls_call AS call ON call.from_number = hold.caller
        WHERE hold.call_id IS NULL AND hold.caller <> ''
        UNION
        SELECT call.id FROM hold JOIN calls_call AS call ON call.to_number = hold.caller
        WHERE hold.call_id IS NULL AND hold.caller <> ''
        UNION
        SELECT scope.call_id FROM hold JOIN compliance_scope AS scope ON scope.caller = hold.caller
        WHERE hold.call_id IS NULL AND hold.caller <> ''
        UNION
        SELECT scope.call_id FROM hold JOIN compliance_scope AS scope ON hold.queue_id = ANY (scope.queues)
        WHERE hold.call_id IS NULL AND hold.caller = '' AND hold.queue_id IS NOT NULL
        UNION
        SELECT call.id FROM hold JOIN calls_call AS call ON hold.number IN (call.from_number, call.to_number)
        WHERE hold.call_id IS NULL AND hold.caller = '' AND hold.queue_id IS NULL AND hold.number <> ''
        UNION
        SELECT scope.call_id FROM hold JOIN compliance_scope AS scope ON scope.number = hold.number
        WHERE hold.call_id IS NULL AND hold.caller = '' AND hold.queue_id IS NULL AND hold.number <> ''
        UNION
        SELECT call.id FROM hold
        JOIN calls_call AS call
        ON call.started_at >= coalesce(hold.since, '-infinity') AND call.started_at < coalesce(hold.until, 'infinity')
        WHERE hold.call_id IS NULL AND hold.caller = '' AND hold.queue_id IS NULL AND hold.number = ''
    )
    SELECT DISTINCT met FROM candidate CROSS JOIN LATERAL compliance_conversation(candidate.id) AS met
    WHERE EXISTS (SELECT FROM compliance_holding(candidate.id) AS holding WHERE holding.id = one)
$$;
"""

BINDING = """
CREATE FUNCTION compliance_refuse_for(hold compliance_hold) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'This is under the legal hold "%"', hold.name
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'legal_hold', DETAIL = hold.id;
END $$;

CREATE FUNCTION compliance_hold_binds() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_call uuid;
    hold compliance_hold;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(LOCK);
    IF EXISTS (SELECT FROM compliance_hold WHERE lifted_at IS NULL) THEN
        FOR of_call IN EXECUTE TG_ARGV[0] USING OLD LOOP
            SELECT * INTO hold FROM compliance_holding(of_call) LIMIT 1;
            IF FOUND THEN
                PERFORM compliance_refuse_for(hold);
            END IF;
        END LOOP;
        IF TG_TABLE_NAME = 'queues_callback' THEN
            SELECT * INTO hold FROM compliance_holding_callback(OLD.number, OLD.queue_id, OLD.asked_at) LIMIT 1;
            IF FOUND THEN
                PERFORM compliance_refuse_for(hold);
            END IF;
        END IF;
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION compliance_hold_binds_all() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    hold compliance_hold;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(LOCK);
    SELECT * INTO hold FROM compliance_hold WHERE lifted_at IS NULL ORDER BY placed_at LIMIT 1;
    IF FOUND THEN
        PERFORM compliance_refuse_for(hold);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION compliance_hold_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM pg_advisory_xact_lock(LOCK);
    ELSIF TG_OP = 'DELETE' THEN
        IF OLD.lifted_at IS NULL THEN
            RAISE EXCEPTION 'The legal hold "%" is lifted, not deleted', OLD.name
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'hold_is_lifted_first';
        END IF;
        RETURN OLD;
    ELSIF OLD.lifted_at IS NULL
        AND (OLD.caller, OLD.number, OLD.call_id, OLD.queue_id, OLD.since, OLD.until)
            IS DISTINCT FROM (NEW.caller, NEW.number, NEW.call_id, NEW.queue_id, NEW.since, NEW.until)
    THEN
        RAISE EXCEPTION 'What the legal hold "%" covers never changes', OLD.name
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'hold_never_changes';
    ELSIF OLD.lifted_at IS NOT NULL AND NEW.lifted_at IS NULL THEN
        RAISE EXCEPTION 'The legal hold "%" was lifted; place another one', OLD.name
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'hold_never_changes';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER hold_stands BEFORE INSERT OR UPDATE OR DELETE ON compliance_hold
    FOR EACH ROW EXECUTE FUNCTION compliance_hold_stands();
CREATE TRIGGER hold_binds_all BEFORE TRUNCATE ON compliance_hold
    FOR EACH STATEMENT EXECUTE FUNCTION compliance_hold_binds_all();
"""

BINDING = BINDING.replace("(LOCK)", f"({LOCK})")

ITS_CALL = "SELECT ($1).call_id"
OF_RECORDING = "SELECT call_id FROM recordings_recording WHERE id = ($1).recording_id"
OF_CONFERENCE = (
    "SELECT customer_id FROM conferences_conference WHERE id = ({0})"
    " UNION ALL SELECT call_id FROM conferences_participant WHERE conference_id = ({0}) AND call_id IS NOT NULL"
)
# Of each table: the calls of which a row speaks.
CALLS = {
    "calls_call": "SELECT ($1).id",
    "calls_callevent": ITS_CALL,
    "compliance_scope": ITS_CALL,
    "compliance_consent": ITS_CALL,
    "conferences_conference": OF_CONFERENCE.format("($1).id"),
    "conferences_participant": ITS_CALL + " UNION ALL " + OF_CONFERENCE.format("($1).conference_id"),
    "queues_callback": ITS_CALL,
    "queues_entry": "SELECT ($1).call_id UNION ALL SELECT call_id FROM queues_callback WHERE id = ($1).callback_id",
    "queues_handling": (
        "SELECT entry.call_id FROM queues_entry AS entry WHERE entry.id = ($1).entry_id"
        " UNION ALL SELECT room.customer_id FROM conferences_conference AS room WHERE room.id = ($1).conference_id"
    ),
    "recordings_recording": ITS_CALL,
    "recordings_recorder": "SELECT ($1).customer_id",
    # of a recording that was deleted before the hold was placed the rest goes, too; without sound nothing is lost
    "recordings_copy": f"{OF_RECORDING} AND state <> 'deleted'",
    "recordings_transcript": f"{OF_RECORDING} AND state <> 'deleted'",
    "recordings_voicemail": f"{OF_RECORDING} AND state NOT IN ('absent', 'deleted')",
    "ivr_visit": ITS_CALL,
    "telephony_delivery": "SELECT id FROM calls_call WHERE ($1).call_sid <> '' AND sid = ($1).call_sid",
}
# The changes that would take something away, or loosen what it hangs on.
GONE = "(OLD.{0} IS NOT NULL AND NEW.{0} IS NULL)"
EMPTIED = "(OLD.{0} <> '' AND NEW.{0} = '')"
CHANGED = "(OLD.{0} <> '' AND NEW.{0} <> OLD.{0})"
LOSSES = {
    "calls_call": (
        *(CHANGED.format(name) for name in ("from_number", "to_number", "forwarded_from", "caller_name")),
        GONE.format("parent_id"),
    ),
    "calls_callevent": ("(NEW.data IS DISTINCT FROM OLD.data)", "(NEW.call_id <> OLD.call_id)"),
    "compliance_scope": (EMPTIED.format("caller"), EMPTIED.format("number")),
    "conferences_conference": (GONE.format("customer_id"),),
    "conferences_participant": (GONE.format("call_id"), EMPTIED.format("address")),
    "queues_callback": (GONE.format("call_id"), EMPTIED.format("number")),
    "queues_entry": (GONE.format("call_id"),),
    "recordings_recording": (
        GONE.format("call_id"),
        "(NEW.state = 'deleted' AND OLD.state <> 'deleted')",
    ),
    "recordings_transcript": (EMPTIED.format("text"), GONE.format("original")),
    "recordings_voicemail": (GONE.format("call_id"),),
}


def triggers() -> str:
    made = []
    for table, calls in CALLS.items():
        calls = calls.replace("'", "''")
        made += [
            f"CREATE TRIGGER hold_binds BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION compliance_hold_binds('{calls}');",
            f"CREATE TRIGGER hold_binds_all BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION compliance_hold_binds_all();",
        ]
        if losses := LOSSES.get(table):
            made.append(
                f"CREATE TRIGGER hold_binds_losses BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({' OR '.join(losses)})"
                f" EXECUTE FUNCTION compliance_hold_binds('{calls}');"
            )
    return "\n".join(made)


def no_triggers() -> str:
    names = {table: ["hold_binds", "hold_binds_all"] for table in CALLS} | {
        "compliance_hold": ["hold_stands", "hold_binds_all"]
    }
    for table in LOSSES:
        names[table].append("hold_binds_losses")
    return "\n".join(f"DROP TRIGGER {name} ON {table};" for table, all_ in names.items() for name in all_)


BACKWARD = """
DROP FUNCTION compliance_hold_stands();
DROP FUNCTION compliance_hold_binds_all();
DROP FUNCTION compliance_hold_binds();
DROP FUNCTION compliance_refuse_for(compliance_hold);
DROP FUNCTION compliance_covered(uuid);
DROP FUNCTION compliance_held_callback(uuid, text, bigint, timestamptz);
DROP FUNCTION compliance_held_by(uuid);
DROP FUNCTION compliance_holding_callback(text, bigint, timestamptz);
DROP FUNCTION compliance_holding(uuid);
DROP FUNCTION compliance_conversation(uuid);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("compliance", "0005_holds_and_rules_can_change"),
        ("calls", "0003_consent_and_recorders_in_histories"),
        ("conferences", "0006_roles_in_conversations"),
        ("ivr", "0006_music_needs_no_prompt"),
        ("queues", "0009_recording_follows_policies"),
        ("recordings", "0005_sound_lies_in_copies"),
        ("telephony", "0001_deliveries_and_numbers"),
    ]

    operations = [
        migrations.RunSQL(READING, migrations.RunSQL.noop),
        migrations.RunSQL(BINDING, migrations.RunSQL.noop),
        migrations.RunSQL(triggers(), no_triggers() + BACKWARD),
    ]
