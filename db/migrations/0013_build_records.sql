CREATE TABLE "build_record_chunks" (
	"record_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"first_seq" bigint NOT NULL,
	"last_seq" bigint NOT NULL,
	"first_line" bigint NOT NULL,
	"lines" integer NOT NULL,
	"bytes" "bytea" NOT NULL,
	"counts" jsonb NOT NULL,
	CONSTRAINT "build_record_chunks_record_id_attempt_first_seq_pk" PRIMARY KEY("record_id","attempt","first_seq")
);
--> statement-breakpoint
CREATE TABLE "build_records" (
	"id" uuid PRIMARY KEY NOT NULL,
	"team_id" uuid NOT NULL,
	"imported_by" uuid,
	"imported_at" timestamp with time zone DEFAULT now() NOT NULL,
	"from_url" text NOT NULL,
	"from_team" text NOT NULL,
	"spec_name" text NOT NULL,
	"number" integer NOT NULL,
	"state" text NOT NULL,
	"built_at" timestamp with time zone NOT NULL,
	"manifest" "bytea" NOT NULL,
	"size_bytes" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "build_record_chunks" ADD CONSTRAINT "build_record_chunks_record_id_build_records_id_fk" FOREIGN KEY ("record_id") REFERENCES "public"."build_records"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "build_records" ADD CONSTRAINT "build_records_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "build_records" ADD CONSTRAINT "build_records_imported_by_users_id_fk" FOREIGN KEY ("imported_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "build_record_chunks_line" ON "build_record_chunks" USING btree ("record_id","attempt","first_line");--> statement-breakpoint
CREATE INDEX "build_records_team" ON "build_records" USING btree ("team_id","id");