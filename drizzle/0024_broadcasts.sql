CREATE TABLE "broadcast_receipts" (
	"broadcast_id" text NOT NULL,
	"owner_id" text NOT NULL,
	"things" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"more" integer DEFAULT 0 NOT NULL,
	"round" integer DEFAULT 0 NOT NULL,
	"notification_id" bigint,
	"seen_at" timestamptz(3),
	"seen_by" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"left_at" timestamptz(3),
	CONSTRAINT "broadcast_receipts_broadcast_id_owner_id_pk" PRIMARY KEY("broadcast_id","owner_id")
);
--> statement-breakpoint
CREATE TABLE "broadcasts" (
	"id" text PRIMARY KEY NOT NULL,
	"body" text NOT NULL,
	"severity" text NOT NULL,
	"audience" jsonb NOT NULL,
	"status" text NOT NULL,
	"next" text NOT NULL,
	"next_at" timestamptz(3) NOT NULL,
	"round" integer DEFAULT 0 NOT NULL,
	"first_percent" integer,
	"rest_after_ms" bigint,
	"every_ms" bigint,
	"ends_at" timestamptz(3) NOT NULL,
	"by" text NOT NULL,
	"by_ref" text NOT NULL,
	"created_at" timestamptz(3) NOT NULL,
	"ended_at" timestamptz(3)
);
--> statement-breakpoint
CREATE INDEX "broadcasts_due" ON "broadcasts" USING btree ("next_at") WHERE status = 'running';--> statement-breakpoint
CREATE INDEX "broadcasts_created" ON "broadcasts" USING btree ("created_at");