#!/bin/sh
# usage: make-busybox.sh [NAME]: makes the image NAME (default: busybox) from Debian's busybox-static, with no registry at hand.
# The image is the same on every machine that has the same /bin/busybox.
set -eu

name=${1:-busybox}
busybox=${BUSYBOX:-/bin/busybox}
: "${SOURCE_DATE_EPOCH:=1700000000}"
export SOURCE_DATE_EPOCH

[ -x "$busybox" ] || {
  echo "make-busybox.sh: '$busybox' is missing: install busybox-static, or set BUSYBOX" >&2
  exit 1
}

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

chmod 755 "$root"
(cd "$root" && umask 022 && mkdir -p bin dev etc home proc root sys tmp usr/bin usr/sbin sbin var/log var/spool var/www)
chmod 1777 "$root/tmp"
chmod 700 "$root/root"
cp "$busybox" "$root/bin/busybox"
chmod 755 "$root/bin/busybox"
"$busybox" --list | while read -r applet; do
  [ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
done
ln -s ../../bin/env "$root/usr/bin/env"

cat >"$root/etc/passwd" <<'PASSWD'
root:x:0:0:root:/root:/bin/sh
daemon:x:1:1:daemon:/usr/sbin:/bin/false
www-data:x:33:33:www-data:/var/www:/bin/false
nobody:x:65534:65534:nobody:/home:/bin/false
PASSWD
cat >"$root/etc/group" <<'GROUP'
root:x:0:
daemon:x:1:
www-data:x:33:
nogroup:x:65534:
GROUP
find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +

layerctl pack --compression none "$root" |
  layerctl import --message "busybox-static" \
    --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' --change 'CMD ["sh"]' - "$name"
