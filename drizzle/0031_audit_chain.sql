ALTER TABLE "audit" ADD COLUMN "link" bigint;--> statement-breakpoint
ALTER TABLE "audit" ADD COLUMN "seal" text;--> statement-breakpoint
CREATE UNIQUE INDEX "audit_link" ON "audit" USING btree ("link");--> statement-breakpoint
CREATE INDEX "audit_unbound" ON "audit" USING btree ("id") WHERE link is null;