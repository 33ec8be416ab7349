# tensorrt-rtx.sh SOURCE BUILD: NVIDIA's current parser and builder accept every network that doubt writes,
# in f32 and f16. TensorRT-RTX from PyPI does that on the CPU alone; it has no kernel for ONNX's
# NonMaxSuppression, so SSD goes without. Skipped where PyPI or a Python that fits is not to be had.
set -eu
source=$1 build=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
skip() { echo "skipped: $*"; exit 77; }
[ "$(uname -m)" = x86_64 ] || skip "TensorRT-RTX is tried on x86-64 only"
# A library of NVIDIA's and a sanitizer in one process prove nothing of doubt's.
grep -q '^DOUBT_SANITIZE:STRING=.' "$build/CMakeCache.txt" && skip "built with sanitizers"
python3 -m venv "$work/venv" >/dev/null 2>&1 || skip "no python3 with venv"
version=1.7.1.116
timeout 240 "$work/venv/bin/python" -m pip install -q --disable-pip-version-check --no-deps --only-binary=:all: \
    "tensorrt-rtx-cu13-libs==$version" "tensorrt-rtx-cu13-bindings==$version" >"$work/log" 2>&1 ||
    skip "cannot install TensorRT-RTX $version: $(tail -n 1 "$work/log")"
"$work/venv/bin/python" -c 'import tensorrt_rtx_bindings' 2>"$work/log" ||
    skip "TensorRT-RTX $version does not load here: $(tail -n 1 "$work/log")"
names=$("$build/doubt" networks | awk 'NR > 1 { print $1 }')
[ -n "$names" ] || { echo "doubt networks lists none"; exit 1; }
status=0
for precision in f32 f16; do
    for name in $names; do
        file=$work/$name-$precision.onnx nms=
        [ "$name" != ssd-mobilenet-v2 ] || nms=--no-nms
        "$build/doubt" networks --export "$name" --precision $precision $nms -o "$file" --quiet
        "$work/venv/bin/python" "$source/tests/script/rtx_build.py" "$file" 2>"$work/log" || { status=1; tail -n 3 "$work/log"; }
        rm -f "$file"
    done
done
exit $status
