DROP INDEX "alerts_open_key";--> statement-breakpoint
DROP INDEX "rule_states_key";--> statement-breakpoint
CREATE INDEX "alerts_open_of_key" ON "alerts" USING btree ("key" collate "C") WHERE status <> 'resolved';--> statement-breakpoint
CREATE INDEX "rule_states_of_key" ON "rule_states" USING btree ("key" collate "C");