CREATE TABLE "build_packages" (
	"build_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"found" jsonb NOT NULL,
	CONSTRAINT "build_packages_build_id_attempt_pk" PRIMARY KEY("build_id","attempt")
);
--> statement-breakpoint
ALTER TABLE "build_attempts" ADD COLUMN "made_with" jsonb;--> statement-breakpoint
ALTER TABLE "build_packages" ADD CONSTRAINT "build_packages_attempt" FOREIGN KEY ("build_id","attempt") REFERENCES "public"."build_attempts"("build_id","attempt") ON DELETE cascade ON UPDATE no action;