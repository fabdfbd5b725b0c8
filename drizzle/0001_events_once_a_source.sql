DROP INDEX "events_source_event";--> statement-breakpoint
CREATE UNIQUE INDEX "events_source_event" ON "events" USING btree ("source_id","source","event_id");