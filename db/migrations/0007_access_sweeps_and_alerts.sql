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
ALTER TABLE "access_current" ADD COLUMN "changed_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "access_current" ADD COLUMN "unchanged" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "access_current" ADD COLUMN "limited_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "access_sweeps" ADD CONSTRAINT "access_sweeps_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "access_watches" ADD CONSTRAINT "access_watches_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "access_watches" ADD CONSTRAINT "access_watches_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "registry_contents" ADD CONSTRAINT "registry_contents_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "registry_limits" ADD CONSTRAINT "registry_limits_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notification_reads" ADD CONSTRAINT "notification_reads_notification_id_notifications_id_fk" FOREIGN KEY ("notification_id") REFERENCES "public"."notifications"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notification_reads" ADD CONSTRAINT "notification_reads_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_resolved_by_users_id_fk" FOREIGN KEY ("resolved_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "access_watches_due" ON "access_watches" USING btree ("team_id","due_at");--> statement-breakpoint
CREATE INDEX "registry_contents_age" ON "registry_contents" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "registry_limits_host" ON "registry_limits" USING btree ("host","identity");--> statement-breakpoint
CREATE UNIQUE INDEX "notifications_open" ON "notifications" USING btree ("team_id","kind","subject") WHERE "notifications"."resolved_at" is null;--> statement-breakpoint
CREATE INDEX "notifications_team" ON "notifications" USING btree ("team_id","id");--> statement-breakpoint
CREATE INDEX "notifications_kind" ON "notifications" USING btree ("team_id","kind","id");