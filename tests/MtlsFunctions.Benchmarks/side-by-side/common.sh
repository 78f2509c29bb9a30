# Sourced by the scripts beside it: tools, a PKI, servers that end with the script, and what /proc says of them.
# Everything listens on 127.0.0.1. Proxies run on PROXY_CORE; the load generator and the upstream share LOAD_CORE.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
SOURCE=$(cd "$HERE/../../.." && pwd)
PROXY_CORE=${PROXY_CORE:-1}
LOAD_CORE=${LOAD_CORE:-0}
TICKS=$(getconf CLK_TCK)

# Ports, all free unless another run is under way.
UPSTREAM_HTTP1=19443 UPSTREAM_HTTP2=19444
NGINX_FIXED=19081 NGINX_PER_REQUEST=19082 HAPROXY=19083 HAPROXY_HTTP2=19084 CADDY=19085 CADDY_HTTP2=19086
GATEWAY=${GATEWAY_PORT:-19071}

WORK=$(mktemp -d)
declare -A PIDS=()

# Only what this script started, by its pid, last started first.
end_all() {
  for name in "${!PIDS[@]}"; do stop "$name"; done
  rm -rf "$WORK"
}
trap end_all EXIT
trap 'exit 130' INT TERM

say() { printf '%s\n' "$*" >&2; }

fail() { say "$*"; exit 1; }

