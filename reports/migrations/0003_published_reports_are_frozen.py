"""What was published never changes, not even by SQL: it can only be replaced by a newer version."""

from django.db import migrations

FREEZE = """
CREATE FUNCTION refuse_to_change_a_published_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.state = 'replaced' AND to_jsonb(NEW) - 'state' = to_jsonb(OLD) - 'state' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a published report is frozen' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER published_reports_are_frozen BEFORE UPDATE OR DELETE ON reports_report
    FOR EACH ROW WHEN (OLD.state <> 'draft') EXECUTE FUNCTION refuse_to_change_a_published_report();
"""
THAW = """
DROP TRIGGER published_reports_are_frozen ON reports_report;
DROP FUNCTION refuse_to_change_a_published_report();
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_what_the_machine_drafted")]
    operations = [migrations.RunSQL(FREEZE, THAW)]
