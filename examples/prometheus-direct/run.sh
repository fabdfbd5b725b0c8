#!/bin/sh
# Starts node_exporter and Prometheus against a running Tocsin, and stops them together.
#   TOCSIN_KEY=… sh examples/prometheus-direct/run.sh     (the start screen of Tocsin shows a key)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
url=${TOCSIN_URL:-http://127.0.0.1:8080}
key=${TOCSIN_KEY:?set TOCSIN_KEY to an API key of Tocsin}
node_port=${NODE_PORT:-9100} prometheus_port=${PROMETHEUS_PORT:-9090}
target=${url#*://}
work=$(mktemp -d)
metrics=${METRICS_DIR:-$work/metrics}
mkdir -p "$metrics"
for file in prometheus.yml rules.yml; do
  sed -e "s|scheme: http|scheme: ${url%%://*}|; s|127.0.0.1:8080|${target%%/*}|; s|TOCSIN_KEY|$key|; s|:9100|:$node_port|" "$here/$file" > "$work/$file"
done
pids=
stop() { trap - EXIT INT TERM; for pid in $pids; do kill "$pid" 2>/dev/null || true; done; wait 2>/dev/null || true; rm -rf "$work"; }
trap stop EXIT
trap 'exit 0' INT TERM
prometheus-node-exporter --web.listen-address="127.0.0.1:$node_port" --collector.disable-defaults \
  --collector.textfile --collector.textfile.directory="$metrics" > "$work/node.log" 2>&1 & pids="$pids $!"
prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/prometheus" \
  --web.listen-address="127.0.0.1:$prometheus_port" > "$work/prometheus.log" 2>&1 & pids="$pids $!"
sleep 1
for pid in $pids; do
  kill -0 "$pid" 2>/dev/null || { echo 'One of them did not start:' >&2; tail -n 2 "$work"/*.log >&2; exit 1; }
done
echo "Running. Write a metric to see an alert:"
echo "  echo 'demo_disk_usage_percent{mount=\"/home\"} 93.5' > $metrics/disk.prom"
wait
