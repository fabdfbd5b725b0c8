#!/bin/sh
# Starts node_exporter and lets a running Tocsin ask it.
#   TOCSIN_KEY=… sh examples/host/run.sh     (the start screen of Tocsin shows a key)
set -eu
url=${TOCSIN_URL:-http://127.0.0.1:8080}
key=${TOCSIN_KEY:?set TOCSIN_KEY to an API key of Tocsin with the scope admin}
port=${NODE_PORT:-9100} name=${NAME:-this-machine}
work=$(mktemp -d)
stop() { trap - EXIT INT TERM; kill "$pid" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"; }
prometheus-node-exporter --web.listen-address="127.0.0.1:$port" > "$work/node.log" 2>&1 & pid=$!
trap stop EXIT
trap 'exit 0' INT TERM
sleep 1
kill -0 "$pid" 2>/dev/null || { tail -n 2 "$work/node.log" >&2; exit 1; }
target="{\"module\":\"host\",\"name\":\"$name\",\"params\":{\"url\":\"http://127.0.0.1:$port/metrics\"}}"
ask() { curl --silent --show-error --fail-with-body --header "Authorization: Bearer $key" --header 'Content-Type: application/json' "$@"; echo; }
echo 'What Tocsin reads there now:'
ask --data "$target" "$url/v1/targets/probe"
echo 'Added:'
ask --data "$target" "$url/v1/targets" || echo '(it was there already)'
echo 'Running.'
wait
