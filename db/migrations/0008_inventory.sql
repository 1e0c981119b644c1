CREATE TABLE "image_copies" (
	"id" uuid PRIMARY KEY NOT NULL,
	"team_id" uuid NOT NULL,
	"state" text NOT NULL,
	"from_repository_id" uuid NOT NULL,
	"digest" text NOT NULL,
	"to_repository_id" uuid NOT NULL,
	"tag" text,
	"with_referrers" boolean NOT NULL,
	"progress" jsonb,
	"requested_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"cancelled_at" timestamp with time zone,
	"failure_code" text,
	"failure_message" text
);
--> statement-breakpoint
CREATE TABLE "index_children" (
	"repository_id" uuid NOT NULL,
	"index_digest" text NOT NULL,
	"child_digest" text NOT NULL,
	"position" integer NOT NULL,
	"platform" text,
	"is_extra" boolean NOT NULL,
	CONSTRAINT "index_children_repository_id_index_digest_child_digest_pk" PRIMARY KEY("repository_id","index_digest","child_digest")
);
--> statement-breakpoint
CREATE TABLE "registry_scans" (
	"registry_id" uuid PRIMARY KEY NOT NULL,
	"has_catalog" boolean,
	"has_referrers_api" boolean,
	"deletes_tags" boolean,
	"deletes_digests" boolean,
	"repository_count" integer,
	"scanned_at" timestamp with time zone,
	"failure_code" text,
	"failure_message" text
);
--> statement-breakpoint
CREATE TABLE "repository_syncs" (
	"repository_id" uuid PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"phase" text DEFAULT 'tags' NOT NULL,
	"done_count" integer DEFAULT 0 NOT NULL,
	"total_count" integer DEFAULT 0 NOT NULL,
	"added_count" integer DEFAULT 0 NOT NULL,
	"note" text,
	"requested_by" uuid,
	"requested_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"synced_at" timestamp with time zone,
	"cancelled_at" timestamp with time zone,
	"failure_code" text,
	"failure_message" text
);
--> statement-breakpoint
DROP INDEX "manifests_seen";--> statement-breakpoint
DROP INDEX "manifests_digest";--> statement-breakpoint
ALTER TABLE "manifests" ADD COLUMN "team_id" uuid;--> statement-breakpoint
ALTER TABLE "manifests" ADD COLUMN "platforms" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "manifests" ADD COLUMN "subject_digest" text;--> statement-breakpoint
ALTER TABLE "manifests" ADD COLUMN "artifact_type" text;--> statement-breakpoint
ALTER TABLE "manifests" ADD COLUMN "is_part" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "manifests" ADD COLUMN "sorted_at" timestamp with time zone DEFAULT date_trunc('milliseconds', now()) NOT NULL;--> statement-breakpoint
ALTER TABLE "manifests" ADD COLUMN "referrers_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "image_copies" ADD CONSTRAINT "image_copies_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "image_copies" ADD CONSTRAINT "image_copies_from_repository_id_repositories_id_fk" FOREIGN KEY ("from_repository_id") REFERENCES "public"."repositories"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "image_copies" ADD CONSTRAINT "image_copies_to_repository_id_repositories_id_fk" FOREIGN KEY ("to_repository_id") REFERENCES "public"."repositories"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "image_copies" ADD CONSTRAINT "image_copies_requested_by_users_id_fk" FOREIGN KEY ("requested_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "index_children" ADD CONSTRAINT "index_children_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "registry_scans" ADD CONSTRAINT "registry_scans_registry_id_registries_id_fk" FOREIGN KEY ("registry_id") REFERENCES "public"."registries"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "repository_syncs" ADD CONSTRAINT "repository_syncs_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "repository_syncs" ADD CONSTRAINT "repository_syncs_requested_by_users_id_fk" FOREIGN KEY ("requested_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "image_copies_from" ON "image_copies" USING btree ("from_repository_id","id");--> statement-breakpoint
CREATE INDEX "image_copies_to" ON "image_copies" USING btree ("to_repository_id","id");--> statement-breakpoint
CREATE INDEX "image_copies_team" ON "image_copies" USING btree ("team_id","id");--> statement-breakpoint
CREATE INDEX "index_children_child" ON "index_children" USING btree ("repository_id","child_digest");--> statement-breakpoint
UPDATE "manifests" m SET "team_id" = r."team_id", "platforms" = CASE WHEN m."platform" IS NULL THEN '{}' ELSE ARRAY[m."platform"] END,
  "sorted_at" = date_trunc('milliseconds', CASE WHEN m."image_created_at" BETWEEN '2013-01-01' AND m."first_seen_at" + interval '1 hour' THEN m."image_created_at" ELSE m."first_seen_at" END)
  FROM "repositories" r WHERE r."id" = m."repository_id";--> statement-breakpoint
ALTER TABLE "manifests" ALTER COLUMN "team_id" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "manifests" ADD CONSTRAINT "manifests_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "access_current_verdict" ON "access_current" USING btree ("verdict","repository_id","reference");--> statement-breakpoint
CREATE INDEX "manifests_list" ON "manifests" USING btree ("team_id","sorted_at","repository_id","digest");--> statement-breakpoint
CREATE INDEX "manifests_repository" ON "manifests" USING btree ("repository_id","sorted_at","digest");--> statement-breakpoint
CREATE INDEX "manifests_platforms" ON "manifests" USING gin ("platforms");--> statement-breakpoint
CREATE INDEX "manifests_labels" ON "manifests" USING gin ("labels" jsonb_path_ops);--> statement-breakpoint
CREATE INDEX "manifests_subject" ON "manifests" USING btree ("repository_id","subject_digest") WHERE "manifests"."subject_digest" is not null;--> statement-breakpoint
CREATE INDEX "manifests_gone" ON "manifests" USING btree ("team_id","sorted_at","repository_id","digest") WHERE "manifests"."gone_at" is not null;--> statement-breakpoint
CREATE INDEX "tags_name" ON "tags" USING btree ("name" text_pattern_ops);--> statement-breakpoint
CREATE INDEX "manifests_digest" ON "manifests" USING btree ("team_id","digest" text_pattern_ops);