need() {
  local missing=()
  for tool in "$@"; do command -v "$tool" > /dev/null || missing+=("${tool/nginx/nginx-light}"); done
  [ ${#missing[@]} -eq 0 ] && return
  # RUNLEVEL=1 keeps the packages from starting services of their own.
  say "Installing ${missing[*]}"
  RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
}

# start NAME CORE COMMAND…: in the background, its output into $WORK/NAME.log.
start() {
  local name=$1 core=$2
  shift 2
  taskset -c "$core" "$@" > "$WORK/$name.log" 2>&1 &
  PIDS[$name]=$!
}

stop() {
  local pid=${PIDS[$1]:-}
  [ -n "$pid" ] || return 0
  unset "PIDS[$1]"
  kill "$pid" 2> /dev/null || true
  wait "$pid" 2> /dev/null || true
}

# await NAME SECONDS COMMAND…: until the command succeeds, or NAME has ended, or the time is up.
await() {
  local name=$1 until=$((SECONDS + $2))
  shift 2
  until "$@" > /dev/null 2>&1; do
    kill -0 "${PIDS[$name]}" 2> /dev/null && [ $SECONDS -lt $until ] || { tail -n 20 "$WORK/$name.log" >&2; fail "$name did not start"; }
    sleep 0.1
  done
}

listens() { (: < "/dev/tcp/127.0.0.1/$1"); }

# A template beside this script with its @NAMES@ filled in.
render() {
  sed -e "s|@WORK@|$WORK|g" -e "s|@USER@|$(id -un) $(id -gn)|g" \
    -e "s|@UPSTREAM_HTTP1@|$UPSTREAM_HTTP1|g" -e "s|@UPSTREAM_HTTP2@|$UPSTREAM_HTTP2|g" \
    -e "s|@NGINX_FIXED@|$NGINX_FIXED|g" -e "s|@NGINX_PER_REQUEST@|$NGINX_PER_REQUEST|g" \
    -e "s|@HAPROXY@|$HAPROXY|g" -e "s|@HAPROXY_HTTP2@|$HAPROXY_HTTP2|g" \
    -e "s|@CADDY@|$CADDY|g" -e "s|@CADDY_HTTP2@|$CADDY_HTTP2|g" "$HERE/$1" > "$WORK/$1"
}

# A CA, a server and a client certificate, all P-256, and the client's p12.
make_pki() {
  mkdir -p "$WORK/pki"
  (
    cd "$WORK/pki"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 30 -subj "/CN=Side by side CA" -keyout ca.key -out ca.pem
    issue() {
      openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -subj "/CN=$1" -keyout "$1.key" -out "$1.csr"
      openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -out "$1.pem" \
        -extfile <(printf 'basicConstraints=CA:FALSE\nextendedKeyUsage=%s\nsubjectAltName=DNS:localhost,IP:127.0.0.1\n' "$2")
    }
    issue server serverAuth
    issue client clientAuth
    cat client.pem client.key > client-and-key.pem
    openssl pkcs12 -export -in client.pem -inkey client.key -passout pass:side-by-side -out client.p12
  ) 2> "$WORK/pki.log" || { cat "$WORK/pki.log" >&2; fail "No PKI"; }
}

# nginx that demands a client certificate and answers 1 KB.
start_upstream() {
  ANSWER=$(printf 'x%.0s' {1..1024}) && export ANSWER
  render upstream.conf
  sed -i "s|@ANSWER@|$ANSWER|" "$WORK/upstream.conf"
  mkdir -p "$WORK/upstream"
  start upstream "$LOAD_CORE" nginx -p "$WORK/upstream" -c "$WORK/upstream.conf" -e "$WORK/upstream.log"
  await upstream 10 listens "$UPSTREAM_HTTP1"
}

# build_gateway [NAME [MSBUILD ARGUMENTS…]]: into $WORK/NAME, with nothing left in the source tree. GATEWAY_BUILD names a build that is there.
build_gateway() {
  local name=${1:-gateway}
  shift || true
  if [ -n "${GATEWAY_BUILD:-}" ]; then ln -s "$GATEWAY_BUILD" "$WORK/$name"; return; fi
  dotnet publish "$SOURCE/src/MtlsFunctions.LocalHost" -c Release -o "$WORK/$name" --artifacts-path "$WORK/artifacts/$name" --nologo -v q "$@" \
    > "$WORK/build.log" 2>&1 || { cat "$WORK/build.log" >&2; fail "The gateway does not build"; }
}

# start_gateway [VARIABLE=VALUE…]: one core, everything on, its log line of every forward into a file.
start_gateway() {
  mkdir -p "$WORK/run"
  rm -f "$WORK/session.json"
  pushd "$WORK/run" > /dev/null
  start gateway "$PROXY_CORE" env DOTNET_PROCESSOR_COUNT=1 Forwarding__TrustedRoots__0="$WORK/pki/ca.pem" "$@" \
    dotnet "$WORK/gateway/MtlsFunctions.LocalHost.dll" --ephemeral --urls "http://127.0.0.1:$GATEWAY" --session "$WORK/session.json"
  popd > /dev/null
  await gateway 120 test -s "$WORK/session.json"
  BEARER=$(jq -r .accounts.demo.bearer "$WORK/session.json")
}

call_gateway() {
  local method=$1 path=$2
  shift 2
  curl -sS --fail-with-body -X "$method" -H "Authorization: Bearer $BEARER" "$@" "http://127.0.0.1:$GATEWAY$path"
}

# upload: prints the new certificate's id.
upload() {
  call_gateway POST /mtls/account/demo/certificates/by-file -F "file=@$WORK/pki/client.p12" \
    -F 'certificate={"name":"side by side","password":"side-by-side"}' | jq -r '.successfulySavedCertificates[0].id'
}

# map CERTIFICATE URL…
map_urls() {
  local certificate=$1
  shift
  printf '%s\n' "$@" | jq -Rn --arg certificate "$certificate" \
    '[inputs | {name: ., url: ., serviceId: "2", enable: true, certificationId: $certificate}]' > "$WORK/mappings.json"
  call_gateway POST /api/account/demo/configuration/ac-common/mtls -H "Content-Type: application/json" --data-binary "@$WORK/mappings.json" > /dev/null
}

onboard() { map_urls "$(upload)" "https://127.0.0.1:$UPSTREAM_HTTP1/" "https://127.0.0.1:$UPSTREAM_HTTP2/"; }

# load PORT SECONDS CONNECTIONS [wrk arguments…]: "requests seconds p50 p99 max errors", times in µs.
load() {
  local port=$1 seconds=$2 connections=$3
  shift 3
  taskset -c "$LOAD_CORE" wrk -t1 -c"$connections" -d"${seconds}s" -s "$HERE/report.lua" "$@" "http://127.0.0.1:$port${TARGET_PATH:-/}" | tail -n 1
}

# load_gateway UPSTREAM_PORT SECONDS CONNECTIONS
load_gateway() {
  TARGET_PATH=/mtls/account/demo load "$GATEWAY" "$2" "$3" \
    -H "Authorization: Bearer $BEARER" -H "LP-service-name: WEBHOOKS" -H "LP-forward-url: https://${UPSTREAM_HOST:-127.0.0.1}:$1/"
}

# With its workers; not the gateway's Azurite, which is a dependency.
pids_of() {
  local pid=${PIDS[$1]}
  echo "$pid"
  [[ $1 == nginx* ]] && cat "/proc/$pid/task/$pid/children"
  return 0
}

# CPU time of a server so far, in ticks of 1/$TICKS s.
ticks_of() {
  local total=0 fields
  for pid in $(pids_of "$1"); do
    # The name in parentheses may hold spaces.
    read -ra fields <<< "$(sed 's/.*) //' "/proc/$pid/stat")"
    total=$((total + fields[11] + fields[12]))
  done
  echo "$total"
}

kilobytes_of() {
  for pid in $(pids_of "$1"); do grep VmRSS "/proc/$pid/status"; done | awk '{ total += $2 } END { print total }'
}

handles_of() { ls "/proc/${PIDS[$1]}/fd" | wc -l; }

machine() {
  printf '%s, %s cores, Linux %s; .NET %s, %s, %s, %s\n' \
    "$(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2 | xargs)" "$(nproc)" "$(uname -r)" "$(dotnet --version)" \
    "$(nginx -v 2>&1 | cut -d' ' -f3)" "$(haproxy -v 2> /dev/null | head -n 1 | cut -d' ' -f1-3)" "caddy $(caddy version 2> /dev/null | cut -d' ' -f1)"
}
