#!/bin/sh
# How often one place is told:  sh style.sh          lists an operator's places
#                               sh style.sh v_… 3 10 1m   at most 3 an hour, 10 a day, a minute between two
set -eu
. "$(dirname "$0")/ask.sh"
if [ $# -eq 0 ]; then
  ask "/v1/receivers?owner=${TOCSIN_OWNER:?set TOCSIN_OWNER, such as telegram:7001}"
else
  # With "urgent": null not even critical alerts come more often; leave it out and they do.
  ask "/v1/receivers/$1/style" --request PUT --json "{\"caps\":{\"hour\":$2,\"day\":$3,\"delay\":\"$4\"},\"urgent\":null}"
fi
