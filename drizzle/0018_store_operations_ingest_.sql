CREATE TABLE "declared_topics" (
	"topic" text PRIMARY KEY NOT NULL,
	"title" text,
	"description" text,
	"strict" boolean NOT NULL,
	"fields" jsonb NOT NULL,
	"declared_at" timestamptz(3) NOT NULL,
	"declared_by" text NOT NULL,
	"base" jsonb NOT NULL
);
