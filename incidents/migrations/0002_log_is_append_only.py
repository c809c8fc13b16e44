"""The log is append-only in the database itself: nothing, not even the admin's own SQL, changes or removes a line."""

from django.db import migrations

FORBID = """
CREATE FUNCTION refuse_to_change_the_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER log_is_append_only BEFORE UPDATE OR DELETE ON incidents_timelineentry
    FOR EACH ROW EXECUTE FUNCTION refuse_to_change_the_log();
"""
ALLOW = """
DROP TRIGGER log_is_append_only ON incidents_timelineentry;
DROP FUNCTION refuse_to_change_the_log();
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
