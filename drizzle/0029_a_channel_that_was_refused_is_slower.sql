ALTER TABLE "budgets" ADD COLUMN "share" double precision;--> statement-breakpoint
ALTER TABLE "budgets" ADD COLUMN "share_at" timestamptz(3);