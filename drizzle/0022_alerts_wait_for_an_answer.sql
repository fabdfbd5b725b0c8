CREATE TABLE "verifications" (
	"alert_id" text PRIMARY KEY NOT NULL,
	"target" text NOT NULL,
	"asked_at" timestamptz(3) NOT NULL,
	"until" timestamptz(3) NOT NULL,
	"answered" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
ALTER TABLE "verifications" ADD CONSTRAINT "verifications_alert_id_alerts_id_fk" FOREIGN KEY ("alert_id") REFERENCES "public"."alerts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "verifications_target" ON "verifications" USING btree ("target");