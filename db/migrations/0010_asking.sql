CREATE TABLE "build_asks" (
	"build_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"asked_at" timestamp with time zone DEFAULT now() NOT NULL,
	"withdrawn_at" timestamp with time zone,
	CONSTRAINT "build_asks_build_id_user_id_pk" PRIMARY KEY("build_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "build_batches" (
	"batch_id" uuid NOT NULL,
	"build_id" uuid NOT NULL,
	CONSTRAINT "build_batches_batch_id_build_id_pk" PRIMARY KEY("batch_id","build_id")
);
--> statement-breakpoint
ALTER TABLE "builds" ADD COLUMN "earlier_build_id" uuid;--> statement-breakpoint
ALTER TABLE "builds" ADD COLUMN "total_minutes" integer DEFAULT 120 NOT NULL;--> statement-breakpoint
ALTER TABLE "builds" ADD COLUMN "idle_minutes" integer DEFAULT 30 NOT NULL;--> statement-breakpoint
ALTER TABLE "builds" ADD COLUMN "superseded_by_id" uuid;--> statement-breakpoint
ALTER TABLE "builds" ADD COLUMN "is_reused" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "builds" ADD COLUMN "source_build_id" uuid;--> statement-breakpoint
ALTER TABLE "image_specs" ADD COLUMN "total_minutes" integer;--> statement-breakpoint
ALTER TABLE "image_specs" ADD COLUMN "idle_minutes" integer;--> statement-breakpoint
ALTER TABLE "build_asks" ADD CONSTRAINT "build_asks_build_id_builds_id_fk" FOREIGN KEY ("build_id") REFERENCES "public"."builds"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "build_asks" ADD CONSTRAINT "build_asks_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "build_batches" ADD CONSTRAINT "build_batches_build_id_builds_id_fk" FOREIGN KEY ("build_id") REFERENCES "public"."builds"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "builds" ADD CONSTRAINT "builds_earlier_build_id_builds_id_fk" FOREIGN KEY ("earlier_build_id") REFERENCES "public"."builds"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "builds" ADD CONSTRAINT "builds_superseded_by_id_builds_id_fk" FOREIGN KEY ("superseded_by_id") REFERENCES "public"."builds"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "builds" ADD CONSTRAINT "builds_source_build_id_builds_id_fk" FOREIGN KEY ("source_build_id") REFERENCES "public"."builds"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "builds_earlier" ON "builds" USING btree ("earlier_build_id");--> statement-breakpoint
INSERT INTO "build_asks" ("build_id", "user_id", "asked_at") SELECT "id", "started_by", "created_at" FROM "builds" WHERE "started_by" IS NOT NULL;
