#!/bin/sh
# The machine's hook:  sh hook.sh add URL [LABEL] · rules · list · log v_… · again NUMBER
set -eu
here=$(dirname "$0")
. "$here/ask.sh"
owner=${TOCSIN_OWNER:?set TOCSIN_OWNER, such as telegram:7001}
case $1 in
  add) ask /v1/receivers --json "{\"owner\":\"$owner\",\"channel\":\"webhook\",\"contact\":{\"url\":\"$2\"},\"label\":\"${3:-ci}\"}" ;;
  rules) ask "/v1/rules?owner=$owner" --header 'Content-Type: application/yaml' --data-binary "@$here/rules.yaml" ;;
  list) ask "/v1/receivers?owner=$owner" ;;
  log) ask "/v1/deliveries?receiver=$2" ;;
  again) ask "/v1/deliveries/$2/redeliver" --request POST ;;
  *) echo 'say add, rules, list, log or again' >&2; exit 2 ;;
esac
