CREATE TABLE "credential_checks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"team_id" uuid NOT NULL,
	"credential_id" uuid NOT NULL,
	"is_failing" boolean NOT NULL,
	"explanation" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "details" jsonb DEFAULT '{"version":1}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "expires_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "failing_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "last_used_for" text;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "last_build_id" uuid;--> statement-breakpoint
ALTER TABLE "registries" ADD COLUMN "ca_certificates" text;--> statement-breakpoint
ALTER TABLE "registries" ADD COLUMN "settings" jsonb DEFAULT '{"version":1}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "credential_checks" ADD CONSTRAINT "credential_checks_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credential_checks" ADD CONSTRAINT "credential_checks_credential_id_credentials_id_fk" FOREIGN KEY ("credential_id") REFERENCES "public"."credentials"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "credential_checks_credential" ON "credential_checks" USING btree ("credential_id","id");--> statement-breakpoint
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_last_build_id_builds_id_fk" FOREIGN KEY ("last_build_id") REFERENCES "public"."builds"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
UPDATE "registries" SET "kind" = CASE
  WHEN "host" = 'ghcr.io' THEN 'ghcr'
  WHEN "host" = 'docker.io' THEN 'docker_hub'
  WHEN "host" = 'public.ecr.aws' THEN 'ecr_public'
  WHEN "host" = 'quay.io' THEN 'quay'
  WHEN "host" = 'registry.gitlab.com' THEN 'gitlab'
  WHEN "host" ~ '^\d{12}\.dkr[.-]ecr(-fips)?\.[a-z0-9-]+\.(amazonaws\.(com(\.cn)?|eu)|on\.aws)$' THEN 'ecr'
  WHEN "host" ~ '^[a-z0-9-]+-docker\.pkg\.dev$' OR "host" ~ '^((us|eu|asia)\.)?gcr\.io$' THEN 'gar'
  WHEN "host" ~ '^[a-z0-9-]+\.azurecr\.io$' THEN 'acr'
  WHEN "host" ~ '^harbor[.-]' THEN 'harbor'
  ELSE 'generic' END;
--> statement-breakpoint
-- Every credential that is there is tested from now on, too; the first tests are spread over the usual time between two.
INSERT INTO "jobs" ("id", "team_id", "kind", "key", "payload", "run_after")
  SELECT gen_random_uuid(), "team_id", 'test_credential', "id"::text, jsonb_build_object('credentialId', "id"), now() + random() * interval '4 hours'
  FROM "credentials";
