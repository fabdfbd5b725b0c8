CREATE TABLE "actions" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"title" text NOT NULL,
	"kind" text NOT NULL,
	"params" jsonb NOT NULL,
	"topic" text NOT NULL,
	"match" jsonb NOT NULL,
	"may" jsonb NOT NULL,
	"confirm" boolean NOT NULL,
	"idempotent" boolean NOT NULL,
	"per_hour" integer NOT NULL,
	"secret" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamptz(3) NOT NULL,
	"updated_at" timestamptz(3) NOT NULL,
	CONSTRAINT "actions_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "acts" (
	"id" text PRIMARY KEY NOT NULL,
	"action_id" text NOT NULL,
	"action" text NOT NULL,
	"title" text NOT NULL,
	"alert_id" text NOT NULL,
	"status" text NOT NULL,
	"by_id" text NOT NULL,
	"by" text NOT NULL,
	"chat_id" bigint NOT NULL,
	"request" jsonb NOT NULL,
	"asked_at" timestamptz(3) NOT NULL,
	"expires_at" timestamptz(3) NOT NULL,
	"confirmed_at" timestamptz(3),
	"attempts" integer DEFAULT 0 NOT NULL,
	"due_at" timestamptz(3),
	"answer" jsonb,
	"detail" text,
	"ended_at" timestamptz(3)
);
--> statement-breakpoint
CREATE INDEX "acts_due" ON "acts" USING btree ("due_at") WHERE status in ('confirmed','calling');--> statement-breakpoint
CREATE INDEX "acts_alert" ON "acts" USING btree ("alert_id","action_id");--> statement-breakpoint
CREATE INDEX "acts_asked" ON "acts" USING btree ("asked_at");