CREATE TABLE "confirmations" (
	"receiver_id" text PRIMARY KEY NOT NULL,
	"hash" text NOT NULL,
	"tries" integer NOT NULL,
	"sent_at" timestamptz(3) NOT NULL,
	"expires_at" timestamptz(3) NOT NULL
);
--> statement-breakpoint
CREATE TABLE "opt_outs" (
	"owner_id" text NOT NULL,
	"channel" text NOT NULL,
	"topic" text NOT NULL,
	"created_at" timestamptz(3) NOT NULL,
	CONSTRAINT "opt_outs_owner_id_channel_topic_pk" PRIMARY KEY("owner_id","channel","topic")
);
--> statement-breakpoint
CREATE TABLE "secrets" (
	"name" text PRIMARY KEY NOT NULL,
	"sealed" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "exchange" jsonb;--> statement-breakpoint
ALTER TABLE "notifications" ADD COLUMN "asked_at" timestamptz(3);--> statement-breakpoint
ALTER TABLE "receivers" ADD COLUMN "contact" text;--> statement-breakpoint
ALTER TABLE "receivers" ADD COLUMN "every_change" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "receivers" ADD COLUMN "failures" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "receivers" ADD COLUMN "failing_since" timestamptz(3);