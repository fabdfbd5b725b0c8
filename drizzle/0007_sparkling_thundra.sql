CREATE INDEX "alerts_open_key" ON "alerts" USING btree ("key") WHERE status <> 'resolved';--> statement-breakpoint
CREATE INDEX "rule_states_key" ON "rule_states" USING btree ("key");