ALTER TABLE "people" ADD COLUMN "seen_at" timestamptz(3);--> statement-breakpoint
ALTER TABLE "people" ADD COLUMN "absent_since" timestamptz(3);