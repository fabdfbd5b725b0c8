DROP INDEX "rules_owner";--> statement-breakpoint
CREATE INDEX "rules_owner" ON "rules" USING btree ("owner_id","name");