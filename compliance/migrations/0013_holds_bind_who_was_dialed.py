"""What a legal hold covers is not deleted: who was to be called, who was dialed, and whom a rule kept from that.

Most of this is of no call: a hold binds it by the number, as it does a wish to be called back (0006).
"""

from django.db import migrations

LOCK = 0x686F_6C64  # that of 0006

FUNCTION = """
CREATE FUNCTION compliance_hold_binds_dialed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held uuid;
    hold compliance_hold;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(LOCK);
    IF EXISTS (SELECT FROM compliance_hold WHERE lifted_at IS NULL) THEN
        EXECUTE TG_ARGV[0] INTO held USING OLD;
        IF held IS NOT NULL THEN
            SELECT * INTO hold FROM compliance_hold WHERE id = held;
            PERFORM compliance_refuse_for(hold);
        END IF;
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
""".replace("(LOCK)", f"({LOCK})")

HOLDS = {
    "dialing_attempt": "SELECT compliance_held_callback(($1).call_id, ($1).number, NULL, ($1).at)",
    "outbound_order": "SELECT compliance_held_callback(($1).call_id, ($1).number, ($1).queue_id, ($1).made_at)",
}


def triggers() -> str:
    return "".join(
        f"CREATE TRIGGER hold_binds BEFORE DELETE ON {table} FOR EACH ROW"
        f" EXECUTE FUNCTION compliance_hold_binds_dialed('{held}');"
        f"CREATE TRIGGER hold_binds_losses BEFORE UPDATE ON {table} FOR EACH ROW"
        " WHEN (OLD.number <> '' AND NEW.number <> OLD.number)"
        f" EXECUTE FUNCTION compliance_hold_binds_dialed('{held}');"
        f"CREATE TRIGGER hold_binds_all BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION compliance_hold_binds_all();"
        for table, held in HOLDS.items()
    )


BACKWARD = "".join(
    f"DROP TRIGGER {name} ON {table};"
    for table in HOLDS
    for name in ("hold_binds", "hold_binds_losses", "hold_binds_all")
)


class Migration(migrations.Migration):
    dependencies = [
        ("compliance", "0012_tries_are_not_bound"),
        ("dialing", "0004_days_are_bounded"),
        ("outbound", "0003_orders_are_found_by_reference"),
    ]

    operations = [migrations.RunSQL(FUNCTION + triggers(), BACKWARD + "DROP FUNCTION compliance_hold_binds_dialed();")]
