#!/bin/sh
# What burns now, as JSON.
set -eu
. "$(dirname "$0")/ask.sh"
ask '/v1/alerts?status=firing,acknowledged'
