#!/bin/sh
# library.sh ROOT BUILD: the installed library serves a program that knows pkg-config or CMake only.
set -eu
root=$1 build=$2
! grep -q '^DOUBT_SANITIZE:STRING=..*' "$build/CMakeCache.txt" || { echo "skipped: the library is built with sanitizers here"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake -S "$root" -B "$work/build" -G Ninja -DDOUBT_TESTS=OFF -DCMAKE_INSTALL_PREFIX="$work/prefix" >"$work/log"
ninja -C "$work/build" >>"$work/log" || { tail -n 30 "$work/log"; exit 1; }
cmake --install "$work/build" >>"$work/log"
pc=$(dirname "$(find "$work/prefix" -name doubt.pc)")
export PKG_CONFIG_PATH="$pc"
flags=$(pkg-config --cflags --libs doubt)
cc -std=c11 -Wall -Wextra -Werror "$root/examples/verdict.c" $flags -o "$work/shared"
cc -std=c11 "$root/examples/verdict.c" -I"$work/prefix/include" "$pc/../libdoubt.a" -lm -o "$work/static"
said=$(LD_LIBRARY_PATH="$pc/.." "$work/shared" "36 FPS" 27.81 27.79 27.84 27.80 27.83 27.82)
echo "$said"
[ "$said" = "$("$work/static" "36 FPS" 27.81 27.79 27.84 27.80 27.83 27.82)" ]
case $said in *HOLDS) ;; *) exit 1 ;; esac
status=0
LD_LIBRARY_PATH="$pc/.." "$work/shared" "36" 1 2 2>"$work/err" || status=$?
[ $status = 2 ] && grep -q FPS "$work/err"
# Only documented names are visible.
! nm -D --defined-only "$pc/../libdoubt.so" | grep -v ' doubt_' || { echo "undocumented symbols"; exit 1; }
mkdir "$work/user"
cat >"$work/user/CMakeLists.txt" <<END
cmake_minimum_required(VERSION 3.10)
project(user C)
find_package(doubt REQUIRED)
add_executable(user "$root/examples/verdict.c")
target_link_libraries(user doubt::shared)
END
cmake -S "$work/user" -B "$work/user/build" -G Ninja -DCMAKE_PREFIX_PATH="$work/prefix" >>"$work/log"
cmake --build "$work/user/build" >>"$work/log"
[ "$said" = "$("$work/user/build/user" "36 FPS" 27.81 27.79 27.84 27.80 27.83 27.82)" ]
# The program runs from where it was installed.
"$work/prefix/bin/doubt" networks --quiet >/dev/null
# The headers are clean as C11 and as C++17.
for header in "$root"/include/doubt/*.h; do
    printf '#include "%s"\nint main(void) { return 0; }\n' "$header" >"$work/h.c"
    cp "$work/h.c" "$work/h.cc"
    cc -std=c11 -Wall -Wextra -Wpedantic -Werror -I"$root/include" -fsyntax-only "$work/h.c"
    c++ -std=c++17 -Wall -Wextra -Wpedantic -Werror -I"$root/include" -fsyntax-only "$work/h.cc"
done
