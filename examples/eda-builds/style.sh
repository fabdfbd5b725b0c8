#!/bin/sh
# How a place is told:  sh style.sh      sh style.sh v_… evening|minute|at-once
set -eu
. "$(dirname "$0")/ask.sh"
[ $# -gt 0 ] || { ask "/v1/receivers?owner=${TOCSIN_OWNER:?set TOCSIN_OWNER, such as telegram:7001}"; exit; }
case $2 in
  evening) style='{"gather":[{"when":"19-6","wait":"end"},{"wait":"1m"}]}' ;;
  minute) style='{"gather":[{"wait":"1m"}]}' ;;
  at-once) style='{}' ;;
  *) echo 'say evening, minute or at-once' >&2; exit 2 ;;
esac
ask "/v1/receivers/$1/style" --request PUT --json "$style"
