#!/bin/sh
# All that is kept of an origin or of one package, a line an event, newest first:  sh audit.sh core      sh audit.sh core.openssl
set -eu
. "$(dirname "$0")/ask.sh"
ask "/v1/events?topic=builder.${1:?say an origin, or origin.package}.**&format=ndjson"
