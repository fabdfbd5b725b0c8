#!/bin/sh
# Tells the state of a worker:  TOCSIN_KEY=… sh worker.sh worker-7 "Not Block Reward Ready" ["the reason"]
set -eu
. "$(dirname "$0")/ask.sh"
worker=${1:?which worker} state=${2:?which state} reason=${3:-}
ask /v1/events --json "{\"type\":\"worker.readiness\",\"subject\":\"$worker\",\"data\":{\"state\":\"$state\",\"reason\":\"$reason\"}}"
