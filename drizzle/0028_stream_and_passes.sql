CREATE TABLE "passes" (
	"hash" text PRIMARY KEY NOT NULL,
	"lets" text NOT NULL,
	"key_id" text,
	"person_id" text,
	"label" text,
	"created_at" timestamptz(3) NOT NULL,
	"expires_at" timestamptz(3) NOT NULL
);
--> statement-breakpoint
ALTER TABLE "transitions" ADD COLUMN "xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL;--> statement-breakpoint
CREATE INDEX "passes_person" ON "passes" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "passes_expiry" ON "passes" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "transitions_xid" ON "transitions" USING btree ("xid");