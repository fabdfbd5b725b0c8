CREATE TABLE "packs" (
	"id" text NOT NULL,
	"version" integer NOT NULL,
	"owner_id" text,
	"rule_id" text,
	"document" jsonb NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamptz(3) NOT NULL,
	"withdrawn_at" timestamptz(3),
	CONSTRAINT "packs_id_version_pk" PRIMARY KEY("id","version")
);
--> statement-breakpoint
CREATE INDEX "packs_rule" ON "packs" USING btree ("rule_id");