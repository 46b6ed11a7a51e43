#!/bin/sh
# usage: deps.sh PACKAGE…
# Installs those of the Debian packages that are missing; asks the archive nothing when none is.
set -eu

missing=
for package; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

echo "installing:$missing"
if [ "$(id -u)" -ne 0 ]; then
  echo "deps.sh: not root: run apt-get install$missing" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q >/dev/null
# Some of them are services: nothing of what is installed may start.
policy=/usr/sbin/policy-rc.d
made_policy=
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  made_policy=1
fi
status=0
# shellcheck disable=SC2086 # a list of words
apt-get install -q -y --no-install-recommends $missing >/dev/null || status=$?
[ -z "$made_policy" ] || rm -f "$policy"
exit "$status"
