CREATE TABLE "kept_bodies" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"source_id" text NOT NULL,
	"body" text NOT NULL,
	"topics" jsonb NOT NULL,
	"missing" jsonb NOT NULL,
	"tried_mapping" timestamptz(3),
	"received_at" timestamptz(3) NOT NULL
);
--> statement-breakpoint
ALTER TABLE "sources" ADD COLUMN "secret" text;--> statement-breakpoint
ALTER TABLE "sources" ADD COLUMN "old_secret" text;--> statement-breakpoint
ALTER TABLE "sources" ADD COLUMN "old_secret_until" timestamptz(3);--> statement-breakpoint
ALTER TABLE "sources" ADD COLUMN "mapping" jsonb;--> statement-breakpoint
ALTER TABLE "sources" ADD COLUMN "mapping_at" timestamptz(3);--> statement-breakpoint
CREATE INDEX "kept_bodies_source" ON "kept_bodies" USING btree ("source_id","id");