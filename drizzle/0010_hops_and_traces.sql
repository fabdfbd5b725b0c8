ALTER TABLE "alerts" ADD COLUMN "hops" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "hops" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "trace" jsonb;--> statement-breakpoint
ALTER TABLE "rule_states" ADD COLUMN "firings" jsonb;--> statement-breakpoint
CREATE INDEX "events_received" ON "events" USING brin ("received_at");--> statement-breakpoint
CREATE INDEX "notifications_receiver" ON "notifications" USING btree ("receiver_id","created_at");--> statement-breakpoint
CREATE INDEX "notifications_inhibited" ON "notifications" USING btree ("receiver_id") WHERE status = 'held' and reason = 'inhibited';