CREATE TABLE "targets" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"module" text NOT NULL,
	"params" jsonb NOT NULL,
	"secret" text,
	"every_ms" integer NOT NULL,
	"timeout_ms" integer NOT NULL,
	"paused" boolean DEFAULT false NOT NULL,
	"next_at" timestamptz(3) NOT NULL,
	"lease_until" timestamptz(3),
	"memory" jsonb,
	"up" boolean,
	"up_since" timestamptz(3),
	"up_told_at" timestamptz(3),
	"error" text,
	"last_at" timestamptz(3),
	"found" integer DEFAULT 0 NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamptz(3) NOT NULL,
	CONSTRAINT "targets_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE INDEX "targets_due" ON "targets" USING btree ("next_at") WHERE not paused;