CREATE TABLE "templates" (
	"topic" text PRIMARY KEY NOT NULL,
	"title" text,
	"body" text,
	"over" text,
	"units" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"updated_by" text NOT NULL,
	"updated_at" timestamptz(3) NOT NULL
);
