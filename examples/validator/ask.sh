# Read by the other scripts: how Tocsin is asked.
url=${TOCSIN_URL:-http://127.0.0.1:8080}
key=${TOCSIN_KEY:?set TOCSIN_KEY to the key that the start screen of Tocsin shows}
ask() { # ask PATH [curl options]
  path=$1; shift
  curl --silent --show-error --fail-with-body --max-time 10 --header "Authorization: Bearer $key" "$@" "$url$path"; echo
}
