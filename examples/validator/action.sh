#!/bin/sh
# The button below “does not answer”:  sh action.sh http://127.0.0.1:9912/
set -eu
. "$(dirname "$0")/ask.sh"
ask /v1/actions --json "{\"name\":\"restart-client\",\"title\":\"Restart the client\",\"topic\":\"ethereum-validator.up\",
  \"params\":{\"url\":\"${1:?say the address of maintain.mjs}\",\"timeoutSeconds\":30}}"
