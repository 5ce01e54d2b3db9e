#!/usr/bin/env bash
# Bring what the tests need and Python's packages do not: a browser, a database server, the
# verifiers. Debian packages are installed where we are root; elsewhere the line to run is said.
# Nothing here replaces or starts a service of the machine.
set -euo pipefail
folder=${1:?the folder for what is only unpacked}
here=$(cd "$(dirname "$0")" && pwd)

missing=()
need() { # need PACKAGE PROGRAM…: the package, if none of the programs is there
  local package=$1; shift
  local program
  for program in "$@"; do
    if command -v "$program" >/dev/null 2>&1 || compgen -G "$program" >/dev/null; then return; fi
  done
  missing+=("$package")
}

need chromium-headless-shell chromium-headless-shell
need default-jre-headless java
need npm npm
need postgresql-15 '/usr/lib/postgresql/*/bin/initdb'
need libdb5.3 '/usr/lib/*/libdb-5.3.so'
need libnsl2 '/usr/lib/*/libnsl.so.2'
need libsasl2-2 '/usr/lib/*/libsasl2.so.2'
need fonts-dejavu-core '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf'
need hugo hugo

if [ ${#missing[@]} -gt 0 ]; then
  line="apt-get install --no-install-recommends ${missing[*]}"
  if [ "$(id -u)" -ne 0 ]; then
    printf 'The tests need programs that are missing. Run this once, then `make test` again:\n\n  sudo %s\n\n' "$line" >&2
    exit 1
  fi
  # The database server is only to be there: the tests start their own, in a folder of their own.
  if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    mkdir -p /etc/postgresql-common
    printf 'create_main_cluster = false\n' > /etc/postgresql-common/createcluster.conf
  fi
  printf 'Installing what the tests need: %s\n' "${missing[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

unpack() { # unpack NAME PROOF PACKAGE…: packages that are not installed, but only unpacked
  local name=$1 proof=$2; shift 2
  if [ -e "$folder/$name/$proof" ]; then return; fi
  rm -rf "${folder:?}/$name" "$folder/download"
  mkdir -p "$folder/download"
  chmod 777 "$folder/download"  # apt fetches as a user of its own
  (cd "$folder/download" && apt-get download -qq "$@") || {
    [ "$(id -u)" -eq 0 ] && apt-get update -qq && (cd "$folder/download" && apt-get download -qq "$@")
  }
  local package
  for package in "$folder"/download/*.deb; do dpkg-deb -x "$package" "$folder/$name"; done
  rm -r "$folder/download"
}

# A mail relay: installed it would replace the machine's own.
unpack postfix usr/lib/postfix/sbin/master postfix
# Web servers and a crowd of readers: installed the servers would start at once.
unpack nginx usr/sbin/nginx nginx libnginx-mod-http-brotli-static libnginx-mod-http-brotli-filter
unpack caddy usr/bin/caddy caddy
unpack wrk usr/bin/wrk wrk libluajit-5.1-2

mkdir -p "$folder/node"
cp "$here/node/package.json" "$here/node/package-lock.json" "$folder/node/"
(cd "$folder/node" && npm ci --silent --no-audit --no-fund --ignore-scripts)
