#!/bin/sh
# Runs the engine inside mount and PID namespaces made for it: when their first
# process dies, every container, shim and mount goes with it. The machine's own
# /etc/docker, /run/docker and /run/containerd are covered, so neither its
# settings nor a system engine's sockets are seen or touched.
set -eu
settings=$1
shift
mount --bind "$settings" /etc/docker
mount -t tmpfs -o mode=711 tmpfs /run/docker
mount -t tmpfs -o mode=711 tmpfs /run/containerd
exec "$@"
