CREATE TABLE "build_secrets" (
	"id" uuid PRIMARY KEY NOT NULL,
	"team_id" uuid NOT NULL,
	"name" text NOT NULL,
	"sealed_content" text NOT NULL,
	"key_id" text NOT NULL,
	"last_used_at" timestamp with time zone,
	"stored_by" uuid,
	"stored_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "builds" ADD COLUMN "base_build_id" uuid;--> statement-breakpoint
ALTER TABLE "spec_revisions" ADD COLUMN "archive" text;--> statement-breakpoint
ALTER TABLE "spec_revisions" ADD COLUMN "secret_names" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "spec_revisions" ADD COLUMN "base_revision_id" uuid;--> statement-breakpoint
ALTER TABLE "spec_revisions" ADD COLUMN "digests" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "build_secrets" ADD CONSTRAINT "build_secrets_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "build_secrets" ADD CONSTRAINT "build_secrets_stored_by_users_id_fk" FOREIGN KEY ("stored_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "build_secrets_name" ON "build_secrets" USING btree ("team_id","name");--> statement-breakpoint
ALTER TABLE "builds" ADD CONSTRAINT "builds_base_build_id_builds_id_fk" FOREIGN KEY ("base_build_id") REFERENCES "public"."builds"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "spec_revisions" ADD CONSTRAINT "spec_revisions_base_revision_id_spec_revisions_id_fk" FOREIGN KEY ("base_revision_id") REFERENCES "public"."spec_revisions"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "builds_base" ON "builds" USING btree ("base_build_id");--> statement-breakpoint
CREATE INDEX "builds_revision" ON "builds" USING btree ("revision_id","id");--> statement-breakpoint
CREATE INDEX "spec_revisions_base" ON "spec_revisions" USING btree ("base_revision_id");--> statement-breakpoint
DROP TRIGGER spec_revisions_immutable ON "spec_revisions";
--> statement-breakpoint
CREATE TRIGGER spec_revisions_immutable BEFORE UPDATE ON "spec_revisions" FOR EACH ROW
  WHEN (OLD.fields IS DISTINCT FROM NEW.fields OR OLD.files IS DISTINCT FROM NEW.files OR OLD.number <> NEW.number
    OR OLD.definition_hash <> NEW.definition_hash OR OLD.tag <> NEW.tag OR OLD.image_name <> NEW.image_name
    OR OLD.flyte_id <> NEW.flyte_id OR OLD.message <> NEW.message OR OLD.spec_id <> NEW.spec_id
    OR OLD.archive IS DISTINCT FROM NEW.archive OR OLD.secret_names IS DISTINCT FROM NEW.secret_names
    OR OLD.base_revision_id IS DISTINCT FROM NEW.base_revision_id OR OLD.digests IS DISTINCT FROM NEW.digests)
  EXECUTE FUNCTION refuse_change();
