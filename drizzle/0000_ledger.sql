CREATE TABLE "alerts" (
	"id" text PRIMARY KEY NOT NULL,
	"rule_id" text NOT NULL,
	"owner_id" text NOT NULL,
	"key" text NOT NULL,
	"labels" jsonb NOT NULL,
	"topic" text NOT NULL,
	"subject" text NOT NULL,
	"title" text NOT NULL,
	"fields" jsonb NOT NULL,
	"status" text NOT NULL,
	"severity" text NOT NULL,
	"reading" jsonb NOT NULL,
	"since" timestamptz(3) NOT NULL,
	"fired_at" timestamptz(3),
	"acknowledged_at" timestamptz(3),
	"acknowledged_by" text,
	"resolved_at" timestamptz(3),
	"snoozed_until" timestamptz(3),
	"due_at" timestamptz(3),
	"count" integer NOT NULL,
	"rev" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"at" timestamptz(3) NOT NULL,
	"actor" text NOT NULL,
	"verb" text NOT NULL,
	"target" text NOT NULL,
	"detail" jsonb
);
--> statement-breakpoint
CREATE TABLE "budgets" (
	"channel" text NOT NULL,
	"address" text NOT NULL,
	"free_at" timestamptz(3) NOT NULL,
	"paused_until" timestamptz(3),
	"lease_owner" integer,
	"lease_until" timestamptz(3),
	CONSTRAINT "budgets_channel_address_pk" PRIMARY KEY("channel","address")
);
--> statement-breakpoint
CREATE TABLE "buttons" (
	"id" text PRIMARY KEY NOT NULL,
	"action" text NOT NULL,
	"alert_id" text,
	"rev" integer,
	"chat_id" bigint NOT NULL,
	"payload" text,
	"expires_at" timestamptz(3) NOT NULL
);
--> statement-breakpoint
CREATE TABLE "conversations" (
	"key" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL,
	"updated_at" timestamptz(3) NOT NULL
);
--> statement-breakpoint
CREATE TABLE "copies" (
	"alert_id" text NOT NULL,
	"receiver_id" text NOT NULL,
	"channel" text NOT NULL,
	"address" text NOT NULL,
	"message_id" text,
	"shown_rev" integer NOT NULL,
	"wanted_rev" integer NOT NULL,
	"edit_after" timestamptz(3) NOT NULL,
	"heard_at" timestamptz(3) NOT NULL,
	"over_at" timestamptz(3),
	CONSTRAINT "copies_alert_id_receiver_id_pk" PRIMARY KEY("alert_id","receiver_id")
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"notification_id" bigint NOT NULL,
	"attempt" integer NOT NULL,
	"channel" text NOT NULL,
	"address" text NOT NULL,
	"outcome" text NOT NULL,
	"marked" boolean NOT NULL,
	"detail" text,
	"message_id" text,
	"started_at" timestamptz(3) NOT NULL,
	"ended_at" timestamptz(3)
);
--> statement-breakpoint
CREATE TABLE "events" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"source_id" text NOT NULL,
	"event_id" text NOT NULL,
	"body_hash" text NOT NULL,
	"lane" smallint NOT NULL,
	"fingerprint" text NOT NULL,
	"source" text NOT NULL,
	"type" text NOT NULL,
	"subject" text NOT NULL,
	"time" timestamptz(3),
	"severity" text,
	"status" text,
	"body" text NOT NULL,
	"raw" text,
	"received_at" timestamptz(3) NOT NULL,
	"processed_at" timestamptz(3),
	"matched" integer,
	"quarantined" text
);
--> statement-breakpoint
CREATE TABLE "groups" (
	"id" text PRIMARY KEY NOT NULL,
	"chat_id" bigint NOT NULL,
	"title" text NOT NULL,
	"zone" text NOT NULL,
	"morning" integer DEFAULT 540 NOT NULL,
	"quiet" jsonb,
	"created_by" text NOT NULL,
	"created_at" timestamptz(3) NOT NULL,
	"left_at" timestamptz(3),
	CONSTRAINT "groups_chat_id_unique" UNIQUE("chat_id")
);
--> statement-breakpoint
CREATE TABLE "invitations" (
	"hash" text PRIMARY KEY NOT NULL,
	"role" text NOT NULL,
	"created_by" text NOT NULL,
	"expires_at" timestamptz(3) NOT NULL,
	"used_by" text,
	"used_at" timestamptz(3)
);
--> statement-breakpoint
CREATE TABLE "keys" (
	"id" text PRIMARY KEY NOT NULL,
	"source_id" text NOT NULL,
	"hash" text NOT NULL,
	"scopes" jsonb NOT NULL,
	"topics" jsonb NOT NULL,
	"created_at" timestamptz(3) NOT NULL,
	"expires_at" timestamptz(3),
	"revoked_at" timestamptz(3),
	"last_used_at" timestamptz(3)
);
--> statement-breakpoint
CREATE TABLE "lane_troubles" (
	"lane" smallint PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL,
	"attempts" integer NOT NULL,
	"error" text
);
--> statement-breakpoint
CREATE TABLE "markers" (
	"name" text PRIMARY KEY NOT NULL,
	"value" bigint NOT NULL,
	"detail" text
);
--> statement-breakpoint
CREATE TABLE "notifications" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"receiver_id" text NOT NULL,
	"alert_id" text,
	"alert_rev" integer,
	"severity" text NOT NULL,
	"status" text NOT NULL,
	"reason" text,
	"detail" text,
	"not_before" timestamptz(3),
	"body" text,
	"via_id" bigint,
	"attempts" integer DEFAULT 0 NOT NULL,
	"created_at" timestamptz(3) NOT NULL,
	"ended_at" timestamptz(3)
);
--> statement-breakpoint
CREATE TABLE "people" (
	"id" text PRIMARY KEY NOT NULL,
	"telegram_id" bigint NOT NULL,
	"name" text NOT NULL,
	"username" text,
	"role" text NOT NULL,
	"zone" text,
	"morning" integer DEFAULT 540 NOT NULL,
	"quiet" jsonb,
	"created_at" timestamptz(3) NOT NULL,
	"left_at" timestamptz(3),
	CONSTRAINT "people_telegram_id_unique" UNIQUE("telegram_id")
);
--> statement-breakpoint
CREATE TABLE "receivers" (
	"id" text PRIMARY KEY NOT NULL,
	"owner_id" text NOT NULL,
	"channel" text NOT NULL,
	"address" text NOT NULL,
	"label" text NOT NULL,
	"disabled" text,
	"disabled_at" timestamptz(3),
	"created_at" timestamptz(3) NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rule_states" (
	"rule_id" text NOT NULL,
	"key" text NOT NULL,
	"state" jsonb,
	"met" boolean NOT NULL,
	"last_time" timestamptz(3),
	"due_at" timestamptz(3),
	CONSTRAINT "rule_states_rule_id_key_pk" PRIMARY KEY("rule_id","key")
);
--> statement-breakpoint
CREATE TABLE "rules" (
	"id" text PRIMARY KEY NOT NULL,
	"owner_id" text NOT NULL,
	"created_by" text NOT NULL,
	"name" text NOT NULL,
	"topic" text NOT NULL,
	"match" jsonb NOT NULL,
	"kind" text NOT NULL,
	"params" jsonb NOT NULL,
	"key" jsonb NOT NULL,
	"for_ms" bigint NOT NULL,
	"keep_firing_for_ms" bigint NOT NULL,
	"severity" text,
	"paused" boolean NOT NULL,
	"to" jsonb NOT NULL,
	"version" bigint NOT NULL,
	"created_at" timestamptz(3) NOT NULL,
	"updated_at" timestamptz(3) NOT NULL,
	"deleted_at" timestamptz(3)
);
--> statement-breakpoint
CREATE TABLE "silences" (
	"id" text PRIMARY KEY NOT NULL,
	"owner_id" text NOT NULL,
	"topic" text NOT NULL,
	"match" jsonb NOT NULL,
	"rule_id" text,
	"starts_at" timestamptz(3) NOT NULL,
	"ends_at" timestamptz(3) NOT NULL,
	"by" text NOT NULL,
	"comment" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sources" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"rate_per_second" integer NOT NULL,
	"burst" integer NOT NULL,
	"created_at" timestamptz(3) NOT NULL,
	CONSTRAINT "sources_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "topics" (
	"topic" text PRIMARY KEY NOT NULL,
	"fields" jsonb NOT NULL,
	"count" bigint NOT NULL,
	"last_at" timestamptz(3) NOT NULL,
	"subjects" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "transitions" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"alert_id" text NOT NULL,
	"rev" integer NOT NULL,
	"from" text,
	"to" text NOT NULL,
	"change" text NOT NULL,
	"at" timestamptz(3) NOT NULL,
	"by" text,
	"by_ref" text,
	"reading" jsonb NOT NULL,
	"seq" bigint,
	"note" text
);
--> statement-breakpoint
CREATE TABLE "updates" (
	"update_id" bigint PRIMARY KEY NOT NULL,
	"chat_key" text NOT NULL,
	"payload" jsonb NOT NULL,
	"received_at" timestamptz(3) NOT NULL,
	"not_before" timestamptz(3),
	"attempts" integer DEFAULT 0 NOT NULL,
	"done_at" timestamptz(3),
	"error" text
);
--> statement-breakpoint
ALTER TABLE "keys" ADD CONSTRAINT "keys_source_id_sources_id_fk" FOREIGN KEY ("source_id") REFERENCES "public"."sources"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "alerts_open" ON "alerts" USING btree ("rule_id","key") WHERE status <> 'resolved';--> statement-breakpoint
CREATE INDEX "alerts_owner" ON "alerts" USING btree ("owner_id","status");--> statement-breakpoint
CREATE INDEX "alerts_snoozed" ON "alerts" USING btree ("snoozed_until") WHERE snoozed_until is not null;--> statement-breakpoint
CREATE INDEX "audit_target" ON "audit" USING btree ("target");--> statement-breakpoint
CREATE INDEX "buttons_expiry" ON "buttons" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "copies_stale" ON "copies" USING btree ("channel","address") WHERE shown_rev < wanted_rev and message_id is not null;--> statement-breakpoint
CREATE INDEX "copies_message" ON "copies" USING btree ("channel","address","message_id");--> statement-breakpoint
CREATE INDEX "deliveries_notification" ON "deliveries" USING btree ("notification_id");--> statement-breakpoint
CREATE INDEX "deliveries_open" ON "deliveries" USING btree ("address") WHERE outcome = 'sending';--> statement-breakpoint
CREATE UNIQUE INDEX "events_source_event" ON "events" USING btree ("source_id","event_id");--> statement-breakpoint
CREATE INDEX "events_waiting" ON "events" USING btree ("lane","seq") WHERE processed_at is null;--> statement-breakpoint
CREATE INDEX "events_type" ON "events" USING btree ("type","seq");--> statement-breakpoint
CREATE INDEX "keys_source" ON "keys" USING btree ("source_id");--> statement-breakpoint
CREATE UNIQUE INDEX "notifications_once" ON "notifications" USING btree ("alert_id","alert_rev","receiver_id","kind");--> statement-breakpoint
CREATE INDEX "notifications_waiting" ON "notifications" USING btree ("receiver_id","id") WHERE status not in ('sent','suppressed','dead');--> statement-breakpoint
CREATE INDEX "notifications_alert" ON "notifications" USING btree ("alert_id");--> statement-breakpoint
CREATE UNIQUE INDEX "receivers_address" ON "receivers" USING btree ("channel","address","owner_id");--> statement-breakpoint
CREATE INDEX "receivers_owner" ON "receivers" USING btree ("owner_id");--> statement-breakpoint
CREATE INDEX "rule_states_due" ON "rule_states" USING btree ("due_at") WHERE due_at is not null;--> statement-breakpoint
CREATE INDEX "rules_version" ON "rules" USING btree ("version");--> statement-breakpoint
CREATE INDEX "rules_owner" ON "rules" USING btree ("owner_id");--> statement-breakpoint
CREATE INDEX "silences_owner" ON "silences" USING btree ("owner_id","ends_at");--> statement-breakpoint
CREATE UNIQUE INDEX "transitions_alert" ON "transitions" USING btree ("alert_id","rev");--> statement-breakpoint
CREATE INDEX "transitions_seq" ON "transitions" USING btree ("seq");--> statement-breakpoint
CREATE INDEX "updates_waiting" ON "updates" USING btree ("chat_key","update_id") WHERE done_at is null;