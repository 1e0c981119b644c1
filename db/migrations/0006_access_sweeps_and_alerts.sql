CREATE TABLE "access_sweeps" (
	"team_id" uuid PRIMARY KEY NOT NULL,
	"collected_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "access_watches" (
	"team_id" uuid NOT NULL,
	"repository_id" uuid NOT NULL,
	"reference" text NOT NULL,
	"platform" text NOT NULL,
	"reason" text NOT NULL,
	"due_at" timestamp with time zone DEFAULT now() NOT NULL,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "access_watches_repository_id_reference_platform_pk" PRIMARY KEY("repository_id","reference","platform")
);
--> statement-breakpoint
CREATE TABLE "registry_contents" (
	"team_id" uuid NOT NULL,
	"digest" text NOT NULL,
	"media_type" text NOT NULL,
	"content" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "registry_contents_team_id_digest_pk" PRIMARY KEY("team_id","digest")
);
--> statement-breakpoint
CREATE TABLE "registry_limits" (
	"team_id" uuid NOT NULL,
	"host" text NOT NULL,
	"identity" text NOT NULL,
	"limit" integer,
	"remaining" integer,
	"window_seconds" integer,
	"source" text,
	"paused_until" timestamp with time zone,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "registry_limits_team_id_host_identity_pk" PRIMARY KEY("team_id","host","identity")
);
--> statement-breakpoint
CREATE TABLE "notification_reads" (
	"notification_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"read_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "notification_reads_notification_id_user_id_pk" PRIMARY KEY("notification_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "notifications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"team_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"detail" jsonb NOT NULL,
	"raised_at" timestamp with time zone DEFAULT now() NOT NULL,
	"resolved_at" timestamp with time zone,
	"resolved_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "credential_checks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"team_id" uuid NOT NULL,
	"credential_id" uuid NOT NULL,
	"is_failing" boolean NOT NULL,
	"explanation" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "access_current" ADD COLUMN "changed_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "access_current" ADD COLUMN "unchanged" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "access_current" ADD COLUMN "limited_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "details" jsonb DEFAULT '{"version":1}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "expires_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "failing_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "last_used_for" text;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "last_build_id" uuid;--> statement-breakpoint
ALTER TABLE "registries" ADD COLUMN "ca_certificates" text;--> statement-breakpoint
ALTER TABLE "registries" ADD COLUMN "settings" jsonb DEFAULT '{"version":1}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "access_sweeps" ADD CONSTRAINT "access_sweeps_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "access_watches" ADD CONSTRAINT "access_watches_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "access_watches" ADD CONSTRAINT "access_watches_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "registry_contents" ADD CONSTRAINT "registry_contents_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "registry_limits" ADD CONSTRAINT "registry_limits_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notification_reads" ADD CONSTRAINT "notification_reads_notification_id_notifications_id_fk" FOREIGN KEY ("notification_id") REFERENCES "public"."notifications"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notification_reads" ADD CONSTRAINT "notification_reads_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_resolved_by_users_id_fk" FOREIGN KEY ("resolved_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credential_checks" ADD CONSTRAINT "credential_checks_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credential_checks" ADD CONSTRAINT "credential_checks_credential_id_credentials_id_fk" FOREIGN KEY ("credential_id") REFERENCES "public"."credentials"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "access_watches_due" ON "access_watches" USING btree ("team_id","due_at");--> statement-breakpoint
CREATE INDEX "registry_contents_age" ON "registry_contents" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "registry_limits_host" ON "registry_limits" USING btree ("host","identity");--> statement-breakpoint
CREATE UNIQUE INDEX "notifications_open" ON "notifications" USING btree ("team_id","kind","subject") WHERE "notifications"."resolved_at" is null;--> statement-breakpoint
CREATE INDEX "notifications_team" ON "notifications" USING btree ("team_id","id");--> statement-breakpoint
CREATE INDEX "notifications_kind" ON "notifications" USING btree ("team_id","kind","id");--> statement-breakpoint
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
