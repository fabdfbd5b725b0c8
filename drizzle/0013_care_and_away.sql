CREATE TABLE "cares" (
	"alert_id" text PRIMARY KEY NOT NULL,
	"since" timestamptz(3) NOT NULL,
	"reminded" integer DEFAULT 0 NOT NULL,
	"escalated" integer DEFAULT 0 NOT NULL,
	"due_at" timestamptz(3) NOT NULL
);
--> statement-breakpoint
ALTER TABLE "groups" ADD COLUMN "care" jsonb;--> statement-breakpoint
ALTER TABLE "people" ADD COLUMN "care" jsonb;--> statement-breakpoint
ALTER TABLE "people" ADD COLUMN "away" jsonb;--> statement-breakpoint
CREATE INDEX "cares_due" ON "cares" USING btree ("due_at");