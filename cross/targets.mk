# Programs for other systems, built here and tried here as far as they can be.
#
# build/cross/sources   Debian's source packages of the libraries that Debian has for itself only
# build/cross/windows   the libraries, built from them
# build/windows         the programs: loopscope.exe with its scenarios and fonts beside it, and
#                       headless/loopscope.exe without a window

CROSS_PACKAGES := gcc-mingw-w64-x86-64-posix g++-mingw-w64-x86-64-posix wine wine64 cmake ninja-build dpkg-dev \
                  xz-utils xvfb xdotool imagemagick python3 make pkg-config fonts-inter fonts-jetbrains-mono
CROSS_LIBRARIES := cjson cmocka freetype sdl2 sdl2-image
CROSS_SOURCES := cjson cmocka freetype libsdl2 libsdl2-image
CROSS_DONE := build/cross/windows/work/done
WINDOWS_MAKE := $(MAKE) --no-print-directory SYSTEM=windows BUILD=build/windows

.PHONY: deps-cross windows test-cross
deps-cross:
	@missing=$$(for package in $(CROSS_PACKAGES); do dpkg -s $$package >/dev/null 2>&1 || echo $$package; done); \
	if [ -n "$$missing" ]; then \
	  echo "installing:" $$missing; \
	  apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $$missing; \
	fi
	@cross/sources.sh build/cross/sources $(CROSS_SOURCES)

ifneq ($(filter deps-cross,$(MAKECMDGOALS)),)
$(CROSS_DONE) windows test-cross: | deps-cross # what comes with it on the command line waits for it
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
