#!/bin/sh
# Tells that a step ended:  sh job.sh PROJECT BLOCK STEP USER RUNTAG good|fail [TNS]
set -eu
. "$(dirname "$0")/ask.sh"
ask /v1/events --json "{\"type\":\"builds.$1.$3\",\"subject\":\"$2\",\"data\":{\"project\":\"$1\",\"block\":\"$2\",\"step\":\"$3\",\"user\":\"$4\",\"runtag\":\"$5\",\"status\":\"$6\",\"tns\":${7:-0}}}"
