#!/usr/bin/env bash
# Runs three real replicas behind nginx and behind HAProxy, with the configurations of this folder, under readers and
# buyers, while replicas are killed (SIGKILL) and drained (SIGTERM) one after another. Fails on any request that failed
# and on any order that is missing, doubled or wrong.
#
#   deploy/check.sh PROGRAM [SECONDS] [PROXY…]      deploy/check.sh target/debug/tidegate 20 nginx haproxy
#
# Needs curl, PostgreSQL 15 or newer with psql, and the proxies (apt-get install nginx haproxy).
# Everything listens on 127.0.0.1, ports 18080 to 18090 (CHECK_PORT moves them), and ends with this script.
set -euo pipefail

program=$(realpath "${1:?the path of the tidegate program}")
seconds=${2:-20}
shift $(($# < 2 ? $# : 2))
proxies=("$@")
((${#proxies[@]} > 0)) || proxies=(nginx haproxy)
here=$(dirname "$(realpath "$0")")
port=${CHECK_PORT:-18080}
PATH=$PATH:/usr/sbin:/sbin
for needed in curl psql "${proxies[@]}"; do
    command -v "$needed" >/dev/null || { echo "$needed is not installed" >&2; exit 2; }
done

# Short, because the path of a unix socket is; open to enter, because PostgreSQL does not run as root.
folder=$(mktemp -d /tmp/tidegate-check.XXXXXX)
chmod 711 "$folder"
declare -A replica=()
declare -a others=()
proxy=''

end() {
    local code=$?
    touch "$folder/stop"
    for pid in "${replica[@]}" $proxy "${others[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$folder"
    exit "$code"
}
trap end EXIT
trap 'exit 130' INT TERM

until_ok() { # until_ok URL
    for _ in $(seq 300); do
        curl -sf -m 2 -o /dev/null "$1" && return
        sleep 0.1
    done
    echo "$1 does not answer" >&2
    return 1
}

start_replica() { # start_replica NUMBER
    "$program" serve --listen "127.0.0.1:$((port + $1))" >>"$folder/replica-$1.log" 2>&1 &
    replica[$1]=$!
}

count() { psql -X -At "$DATABASE_URL" -c "$1"; }

uuid() { cat /proc/sys/kernel/random/uuid 2>/dev/null || uuidgen | tr 'A-Z' 'a-z'; }

# ask NAME KEY VARIABLES [TOKEN]: one request through the proxy, sent once. What the contract asks a client to repeat
# (TRY_AGAIN, IDEMPOTENCY_IN_PROGRESS) is repeated under the same key. Anything else but a 200 with data failed.
ask() {
    local key=$2 body status answer=''
    body="{\"query\":\"${query[$1]}\",\"variables\":$3}"
    for _ in 1 2 3 4 5; do
        answer=$(curl -s -m 30 -w '\n%{http_code}' "http://127.0.0.1:$port/graphql" -H 'content-type: application/json' \
            -H "idempotency-key: $key" ${4:+-H "authorization: Bearer $4"} -d "$body") || true
        status=${answer##*$'\n'}
        answer=${answer%$'\n'*}
        case $answer in
        *'"TRY_AGAIN"'* | *'"IDEMPOTENCY_IN_PROGRESS"'*) sleep 0.3 ;;
        *) break ;;
        esac
    done
    if [[ $status == 200 && $answer == '{"data":{'* && $answer != *'"code"'* ]]; then
        echo "$1" >>"$folder/good"
        echo "$answer"
    else
        echo "$1 $status $answer" >>"$folder/failed"
        return 1
    fi
}

field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; } # field NAME: its last text in an answer

declare -A query=(
    [list]='{ products(first: 12) { nodes { title priceRange { min { amount } } } } }'
    [search]='{ search(query: \"hart lantern\", first: 5) { nodes { title } } }'
    [sku]='{ product(by: { sku: \"85123A\" }) { variants(first: 1) { nodes { id price { amount } } } } }'
    [create]='mutation($v: ID!) { cartCreate(input: { lines: [{ variantId: $v }], buyer: { email: \"ada@example.com\" } }) { cart { id } tokens { accessToken } errors { code } } }'
    [address]='mutation($c: ID!) { cartAddressesSet(cartId: $c, shipping: { name: \"Ada\", line1: \"12 Square\", city: \"London\", country: \"GB\" }) { revision errors { code } } }'
    [checkout]='mutation($c: ID!, $t: Decimal!, $k: IdempotencyKey!) { checkoutComplete(cartId: $c, idempotencyKey: $k, payment: { invoice: {} }, expectedTotal: { amount: $t, currency: \"GBP\" }) { order { number } errors { code } } }'
)

reader() {
    while [[ ! -e $folder/stop ]]; do
        ask list "$(uuid)" '{}' >/dev/null || true
        ask search "$(uuid)" '{}' >/dev/null || true
    done
}

buyer() { # buyer VARIANT PRICE
    local created token cart
    while [[ ! -e $folder/stop ]]; do
        created=$(ask create "$(uuid)" "{\"v\":\"$1\"}") || continue
        token=$(field accessToken <<<"$created")
        cart=$(sed -n 's/.*"id":"\(cart_[^"]*\)".*/\1/p' <<<"$created")
        ask address "$(uuid)" "{\"c\":\"$cart\"}" "$token" >/dev/null || continue
        checkout "$cart" "$2" "$token" || true
    done
}

checkout() { # checkout CART TOTAL TOKEN: twice under one key, which is the header's and the argument's
    local key variables first second
    key=$(uuid)
    variables="{\"c\":\"$1\",\"t\":\"$2\",\"k\":\"$key\"}"
    first=$(ask checkout "$key" "$variables" "$3" | field number)
    second=$(ask checkout "$key" "$variables" "$3" | field number)
    if [[ -n $first && $first == "$second" ]]; then
        echo "$first" >>"$folder/orders"
    else
        echo "a checkout answered '$first' and its repeat '$second'" >>"$folder/failed"
    fi
}

# Only the ports differ from what is shipped.
with_ports() { # with_ports FILE
    sed -e "s/127\.0\.0\.1:800\([123]\)/127.0.0.1:$((port / 10))\1/; s/listen 8080;/listen 127.0.0.1:$port;/" \
        -e "s/bind :8080/bind 127.0.0.1:$port/" "$1"
}

start_nginx() {
    with_ports "$here/nginx.conf" >"$folder/tidegate.conf"
    cat >"$folder/nginx.conf" <<-EOF
		$( ((EUID == 0)) && echo 'user root;')
		worker_processes 2;
		pid $folder/nginx.pid;
		daemon off;
		error_log $folder/nginx.log warn;
		events { worker_connections 512; }
		http {
		    access_log off;
		    client_body_temp_path $folder/nginx-body;
		    proxy_temp_path $folder/nginx-proxy;
		    fastcgi_temp_path $folder/nginx-fastcgi;
		    uwsgi_temp_path $folder/nginx-uwsgi;
		    scgi_temp_path $folder/nginx-scgi;
		    include $folder/tidegate.conf;
		}
	EOF
    nginx -p "$folder" -e "$folder/nginx.log" -c "$folder/nginx.conf" &
    proxy=$!
}

start_haproxy() {
    with_ports "$here/haproxy.cfg" >"$folder/haproxy.cfg"
    haproxy -q -db -f "$folder/haproxy.cfg" 2>"$folder/haproxy.log" &
    proxy=$!
}

# One replica at a time, SIGKILL two times out of three, and started again.
disturb() {
    local end=$((SECONDS + seconds)) turn=0 number
    while ((SECONDS < end)); do
        sleep 1.5
        number=$((turn % 3 + 1))
        turn=$((turn + 1))
        if ((turn % 3 == 0)); then kill -TERM "${replica[$number]}"; else kill -KILL "${replica[$number]}"; fi
        wait "${replica[$number]}" 2>/dev/null || true
        start_replica "$number"
        until_ok "http://127.0.0.1:$((port + number))/readyz"
        # The proxies learn of it within two seconds.
        sleep 2
    done
    echo "$turn" >"$folder/turns"
}

check() { # check PROXY
    local orders_before good failed orders placed workers=()
    rm -f "$folder"/{stop,good,failed,orders}
    touch "$folder"/{good,failed,orders}
    orders_before=$(count 'select count(*) from customer_order')
    "start_$1"
    until_ok "http://127.0.0.1:$port/livez"
    for _ in 1 2 3; do reader & workers+=($!); done
    for _ in 1 2 3; do buyer "$variant" "$price" & workers+=($!); done
    disturb
    touch "$folder/stop"
    wait "${workers[@]}"
    kill "$proxy" && { wait "$proxy" 2>/dev/null || true; }
    proxy=''

    good=$(wc -l <"$folder/good")
    failed=$(wc -l <"$folder/failed")
    orders=$(sort -u "$folder/orders" | wc -l)
    placed=$(($(count 'select count(*) from customer_order') - orders_before))
    echo "$1: $(<"$folder/turns") replicas ended, $good requests answered, $failed failed, $orders orders acknowledged, $placed in the database"
    head -5 "$folder/failed" >&2
    ((failed == 0 && orders == placed && orders >= 5 && good >= 50))
}

# A database of its own: the stock is about to be changed.
unset DATABASE_URL "${!TIDEGATE_@}"
(cd "$folder" && exec "$program" dev --port "$((port + 9))" >"$folder/dev.log" 2>&1) &
others+=($!)
until_ok "http://127.0.0.1:$((port + 9))/readyz" || { cat "$folder/dev.log" >&2; exit 1; }
export DATABASE_URL="postgres://postgres@localhost/tidegate?host=$folder/.tidegate/socket"
TIDEGATE_KEY_ENCRYPTION_KEY=$(<"$folder/.tidegate/key-encryption-key")
export TIDEGATE_KEY_ENCRYPTION_KEY TIDEGATE_DRAIN_DELAY=3s TIDEGATE_PUBLIC_URL=http://127.0.0.1:$port
for number in 1 2 3; do start_replica "$number"; done
for number in 1 2 3; do until_ok "http://127.0.0.1:$((port + number))/readyz"; done
sku=$(curl -sf "http://127.0.0.1:$((port + 1))/graphql" -H 'content-type: application/json' -d "{\"query\":\"${query[sku]}\"}")
variant=$(field id <<<"$sku")
price=$(field amount <<<"$sku")
psql -X -q "$DATABASE_URL" -c 'update stock set on_hand = 1000000 where allocated < 1000000'

code=0
for name in "${proxies[@]}"; do check "$name" || code=1; done
taken=$(count 'select (select sum(allocated) from stock) - (select sum(quantity) from order_line)')
[[ $taken == 0 ]] || { echo "stock and orders differ by $taken pieces" >&2; code=1; }
exit "$code"
