CREATE TABLE "projects" (
	"id" uuid PRIMARY KEY NOT NULL,
	"team_id" uuid NOT NULL,
	"name" text NOT NULL,
	"default_image" text,
	"created_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
DROP INDEX "tasks_name";--> statement-breakpoint
-- Tasks that were there belong to the project that imports go into when nobody chose one.
INSERT INTO "projects" ("id", "team_id", "name") SELECT gen_random_uuid(), "team_id", 'default' FROM (SELECT DISTINCT "team_id" FROM "tasks") "teams_with_tasks";
--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "project_id" uuid;--> statement-breakpoint
UPDATE "tasks" SET "project_id" = "projects"."id" FROM "projects" WHERE "projects"."team_id" = "tasks"."team_id";--> statement-breakpoint
ALTER TABLE "tasks" ALTER COLUMN "project_id" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "projects" ADD CONSTRAINT "projects_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "projects" ADD CONSTRAINT "projects_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "projects_name" ON "projects" USING btree ("team_id","name");--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "tasks_project_name" ON "tasks" USING btree ("project_id","name");--> statement-breakpoint
CREATE INDEX "tasks_name" ON "tasks" USING btree ("team_id","name","id");