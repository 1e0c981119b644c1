ALTER TABLE "build_attempts" ADD COLUMN "log_bytes" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "build_attempts" ADD COLUMN "log_removal" jsonb;--> statement-breakpoint
ALTER TABLE "build_attempts" ADD COLUMN "last_lines" text;--> statement-breakpoint
ALTER TABLE "builds" ADD COLUMN "kept_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "builds" ADD COLUMN "kept_by" uuid;--> statement-breakpoint
ALTER TABLE "builds" ADD CONSTRAINT "builds_kept_by_users_id_fk" FOREIGN KEY ("kept_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "build_attempts_log" ON "build_attempts" USING btree ("build_id") WHERE "build_attempts"."log_bytes" > 0;--> statement-breakpoint
UPDATE "build_attempts" SET "log_bytes" = "stored"."bytes" FROM (SELECT "build_id", "attempt", sum(octet_length("bytes")) AS "bytes" FROM "build_log_chunks" GROUP BY 1, 2) AS "stored" WHERE "stored"."build_id" = "build_attempts"."build_id" AND "stored"."attempt" = "build_attempts"."attempt";
