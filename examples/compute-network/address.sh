#!/bin/sh
# An e-mail address to be told at, and the code that confirms it.
#   sh address.sh me@example.org        sh address.sh code v_… 123456
set -eu
. "$(dirname "$0")/ask.sh"
if [ "$1" = code ]; then
  ask "/v1/receivers/$2/verify" --json "{\"code\":\"$3\"}"
else
  owner=${TOCSIN_OWNER:?set TOCSIN_OWNER, such as telegram:7001}
  ask /v1/receivers --json "{\"owner\":\"$owner\",\"channel\":\"email\",\"contact\":{\"address\":\"$1\"},\"label\":\"email\"}"
fi
