DROP INDEX "builds_number";--> statement-breakpoint
ALTER TABLE "builds" ADD COLUMN "part_of_id" uuid;--> statement-breakpoint
ALTER TABLE "builds" ADD CONSTRAINT "builds_part_of_id_builds_id_fk" FOREIGN KEY ("part_of_id") REFERENCES "public"."builds"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "builds_part_of" ON "builds" USING btree ("part_of_id");--> statement-breakpoint
CREATE UNIQUE INDEX "builds_number" ON "builds" USING btree ("team_id","number") WHERE "builds"."part_of_id" is null;