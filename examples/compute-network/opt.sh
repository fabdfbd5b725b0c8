#!/bin/sh
# Out of everything about workers, or in again:  sh opt.sh out email      sh opt.sh in
set -eu
. "$(dirname "$0")/ask.sh"
case $1 in out) out=true ;; in) out=false ;; *) echo 'say out or in' >&2; exit 2 ;; esac
ask /v1/opt-outs --request PUT --json \
  "{\"owner\":\"${TOCSIN_OWNER:?set TOCSIN_OWNER, such as telegram:7001}\",\"topic\":\"worker.**\",\"channel\":\"${2:-*}\",\"out\":$out}"
