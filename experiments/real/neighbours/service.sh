#!/bin/sh
# A network namespace that answers for hundreds of addresses, and a service in it. Ends with everything it has made.
set -e
name=semantos-neighbours
clean() { ip netns del "$name" 2>/dev/null || true; ip link del semantos0 2>/dev/null || true; }
clean
trap 'kill "$service" 2>/dev/null; wait; clean; exit 0' TERM INT HUP
ip netns add "$name"
ip link add semantos0 type veth peer name semantos1 netns "$name"
ip address add 10.231.255.1/16 dev semantos0
ip link set semantos0 up
ip -n "$name" link set lo up
ip -n "$name" link set semantos1 up
ip -n "$name" address add 10.231.255.2/16 dev semantos1
ip -n "$name" route add local 10.231.0.0/17 dev semantos1
ip netns exec "$name" node "$(dirname "$0")/service.mjs" &
service=$!
wait "$service"
