CREATE TABLE "enrolments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"team_id" uuid NOT NULL,
	"code_hash" text NOT NULL,
	"name" text NOT NULL,
	"labels" text[] NOT NULL,
	"is_reserved" boolean NOT NULL,
	"slots" integer NOT NULL,
	"created_by" uuid,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	"worker_id" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "enrolments_codeHash_unique" UNIQUE("code_hash")
);
--> statement-breakpoint
DROP INDEX "workers_name";--> statement-breakpoint
ALTER TABLE "workers" ALTER COLUMN "secret_hash" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "builds" ADD COLUMN "labels" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "registries" ADD COLUMN "worker_labels" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "registries" ADD COLUMN "max_builds" integer;--> statement-breakpoint
ALTER TABLE "image_specs" ADD COLUMN "worker_labels" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "workers" ADD COLUMN "is_local" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "workers" ADD COLUMN "labels" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "workers" ADD COLUMN "is_reserved" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "workers" ADD COLUMN "slots" integer DEFAULT 2 NOT NULL;--> statement-breakpoint
ALTER TABLE "workers" ADD COLUMN "paused_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "workers" ADD COLUMN "paused_by" uuid;--> statement-breakpoint
ALTER TABLE "workers" ADD COLUMN "revoked_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "workers" ADD COLUMN "refused_protocol" text;--> statement-breakpoint
ALTER TABLE "workers" ADD COLUMN "findings" jsonb;--> statement-breakpoint
ALTER TABLE "workers" ADD COLUMN "checked_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "workers" ADD COLUMN "checkup_asked_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "workers" ADD COLUMN "checkup_ordered_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "enrolments" ADD CONSTRAINT "enrolments_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enrolments" ADD CONSTRAINT "enrolments_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enrolments" ADD CONSTRAINT "enrolments_worker_id_workers_id_fk" FOREIGN KEY ("worker_id") REFERENCES "public"."workers"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "enrolments_team" ON "enrolments" USING btree ("team_id","id");--> statement-breakpoint
ALTER TABLE "workers" ADD CONSTRAINT "workers_paused_by_users_id_fk" FOREIGN KEY ("paused_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "workers_name" ON "workers" USING btree ("team_id","name") WHERE "workers"."revoked_at" is null;