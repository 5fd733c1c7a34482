"""Whether a call is held is asked for each row that is to be deleted: one plan for all of them, and few calls to look at.

Left to itself the database plans each question anew, takes a conversation for hundreds of calls, and reads the whole
table of them for one.
"""

from django.db import migrations

CONVERSATION = """
CREATE OR REPLACE FUNCTION compliance_conversation(one uuid) RETURNS SETOF uuid LANGUAGE plpgsql STABLE ROWS 5 AS $$
-- a call, its legs, and all who were in a conference with one of them
BEGIN
    RETURN QUERY
    WITH RECURSIVE met (id) AS (
        SELECT one WHERE one IS NOT NULL
        UNION
        SELECT near.id FROM met CROSS JOIN LATERAL (
            SELECT call.parent_id FROM calls_call AS call WHERE call.id = met.id
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
    SELECT met.id FROM met;
END $$;
"""

# What makes an active hold cover the calls `members`, which are one conversation.
COVERS = """
    hold.lifted_at IS NULL
    AND (hold.caller = '' OR EXISTS (
        SELECT FROM calls_call AS call LEFT JOIN compliance_scope AS scope ON scope.call_id = call.id
        WHERE call.id = ANY (members) AND hold.caller IN (call.from_number, call.to_number, scope.caller)
    ))
    AND (hold.number = '' OR EXISTS (
        SELECT FROM calls_call AS call LEFT JOIN compliance_scope AS scope ON scope.call_id = call.id
        WHERE call.id = ANY (members) AND hold.number IN (call.from_number, call.to_number, scope.number)
    ))
    AND (hold.call_id IS NULL OR hold.call_id = ANY (members))
    AND (hold.queue_id IS NULL OR EXISTS (
        SELECT FROM compliance_scope AS scope WHERE scope.call_id = ANY (members) AND hold.queue_id = ANY (scope.queues)
    ))
    AND EXISTS (
        SELECT FROM calls_call AS call WHERE call.id = ANY (members)
        AND (hold.since IS NULL OR call.started_at >= hold.since)
        AND (hold.until IS NULL OR call.started_at < hold.until)
    )
"""
HOLDING = (
    """
CREATE OR REPLACE FUNCTION compliance_holding(one uuid) RETURNS SETOF compliance_hold LANGUAGE plpgsql STABLE ROWS 1 AS $$
-- the active holds to which the conversation of a call belongs
DECLARE
    members uuid[];
BEGIN
    members := ARRAY(SELECT compliance_conversation(one));
    RETURN QUERY SELECT hold.* FROM compliance_hold AS hold WHERE COVERS ORDER BY hold.placed_at, hold.id;
END $$;

CREATE OR REPLACE FUNCTION compliance_held_by(one uuid) RETURNS uuid LANGUAGE plpgsql STABLE COST 5000 AS $$
-- the oldest of them
DECLARE
    members uuid[];
    found uuid;
BEGIN
    IF NOT EXISTS (SELECT FROM compliance_hold WHERE lifted_at IS NULL) THEN
        RETURN NULL;
    END IF;
    members := ARRAY(SELECT compliance_conversation(one));
    SELECT hold.id INTO found FROM compliance_hold AS hold WHERE COVERS ORDER BY hold.placed_at, hold.id LIMIT 1;
    RETURN found;
END $$;

CREATE FUNCTION compliance_is_free(one uuid) RETURNS boolean LANGUAGE plpgsql STABLE COST 5000 AS $$
-- a question whose answer is most often yes: asked in this way, the database does not look at all rows for a few
BEGIN
    RETURN compliance_held_by(one) IS NULL;
END $$;

CREATE OR REPLACE FUNCTION compliance_hold_binds() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_call uuid;
    held uuid;
    hold compliance_hold;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(LOCK);
    IF EXISTS (SELECT FROM compliance_hold WHERE lifted_at IS NULL) THEN
        FOR of_call IN EXECUTE TG_ARGV[0] USING OLD LOOP
            held := compliance_held_by(of_call);
            IF held IS NOT NULL THEN
                SELECT * INTO hold FROM compliance_hold WHERE id = held;
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

ALTER FUNCTION compliance_held_callback(uuid, text, bigint, timestamptz) COST 5000;
-- a plan for calls of any number is as good as one for these calls, and is made once
ALTER FUNCTION compliance_held_by(uuid) SET plan_cache_mode TO force_generic_plan;
"""
).replace("COVERS", COVERS)


class Migration(migrations.Migration):
    dependencies = [("compliance", "0007_who_sets_policies")]

    operations = [
        migrations.RunSQL(CONVERSATION, migrations.RunSQL.noop),
        # the lock is that of 0006
        migrations.RunSQL(HOLDING.replace("(LOCK)", f"({0x686F_6C64})"), "DROP FUNCTION compliance_is_free(uuid);"),
    ]
