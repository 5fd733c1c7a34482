"""What a legal hold covers is not deleted: texts of its calls, of its numbers, and of its queue in its time."""

from django.db import migrations

LOCK = 0x686F_6C64  # that of `compliance` 0006

READING = """
CREATE FUNCTION compliance_holding_text(call uuid, number text, ours text, queue bigint, at timestamptz)
RETURNS SETOF compliance_hold LANGUAGE sql STABLE ROWS 1 AS $$
    -- the active holds to which a text belongs, by its call or by itself
    SELECT hold.* FROM compliance_hold AS hold
    WHERE hold.lifted_at IS NULL AND (
        hold.id IN (SELECT id FROM compliance_holding($1))
        OR (
            hold.call_id IS NULL
            AND hold.caller IN ('', $2) AND hold.number IN ('', $3)
            AND (hold.queue_id IS NULL OR hold.queue_id = $4)
            AND (hold.since IS NULL OR $5 >= hold.since) AND (hold.until IS NULL OR $5 < hold.until)
        )
    )
    ORDER BY hold.placed_at, hold.id
$$;

CREATE FUNCTION compliance_text_is_free(call uuid, number text, ours text, queue bigint, at timestamptz)
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM compliance_hold WHERE lifted_at IS NULL) THEN
        RETURN true;
    END IF;
    RETURN NOT EXISTS (SELECT FROM compliance_holding_text($1, $2, $3, $4, $5));
END $$;

CREATE FUNCTION messaging_hold_binds() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held uuid := CASE TG_TABLE_NAME WHEN 'messaging_media' THEN (to_jsonb(OLD)->>'message_id')::uuid ELSE OLD.id END;
    hold compliance_hold;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(LOCK);
    IF EXISTS (SELECT FROM compliance_hold WHERE lifted_at IS NULL) THEN
        SELECT holding.* INTO hold
        FROM messaging_message AS message
        LEFT JOIN messaging_thread AS thread ON thread.id = message.thread_id
        LEFT JOIN messaging_sender AS sender ON sender.id = thread.sender_id
        CROSS JOIN LATERAL compliance_holding_text(
            message.call_id, thread.number, sender.number, thread.queue_id, message.at
        ) AS holding
        WHERE message.id = held LIMIT 1;
        IF FOUND THEN
            PERFORM compliance_refuse_for(hold);
        END IF;
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
""".replace("(LOCK)", f"({LOCK})")

LOSSES = {
    "messaging_message": "(OLD.body <> '' AND NEW.body <> OLD.body) OR (OLD.call_id IS NOT NULL AND NEW.call_id IS NULL)"
    " OR NEW.thread_id IS DISTINCT FROM OLD.thread_id",
    "messaging_media": "(OLD.name <> '' AND NEW.name = '') OR (OLD.sealed_key <> '' AND NEW.sealed_key = '')",
}


def triggers() -> str:
    return "\n".join(
        f"CREATE TRIGGER hold_binds BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION messaging_hold_binds();"
        f"CREATE TRIGGER hold_binds_losses BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({losses})"
        " EXECUTE FUNCTION messaging_hold_binds();"
        f"CREATE TRIGGER hold_binds_all BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION compliance_hold_binds_all();"
        for table, losses in LOSSES.items()
    )


BACKWARD = "".join(
    f"DROP TRIGGER {name} ON {table};"
    for table in LOSSES
    for name in ("hold_binds", "hold_binds_losses", "hold_binds_all")
) + (
    "DROP FUNCTION messaging_hold_binds();"
    "DROP FUNCTION compliance_text_is_free(uuid, text, text, bigint, timestamptz);"
    "DROP FUNCTION compliance_holding_text(uuid, text, text, bigint, timestamptz);"
)


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_threads_and_messages"), ("compliance", "0008_holds_are_found_quickly")]

    operations = [migrations.RunSQL(READING + triggers(), BACKWARD)]
