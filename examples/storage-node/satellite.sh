#!/bin/sh
# What a satellite tells after a check:
#   sh satellite.sh us1 uptime node-1 ok|fail
#   sh satellite.sh us1 audit node-1 ok|contained|fail 0.71
#   sh satellite.sh us1 software wave-1 1.105.4
set -eu
. "$(dirname "$0")/ask.sh"
satellite=$1 what=$2 about=$3
case $what in
  uptime) data="\"status\":\"$4\"" ;;
  audit) data="\"status\":\"$4\",\"ratio\":$5" ;;
  software) data="\"wave\":\"$about\",\"minimum\":\"$4\",\"summary\":\"Please update your node to $4 or newer\"" ;;
  *) echo 'say uptime, audit or software' >&2; exit 2 ;;
esac
ask /v1/events --json "{\"source\":\"$satellite\",\"type\":\"satellite.$what\",\"subject\":\"$about\",\"data\":{$data}}"
