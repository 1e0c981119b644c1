-- Rows that history points at must not change; see docs/decisions.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% rows are never changed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER spec_revisions_immutable BEFORE UPDATE ON "spec_revisions" FOR EACH ROW
  WHEN (OLD.fields IS DISTINCT FROM NEW.fields OR OLD.files IS DISTINCT FROM NEW.files OR OLD.number <> NEW.number
    OR OLD.definition_hash <> NEW.definition_hash OR OLD.tag <> NEW.tag OR OLD.image_name <> NEW.image_name
    OR OLD.flyte_id <> NEW.flyte_id OR OLD.message <> NEW.message OR OLD.spec_id <> NEW.spec_id)
  EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER audit_events_insert_only BEFORE UPDATE OR DELETE ON "audit_events" FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER task_versions_immutable BEFORE UPDATE ON "task_versions" FOR EACH ROW
  WHEN (OLD.version <> NEW.version OR OLD.task_id <> NEW.task_id) EXECUTE FUNCTION refuse_change();
