CREATE TABLE "boards" (
	"id" text PRIMARY KEY NOT NULL,
	"receiver_id" text NOT NULL,
	"channel" text NOT NULL,
	"address" text NOT NULL,
	"notification_id" bigint NOT NULL,
	"message_id" text,
	"began_at" timestamptz(3) NOT NULL,
	"last_at" timestamptz(3) NOT NULL,
	"ended_at" timestamptz(3),
	"shown" integer DEFAULT 0 NOT NULL,
	"wanted" integer NOT NULL,
	"edit_after" timestamptz(3) NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "boards_open" ON "boards" USING btree ("receiver_id") WHERE ended_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "boards_notification" ON "boards" USING btree ("notification_id");--> statement-breakpoint
CREATE INDEX "boards_stale" ON "boards" USING btree ("channel","address") WHERE ended_at is null or shown < wanted;--> statement-breakpoint
CREATE INDEX "notifications_via" ON "notifications" USING btree ("via_id") WHERE via_id is not null;