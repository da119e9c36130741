#!/usr/bin/env bash
# usage: windows-libs.sh SOURCES PREFIX LIBRARY...    Builds the libraries (cjson, cmocka, freetype, sdl2,
# sdl2-image) for Windows with mingw-w64, static, into PREFIX/include and PREFIX/lib.
set -eu
sources=$(cd "$1" && pwd)
prefix=$(mkdir -p "$2/include" "$2/lib" && cd "$2" && pwd)
shift 2
host=x86_64-w64-mingw32
cc=$host-gcc-posix
jobs=$(nproc 2>/dev/null || echo 2)

cmake_build() { # NAME SOURCE OPTION...
  local work=$prefix/work/$1
  cmake -G Ninja -S "$2" -B "$work" --log-level=WARNING -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_SYSTEM_NAME=Windows -DCMAKE_SYSTEM_PROCESSOR=x86_64 \
    -DCMAKE_C_COMPILER="$cc" -DCMAKE_CXX_COMPILER=$host-g++-posix -DCMAKE_RC_COMPILER=$host-windres \
    -DCMAKE_FIND_ROOT_PATH=/usr/$host -DCMAKE_FIND_ROOT_PATH_MODE_PROGRAM=NEVER \
    -DCMAKE_FIND_ROOT_PATH_MODE_LIBRARY=ONLY -DCMAKE_FIND_ROOT_PATH_MODE_INCLUDE=ONLY \
    -DCMAKE_INSTALL_PREFIX="$prefix" -DBUILD_SHARED_LIBS=OFF -Wno-dev "${@:3}" >"$work.log" 2>&1 &&
    ninja -C "$work" -j "$jobs" install >>"$work.log" 2>&1 || { tail -30 "$work.log"; return 1; }
}

archive() { # NAME OBJECT...
  rm -f "$prefix/lib/$1"
  $host-gcc-ar rcs "$prefix/lib/$1" "${@:2}"
}

build_cjson() {
  mkdir -p "$prefix/include/cjson"
  cp "$sources/cjson/cJSON.h" "$prefix/include/cjson/"
  $cc -O2 -DCJSON_HIDE_SYMBOLS -c -o "$prefix/work/cjson.o" "$sources/cjson/cJSON.c"
  archive libcjson.a "$prefix/work/cjson.o"
}

build_cmocka() {
  cp "$sources/cmocka/include/cmocka.h" "$prefix/include/"
  $cc -O2 -D__USE_MINGW_ANSI_STDIO=1 -DHAVE_INTTYPES_H -DHAVE_STDINT_H -DHAVE_SIGNAL_H -DHAVE_STRING_H \
    -DHAVE_STRINGS_H -DHAVE_MALLOC_H -DHAVE_IO_H -DHAVE_GCC_THREAD_LOCAL_STORAGE \
    -I"$sources/cmocka/include" -c -o "$prefix/work/cmocka.o" "$sources/cmocka/src/cmocka.c"
  archive libcmocka.a "$prefix/work/cmocka.o"
}

build_freetype() {
  cmake_build freetype "$sources/freetype" -DFT_DISABLE_ZLIB=ON -DFT_DISABLE_BZIP2=ON \
    -DFT_DISABLE_PNG=ON -DFT_DISABLE_HARFBUZZ=ON -DFT_DISABLE_BROTLI=ON
}

build_sdl2() { # video and events are all that is used
  cmake_build sdl2 "$sources/libsdl2" -DSDL_SHARED=OFF -DSDL_STATIC=ON -DSDL_TEST=OFF -DSDL_AUDIO=OFF \
    -DSDL_JOYSTICK=OFF -DSDL_HAPTIC=OFF -DSDL_HIDAPI=OFF -DSDL_SENSOR=OFF -DSDL_POWER=OFF
}

build_sdl2_image() { # PNG only, by the code that the library carries with it
  local file
  local objects=()
  for file in IMG IMG_png IMG_stb IMG_bmp IMG_gif IMG_jpg IMG_lbm IMG_pcx IMG_pnm IMG_qoi IMG_svg IMG_tga \
              IMG_tif IMG_xcf IMG_xpm IMG_xv IMG_webp IMG_avif IMG_jxl; do
    $cc -O2 -w -DUSE_STBIMAGE -DLOAD_PNG -DSDL_IMAGE_SAVE_PNG=1 -I"$prefix/include/SDL2" \
      -c -o "$prefix/work/$file.o" "$sources/libsdl2-image/$file.c"
    objects+=("$prefix/work/$file.o")
  done
  cp "$sources/libsdl2-image/SDL_image.h" "$prefix/include/SDL2/"
  archive libSDL2_image.a "${objects[@]}"
}

mkdir -p "$prefix/work"
for library in "$@"; do
  test -f "$prefix/work/$library.done" && continue
  echo "  $library for Windows"
  "build_${library//-/_}"
  touch "$prefix/work/$library.done"
done
