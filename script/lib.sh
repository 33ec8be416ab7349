# lib.sh: what the scripts share. Sourced, never run. Plain POSIX shell.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
private=${DOUBT_PRIVATE:-$root/.engines}
jobs=$(nproc 2>/dev/null || echo 2)
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8

packages_build='gcc g++ libc6-dev cmake ninja-build pkg-config libjansson-dev libprotobuf-c-dev
    protobuf-c-compiler libsmartcols-dev libssl-dev libzstd-dev libsqlite3-dev'
packages_engines='python3 python3-pip ca-certificates'
packages_test='python3-venv clang libclang-rt-14-dev libcmocka-dev r-mathlib sqlite3 strace valgrind universal-ctags
    mandoc gcc-aarch64-linux-gnu g++-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static'

say() { printf '== %s\n' "$*"; }
die() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 2; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo "$@"
    else
        die "needs root to install packages ($*): run it as root, or install sudo"
    fi
}

# missing PACKAGE...: prints those that are not installed.
missing() {
    dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
        sed -n 's/^installed //p' | sort -u >"$scratch/installed"
    printf '%s\n' "$@" | sort -u | comm -23 - "$scratch/installed"
}

# install PACKAGE...: installs what is missing, and says so.
install() {
    command -v dpkg-query >/dev/null 2>&1 ||
        die "this system has no dpkg: install what README.md lists by hand, then run script/build"
    scratch=$(mktemp -d)
    want=$(missing "$@")
    rm -rf "$scratch"
    [ -n "$want" ] || return 0
    # A package that this release does not know is left out here and missed later, by name.
    say "installing:" $want
    as_root apt-get update -q
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $want
}

# configure FOLDER [CMAKE OPTION...]: once, and again when the options change.
configure() {
    folder=$1; shift
    if [ ! -f "$folder/build.ninja" ] || [ "$(cat "$folder/.options" 2>/dev/null)" != "$*" ]; then
        cmake -S "$root" -B "$folder" -G Ninja "$@"
        printf '%s\n' "$*" >"$folder/.options"
    fi
}
