#!/bin/sh
# Takes a file of rules:  TOCSIN_KEY=… TOCSIN_OWNER=telegram:7001 sh rules.sh
set -eu
here=$(dirname "$0")
. "$here/ask.sh"
ask "/v1/rules?owner=${TOCSIN_OWNER:?set TOCSIN_OWNER, such as telegram:7001}" \
  --header 'Content-Type: application/yaml' --data-binary "@$here/${1:-rules.yaml}"
