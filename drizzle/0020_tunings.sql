CREATE TABLE "tunings" (
	"rule_id" text PRIMARY KEY NOT NULL,
	"quiet_until" timestamptz(3) NOT NULL
);
