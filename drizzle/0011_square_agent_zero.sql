CREATE TABLE "heartbeats" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"topic" text NOT NULL,
	"owner_id" text NOT NULL,
	"hash" text NOT NULL,
	"expects" jsonb NOT NULL,
	"rule_ids" jsonb NOT NULL,
	"started_at" timestamptz(3),
	"last_at" timestamptz(3),
	"last_status" text,
	"created_by" text NOT NULL,
	"created_at" timestamptz(3) NOT NULL,
	CONSTRAINT "heartbeats_name_unique" UNIQUE("name"),
	CONSTRAINT "heartbeats_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE INDEX "heartbeats_owner" ON "heartbeats" USING btree ("owner_id");