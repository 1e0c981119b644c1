CREATE TABLE "audit_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"team_id" uuid NOT NULL,
	"user_id" uuid,
	"action" text NOT NULL,
	"subject" text NOT NULL,
	"subject_id" uuid,
	"detail" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "invitations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"team_id" uuid NOT NULL,
	"purpose" text NOT NULL,
	"token_hash" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "invitations_tokenHash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "memberships" (
	"team_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"role" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "memberships_team_id_user_id_pk" PRIMARY KEY("team_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "teams" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"password_hash" text,
	"session_version" integer DEFAULT 1 NOT NULL,
	"disabled_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "build_attempts" (
	"build_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"worker_id" uuid,
	"lease_until" timestamp with time zone NOT NULL,
	"claimed_at" timestamp with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp with time zone,
	"outcome" text,
	"failure_code" text,
	"next_seq" bigint DEFAULT 1 NOT NULL,
	"line_count" bigint DEFAULT 0 NOT NULL,
	"push_began" boolean DEFAULT false NOT NULL,
	"is_log_intact" boolean,
	"worker_read_back" boolean DEFAULT false NOT NULL,
	"dockerfile" text,
	CONSTRAINT "build_attempts_build_id_attempt_pk" PRIMARY KEY("build_id","attempt")
);
--> statement-breakpoint
CREATE TABLE "build_log_chunks" (
	"build_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"first_seq" bigint NOT NULL,
	"last_seq" bigint NOT NULL,
	"first_line" bigint NOT NULL,
	"lines" integer NOT NULL,
	"bytes" "bytea" NOT NULL,
	CONSTRAINT "build_log_chunks_build_id_attempt_first_seq_pk" PRIMARY KEY("build_id","attempt","first_seq")
);
--> statement-breakpoint
CREATE TABLE "build_outputs" (
	"build_id" uuid NOT NULL,
	"platform" text NOT NULL,
	"repository_id" uuid NOT NULL,
	"digest" text NOT NULL,
	"detail" jsonb NOT NULL,
	CONSTRAINT "build_outputs_build_id_platform_pk" PRIMARY KEY("build_id","platform")
);
--> statement-breakpoint
CREATE TABLE "build_steps" (
	"build_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"key" text NOT NULL,
	"position" integer NOT NULL,
	"parents" text[] NOT NULL,
	"stage" text NOT NULL,
	"name" text NOT NULL,
	"state" text NOT NULL,
	"cached" boolean NOT NULL,
	"started_at" timestamp with time zone,
	"completed_at" timestamp with time zone,
	"error" text,
	"exit_code" integer,
	"line_count" integer DEFAULT 0 NOT NULL,
	"log_bytes" bigint DEFAULT 0 NOT NULL,
	"first_line_seq" bigint,
	"last_line_seq" bigint,
	"clipped" text,
	"seq" bigint NOT NULL,
	CONSTRAINT "build_steps_build_id_attempt_key_pk" PRIMARY KEY("build_id","attempt","key")
);
--> statement-breakpoint
CREATE TABLE "builds" (
	"id" uuid PRIMARY KEY NOT NULL,
	"team_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"spec_id" uuid NOT NULL,
	"revision_id" uuid NOT NULL,
	"cause" text NOT NULL,
	"started_by" uuid,
	"platform" text NOT NULL,
	"repository_id" uuid NOT NULL,
	"tag" text NOT NULL,
	"no_cache" boolean DEFAULT false NOT NULL,
	"state" text NOT NULL,
	"current_attempt" integer DEFAULT 0 NOT NULL,
	"cancelled_by" uuid,
	"failure_code" text,
	"failure_message" text,
	"failure_step" text,
	"failure_exit_code" integer,
	"digest" text,
	"verified_by" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "access_checks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"repository_id" uuid NOT NULL,
	"reference" text NOT NULL,
	"identity" text NOT NULL,
	"platform" text NOT NULL,
	"vantage" text NOT NULL,
	"verdict" text NOT NULL,
	"digest" text,
	"evidence" jsonb NOT NULL,
	"checked_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "access_current" (
	"repository_id" uuid NOT NULL,
	"reference" text NOT NULL,
	"identity" text NOT NULL,
	"platform" text NOT NULL,
	"vantage" text NOT NULL,
	"verdict" text NOT NULL,
	"digest" text,
	"evidence" jsonb NOT NULL,
	"checked_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "access_current_repository_id_reference_identity_platform_vantage_pk" PRIMARY KEY("repository_id","reference","identity","platform","vantage")
);
--> statement-breakpoint
CREATE TABLE "manifest_layers" (
	"repository_id" uuid NOT NULL,
	"digest" text NOT NULL,
	"position" integer NOT NULL,
	"blob_digest" text NOT NULL,
	"size_bytes" bigint NOT NULL,
	"made_by" text,
	CONSTRAINT "manifest_layers_repository_id_digest_position_pk" PRIMARY KEY("repository_id","digest","position")
);
--> statement-breakpoint
CREATE TABLE "manifests" (
	"repository_id" uuid NOT NULL,
	"digest" text NOT NULL,
	"kind" text NOT NULL,
	"media_type" text NOT NULL,
	"platform" text,
	"config_digest" text,
	"size_bytes" bigint,
	"labels" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"run" jsonb,
	"image_created_at" timestamp with time zone,
	"first_seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"gone_at" timestamp with time zone,
	CONSTRAINT "manifests_repository_id_digest_pk" PRIMARY KEY("repository_id","digest")
);
--> statement-breakpoint
CREATE TABLE "repositories" (
	"id" uuid PRIMARY KEY NOT NULL,
	"team_id" uuid NOT NULL,
	"registry_id" uuid,
	"host" text NOT NULL,
	"path" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tag_moves" (
	"id" uuid PRIMARY KEY NOT NULL,
	"repository_id" uuid NOT NULL,
	"tag" text NOT NULL,
	"from_digest" text,
	"to_digest" text,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tags" (
	"repository_id" uuid NOT NULL,
	"name" text NOT NULL,
	"current_digest" text,
	"first_seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"checked_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "tags_repository_id_name_pk" PRIMARY KEY("repository_id","name")
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"team_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"key" text NOT NULL,
	"payload" jsonb NOT NULL,
	"run_after" timestamp with time zone DEFAULT now() NOT NULL,
	"lease_until" timestamp with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"last_error" text,
	"finished_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"team_id" uuid NOT NULL,
	"key" text NOT NULL,
	"value" jsonb NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "settings_team_id_key_pk" PRIMARY KEY("team_id","key")
);
--> statement-breakpoint
CREATE TABLE "credentials" (
	"id" uuid PRIMARY KEY NOT NULL,
	"team_id" uuid NOT NULL,
	"registry_id" uuid NOT NULL,
	"purpose" text NOT NULL,
	"method" text NOT NULL,
	"username" text NOT NULL,
	"sealed_secret" text NOT NULL,
	"key_id" text NOT NULL,
	"realm_origins" text[] DEFAULT '{}' NOT NULL,
	"last_check" jsonb,
	"last_used_at" timestamp with time zone,
	"created_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "registries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"team_id" uuid NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"host" text NOT NULL,
	"namespace" text NOT NULL,
	"plain_http" boolean DEFAULT false NOT NULL,
	"allowed_ranges" text[] DEFAULT '{}' NOT NULL,
	"archived_at" timestamp with time zone,
	"created_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "files" (
	"team_id" uuid NOT NULL,
	"sha256" text NOT NULL,
	"bytes" "bytea" NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "files_team_id_sha256_pk" PRIMARY KEY("team_id","sha256")
);
--> statement-breakpoint
CREATE TABLE "image_specs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"team_id" uuid NOT NULL,
	"name" text NOT NULL,
	"registry_id" uuid,
	"current_revision" integer NOT NULL,
	"archived_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "spec_revisions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"team_id" uuid NOT NULL,
	"spec_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"fields" jsonb NOT NULL,
	"files" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"definition_hash" text NOT NULL,
	"tag" text NOT NULL,
	"image_name" text NOT NULL,
	"flyte_id" text NOT NULL,
	"flytekit_version" text NOT NULL,
	"message" text DEFAULT '' NOT NULL,
	"origin" text NOT NULL,
	"author_id" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "task_images" (
	"task_version_id" uuid NOT NULL,
	"container" text NOT NULL,
	"reference" text NOT NULL,
	"known" text NOT NULL,
	"repository_id" uuid,
	"tag" text,
	"digest" text,
	"digest_at_import" text,
	"revision_id" uuid,
	CONSTRAINT "task_images_task_version_id_container_pk" PRIMARY KEY("task_version_id","container")
);
--> statement-breakpoint
CREATE TABLE "task_versions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"task_id" uuid NOT NULL,
	"version" text NOT NULL,
	"origin" text NOT NULL,
	"file_name" text NOT NULL,
	"line" integer NOT NULL,
	"imported_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tasks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"team_id" uuid NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "workers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"team_id" uuid NOT NULL,
	"name" text NOT NULL,
	"secret_hash" text NOT NULL,
	"version" text,
	"engine" jsonb,
	"last_seen_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "workers_secretHash_unique" UNIQUE("secret_hash")
);
--> statement-breakpoint
ALTER TABLE "audit_events" ADD CONSTRAINT "audit_events_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit_events" ADD CONSTRAINT "audit_events_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "build_attempts" ADD CONSTRAINT "build_attempts_build_id_builds_id_fk" FOREIGN KEY ("build_id") REFERENCES "public"."builds"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "build_attempts" ADD CONSTRAINT "build_attempts_worker_id_workers_id_fk" FOREIGN KEY ("worker_id") REFERENCES "public"."workers"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "build_log_chunks" ADD CONSTRAINT "build_log_chunks_attempt" FOREIGN KEY ("build_id","attempt") REFERENCES "public"."build_attempts"("build_id","attempt") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "build_outputs" ADD CONSTRAINT "build_outputs_build_id_builds_id_fk" FOREIGN KEY ("build_id") REFERENCES "public"."builds"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "build_outputs" ADD CONSTRAINT "build_outputs_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "build_steps" ADD CONSTRAINT "build_steps_attempt" FOREIGN KEY ("build_id","attempt") REFERENCES "public"."build_attempts"("build_id","attempt") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "builds" ADD CONSTRAINT "builds_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "builds" ADD CONSTRAINT "builds_spec_id_image_specs_id_fk" FOREIGN KEY ("spec_id") REFERENCES "public"."image_specs"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "builds" ADD CONSTRAINT "builds_revision_id_spec_revisions_id_fk" FOREIGN KEY ("revision_id") REFERENCES "public"."spec_revisions"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "builds" ADD CONSTRAINT "builds_started_by_users_id_fk" FOREIGN KEY ("started_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "builds" ADD CONSTRAINT "builds_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "builds" ADD CONSTRAINT "builds_cancelled_by_users_id_fk" FOREIGN KEY ("cancelled_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "access_checks" ADD CONSTRAINT "access_checks_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "access_current" ADD CONSTRAINT "access_current_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "manifest_layers" ADD CONSTRAINT "manifest_layers_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "manifests" ADD CONSTRAINT "manifests_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "repositories" ADD CONSTRAINT "repositories_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "repositories" ADD CONSTRAINT "repositories_registry_id_registries_id_fk" FOREIGN KEY ("registry_id") REFERENCES "public"."registries"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tag_moves" ADD CONSTRAINT "tag_moves_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tags" ADD CONSTRAINT "tags_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "settings" ADD CONSTRAINT "settings_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_registry_id_registries_id_fk" FOREIGN KEY ("registry_id") REFERENCES "public"."registries"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "registries" ADD CONSTRAINT "registries_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "registries" ADD CONSTRAINT "registries_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "image_specs" ADD CONSTRAINT "image_specs_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "image_specs" ADD CONSTRAINT "image_specs_registry_id_registries_id_fk" FOREIGN KEY ("registry_id") REFERENCES "public"."registries"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "spec_revisions" ADD CONSTRAINT "spec_revisions_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "spec_revisions" ADD CONSTRAINT "spec_revisions_spec_id_image_specs_id_fk" FOREIGN KEY ("spec_id") REFERENCES "public"."image_specs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "spec_revisions" ADD CONSTRAINT "spec_revisions_author_id_users_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_images" ADD CONSTRAINT "task_images_task_version_id_task_versions_id_fk" FOREIGN KEY ("task_version_id") REFERENCES "public"."task_versions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_images" ADD CONSTRAINT "task_images_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_images" ADD CONSTRAINT "task_images_revision_id_spec_revisions_id_fk" FOREIGN KEY ("revision_id") REFERENCES "public"."spec_revisions"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_versions" ADD CONSTRAINT "task_versions_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_versions" ADD CONSTRAINT "task_versions_imported_by_users_id_fk" FOREIGN KEY ("imported_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workers" ADD CONSTRAINT "workers_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_events_team" ON "audit_events" USING btree ("team_id","id");--> statement-breakpoint
CREATE INDEX "memberships_user" ON "memberships" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "users_email" ON "users" USING btree (lower("email"));--> statement-breakpoint
CREATE INDEX "build_attempts_lease" ON "build_attempts" USING btree ("outcome","lease_until");--> statement-breakpoint
CREATE INDEX "build_log_chunks_line" ON "build_log_chunks" USING btree ("build_id","attempt","first_line");--> statement-breakpoint
CREATE INDEX "build_outputs_digest" ON "build_outputs" USING btree ("repository_id","digest");--> statement-breakpoint
CREATE UNIQUE INDEX "builds_number" ON "builds" USING btree ("team_id","number");--> statement-breakpoint
CREATE INDEX "builds_team" ON "builds" USING btree ("team_id","id");--> statement-breakpoint
CREATE INDEX "builds_spec" ON "builds" USING btree ("spec_id","id");--> statement-breakpoint
CREATE INDEX "builds_state" ON "builds" USING btree ("team_id","state","id");--> statement-breakpoint
CREATE INDEX "builds_digest" ON "builds" USING btree ("repository_id","digest");--> statement-breakpoint
CREATE INDEX "access_checks_place" ON "access_checks" USING btree ("repository_id","reference","id");--> statement-breakpoint
CREATE INDEX "access_current_digest" ON "access_current" USING btree ("repository_id","digest");--> statement-breakpoint
CREATE INDEX "manifest_layers_blob" ON "manifest_layers" USING btree ("blob_digest");--> statement-breakpoint
CREATE INDEX "manifests_seen" ON "manifests" USING btree ("repository_id","last_seen_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "manifests_digest" ON "manifests" USING btree ("digest");--> statement-breakpoint
CREATE UNIQUE INDEX "repositories_place" ON "repositories" USING btree ("team_id","host","path");--> statement-breakpoint
CREATE INDEX "repositories_registry" ON "repositories" USING btree ("registry_id");--> statement-breakpoint
CREATE INDEX "tag_moves_tag" ON "tag_moves" USING btree ("repository_id","tag","id");--> statement-breakpoint
CREATE INDEX "tags_digest" ON "tags" USING btree ("repository_id","current_digest");--> statement-breakpoint
CREATE UNIQUE INDEX "jobs_pending" ON "jobs" USING btree ("kind","key") WHERE "jobs"."finished_at" is null;--> statement-breakpoint
CREATE INDEX "jobs_due" ON "jobs" USING btree ("run_after") WHERE "jobs"."finished_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "credentials_purpose" ON "credentials" USING btree ("registry_id","purpose");--> statement-breakpoint
CREATE UNIQUE INDEX "registries_name" ON "registries" USING btree ("team_id","name");--> statement-breakpoint
CREATE INDEX "registries_host" ON "registries" USING btree ("team_id","host");--> statement-breakpoint
CREATE UNIQUE INDEX "image_specs_name" ON "image_specs" USING btree ("team_id","name");--> statement-breakpoint
CREATE INDEX "image_specs_team" ON "image_specs" USING btree ("team_id","id");--> statement-breakpoint
CREATE INDEX "image_specs_registry" ON "image_specs" USING btree ("registry_id");--> statement-breakpoint
CREATE UNIQUE INDEX "spec_revisions_number" ON "spec_revisions" USING btree ("spec_id","number");--> statement-breakpoint
CREATE INDEX "spec_revisions_tag" ON "spec_revisions" USING btree ("team_id","image_name","tag");--> statement-breakpoint
CREATE INDEX "task_images_digest" ON "task_images" USING btree ("repository_id","digest");--> statement-breakpoint
CREATE INDEX "task_images_tag" ON "task_images" USING btree ("repository_id","tag");--> statement-breakpoint
CREATE INDEX "task_images_revision" ON "task_images" USING btree ("revision_id");--> statement-breakpoint
CREATE INDEX "task_versions_task" ON "task_versions" USING btree ("task_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "tasks_name" ON "tasks" USING btree ("team_id","name");--> statement-breakpoint
CREATE UNIQUE INDEX "workers_name" ON "workers" USING btree ("team_id","name");