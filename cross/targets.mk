# Programs for other systems, built here and tried here as far as they can be.
#
# build/cross/sources   Debian's source packages of the libraries that Debian has for itself only
# build/cross/windows   the libraries, built from them
# build/windows         the programs: loopscope.exe with its scenarios and fonts beside it, and
#                       headless/loopscope.exe without a window
# build/cross/zig       the compiler for macOS
# build/macos-CPU       headless/loopscope

CROSS_PACKAGES := gcc-mingw-w64-x86-64-posix g++-mingw-w64-x86-64-posix wine wine64 cmake ninja-build dpkg-dev \
                  xz-utils xvfb xdotool imagemagick python3 make pkg-config fonts-inter fonts-jetbrains-mono \
                  libcmocka-dev $(if $(shell command -v npm),,npm)
CROSS_LIBRARIES := cjson cmocka freetype sdl2 sdl2-image
CROSS_SOURCES := cjson cmocka freetype libsdl2 libsdl2-image
CROSS_DONE := build/cross/windows/work/done
WINDOWS_MAKE := $(MAKE) --no-print-directory SYSTEM=windows BUILD=build/windows

.PHONY: deps-cross windows macos test-cross
deps-cross:
	@$(call APT_INSTALL,$(CROSS_PACKAGES))
	@cross/sources.sh build/cross/sources $(CROSS_SOURCES)
	@cross/zig.sh build/cross

ifneq ($(filter deps-cross,$(MAKECMDGOALS)),)
$(CROSS_DONE) build/cross/macos/done windows macos test-cross: | deps-cross # what comes with it on the command line waits for it
endif

$(CROSS_DONE): cross/windows-libs.sh
	@cross/sources.sh build/cross/sources $(CROSS_SOURCES)
	@cross/windows-libs.sh build/cross/sources build/cross/windows $(CROSS_LIBRARIES)
	@touch $@

windows: $(CROSS_DONE)
	+@$(WINDOWS_MAKE) build/windows/loopscope.exe headless
	@mkdir -p build/windows/fonts build/windows/scenarios
	@cp scenarios/*.json build/windows/scenarios/
	@cp /usr/share/fonts/opentype/inter/Inter-Regular.otf /usr/share/fonts/opentype/inter/Inter-Medium.otf \
	  /usr/share/fonts/opentype/inter/Inter-SemiBold.otf /usr/share/fonts/opentype/inter/Inter-Bold.otf \
	  $$(ls /usr/share/fonts/truetype/jetbrains-mono/JetBrainsMono-Regular.ttf \
	        /usr/share/fonts/truetype/jetbrains-mono/JetBrainsMono-Medium.ttf \
	        /usr/share/fonts/truetype/jetbrains-mono/JetBrainsMono-Bold.ttf 2>/dev/null) build/windows/fonts/ 2>/dev/null || \
	  echo "without fonts-inter and fonts-jetbrains-mono, fonts have to be put into build/windows/fonts"

# macOS: the program without a window, for both CPUs, warnings being errors. Nothing here can run it.
ZIG ?= $(CURDIR)/build/cross/zig/zig
ZIG_CACHE := ZIG_GLOBAL_CACHE_DIR=$(CURDIR)/build/cross/zig-cache ZIG_LOCAL_CACHE_DIR=$(CURDIR)/build/cross/zig-cache
MACOS_CPUS := x86_64 aarch64

build/cross/macos/done:
	@cross/sources.sh build/cross/sources cjson
	@cross/zig.sh build/cross
	@mkdir -p $(@D)/include/cjson
	@cp build/cross/sources/cjson/cJSON.h $(@D)/include/cjson
	@for cpu in $(MACOS_CPUS); do \
	  $(ZIG_CACHE) $(ZIG) cc -target $$cpu-macos -O2 -c -o $(@D)/cJSON-$$cpu.o build/cross/sources/cjson/cJSON.c || exit 1; \
	done
	@touch $@

macos: $(MACOS_CPUS:%=macos-%)
.PHONY: $(MACOS_CPUS:%=macos-%)
$(MACOS_CPUS:%=macos-%): macos-%: build/cross/macos/done
	+@$(ZIG_CACHE) $(MAKE) --no-print-directory BUILD=build/macos-$* SYSTEM=macos OS_SYSTEM=kqueue \
	  CC="$(ZIG) cc -target $*-macos" AR="$(ZIG) ar" CFLAGS="$(CFLAGS) -Werror" \
	  SYSTEM_CFLAGS="-isystem build/cross/macos/include -isystem build/cross/macos/include/cjson" \
	  CORE_LIBS=build/cross/macos/cJSON-$*.o headless

test-cross: macos windows
	+@$(WINDOWS_MAKE) unit build/windows/debug/conformance/batch.exe
	@cross/wine.sh $(PYTHON) tests/run.py build --cross
