#!/bin/sh
# Tells a deed in an origin:  sh builder.sh core openssl promote stable ana      sh builder.sh core zlib build failed
#                             sh builder.sh core - member-added "" ana
set -eu
. "$(dirname "$0")/ask.sh"
origin=$1 package=$2 action=$3 what=${4:-} by=${5:-builder}
case $action in build) field=result ;; *) field=channel ;; esac
type=builder.$origin subject=$origin
if [ "$package" != - ]; then type=$type.$package subject=$origin/$package; fi
ask /v1/events --json "{\"type\":\"$type\",\"subject\":\"$subject\",\"data\":{\"action\":\"$action\",\"$field\":\"$what\",\"by\":\"$by\",\"summary\":\"$subject: $action $what\"}}"
