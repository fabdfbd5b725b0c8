CREATE TABLE "digests" (
	"id" text PRIMARY KEY NOT NULL,
	"owner_id" text NOT NULL,
	"receiver_id" text NOT NULL,
	"cron" text,
	"zone" text,
	"say_quiet" boolean NOT NULL,
	"covered_until" timestamptz(3) NOT NULL,
	"next_at" timestamptz(3) NOT NULL
);
--> statement-breakpoint
CREATE INDEX "digests_due" ON "digests" USING btree ("next_at");