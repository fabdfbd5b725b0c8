CREATE TABLE "forum_topics" (
	"channel" text NOT NULL,
	"address" text NOT NULL,
	"name" text NOT NULL,
	"thread" bigint,
	"status" text NOT NULL,
	"why" text,
	"until" timestamptz(3),
	"ours" boolean NOT NULL,
	"told" boolean NOT NULL,
	"since" timestamptz(3) NOT NULL,
	CONSTRAINT "forum_topics_channel_address_name_pk" PRIMARY KEY("channel","address","name")
);
--> statement-breakpoint
DROP INDEX "receivers_address";--> statement-breakpoint
ALTER TABLE "receivers" ADD COLUMN "topic" text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "receivers_address" ON "receivers" USING btree ("channel","address","owner_id","topic");