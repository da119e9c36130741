# Loopscope. `make deps run` and `make deps test` are the two commands; `make help` lists the rest.
#
# Variants: release (build/), debug with ASan and UBSan (build/debug/), tsan (build/tsan/), and a
# build without a window (build/headless/) that links no SDL.

CC      ?= gcc
BUILD   ?= build
PKG     ?= pkg-config
PYTHON  ?= python3
MAKEFLAGS += --jobs=$(shell nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 2)

WARN    := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wvla
GEN := $(BUILD)/gen
BASE_CFLAGS := -std=c11 -D_GNU_SOURCE -Isrc -I$(GEN) $(WARN) -MMD -MP -pthread
UI_CFLAGS := $(shell $(PKG) --cflags sdl2 SDL2_image freetype2 2>/dev/null)
UI_LIBS := $(shell $(PKG) --libs sdl2 SDL2_image freetype2 2>/dev/null)
UI_TEST_LIBS := $(UI_LIBS) $(shell $(PKG) --libs SDL2_ttf 2>/dev/null)

release_FLAGS := -O2 -g
debug_FLAGS   := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
tsan_FLAGS    := -O1 -g -fsanitize=thread
headless_FLAGS := -O2 -g

release_DIR  := $(BUILD)/release
debug_DIR    := $(BUILD)/debug
tsan_DIR     := $(BUILD)/tsan
headless_DIR := $(BUILD)/headless

# A layer's own dependencies, in link order; tests/scripts/layers.py checks the #include lines.
LAYERS := base trace program scenario os loop export view ui app
base_DEPS     := base
trace_DEPS    := trace base
program_DEPS  := program base
scenario_DEPS := scenario program base
os_DEPS       := os base
loop_DEPS     := loop os trace program base
export_DEPS   := export view trace program base
view_DEPS     := view trace program base
ui_DEPS       := ui view trace program base
engine_DEPS   := loop scenario export view os trace program base
app_DEPS      := app ui loop scenario export view os trace program base

# The system that is built for (linux, macos, bsd, ...) and the event queue that it has (linux is
# epoll and io_uring). A file that only one of them needs is listed here; the others leave it out.
UNAME     := $(shell uname -s)
SYSTEM_OF_Linux  := linux
SYSTEM_OF_Darwin := macos
SYSTEM    ?= $(or $(SYSTEM_OF_$(UNAME)),bsd)
OS_SYSTEM ?= $(if $(filter macos bsd,$(SYSTEM)),kqueue,$(SYSTEM))
POSIX := $(patsubst src/%,%,$(wildcard src/base/*_posix.c src/app/*_posix.c)) os/waker_posix.c \
               os/os_posix.c os/os_threads.c os/plain.c os/sockets.c $(patsubst src/%,%,$(wildcard src/os/workspace*.c))
ONLY_linux  := $(POSIX) base/system_linux.c base/system_xdg.c base/system_cond.c base/clock.c app/window_dialog_xdg.c
ONLY_macos  := $(POSIX) base/system_macos.c base/clock_macos.c app/window_dialog_macos.c
ONLY_bsd    := $(POSIX) base/system_bsd.c base/system_xdg.c base/system_cond.c base/clock.c app/window_dialog_xdg.c
ONLY_windows := base/clock.c $(patsubst src/%,%,$(wildcard src/*/*_win.c src/os/os_win_*.c))
OS_ONLY_linux  := os/os_linux.c os/os_epoll.c os/os_uring.c os/os_uring_ring.c \
               os/openat2.c
OS_ONLY_kqueue := os/os_kqueue.c os/openat2_none.c
HERE      := $(ONLY_$(SYSTEM)) $(OS_ONLY_$(OS_SYSTEM))
ELSEWHERE := $(filter-out $(HERE),$(foreach system,linux macos bsd windows,$(ONLY_$(system))) \
                                  $(foreach system,linux kqueue,$(OS_ONLY_$(system))))

# The window is the files of src/ui and app's gui_sdl.c; without it app's gui_none.c stands in.
CORE_PACKAGES := libcjson $(if $(filter linux,$(OS_SYSTEM)),liburing)
SYSTEM_CFLAGS := $(shell $(PKG) --cflags $(CORE_PACKAGES) 2>/dev/null) $(KQUEUE_CFLAGS)
CORE_LIBS := $(shell $(PKG) --libs $(CORE_PACKAGES) 2>/dev/null) $(KQUEUE_LIBS) -lm -pthread
# What is different where another system than this one is built for.
-include $(wildcard cross/$(SYSTEM).mk)
layer_sources = $(filter-out $(ELSEWHERE:%=src/%),$(sort $(wildcard src/$(1)/*.c)))
app_MAIN := src/app/main.c
WINDOW_APP := src/app/gui_sdl.c $(sort $(wildcard src/app/window*.c))
NOWINDOW_APP := src/app/gui_none.c

.PHONY: all help deps run test check check-tsan conformance headless bench \
        golden fuzz clean debug format
all: $(BUILD)/loopscope$(EXE)

help:
	@echo "make deps run     install what is needed, build, open the first scenario"
	@echo "make deps test    install what tests need, run them all"
	@echo "make              build/loopscope, optimised"
	@echo "make debug        build/debug/loopscope, with sanitizers"
	@echo "make headless     build/headless/loopscope, without a window (no SDL)"
	@echo "make check        every test, under ASan and UBSan, and the house rules"
	@echo "make conformance  random scenarios against CPython, N=2000 of them from SEED=1"
	@echo "make deps-cross windows   build/windows/loopscope.exe, built here with mingw-w64"
	@echo "make deps-cross macos     build/macos-*/headless/loopscope, for both CPUs, built here with zig"
	@echo "make deps-cross test-cross   the tests of both: Windows' run under Wine, macOS's can't run here"
	@echo "make check-tsan   the loop's thread against the viewer's, under ThreadSanitizer"
	@echo "make check-kqueue the engine on kqueue; on Linux with KQUEUE_CFLAGS and KQUEUE_LIBS of a library"
	@echo "make bench        the measurements of docs/bench.md"
	@echo "make fuzz         every reader on hostile input, SECONDS=60 each (clang's libFuzzer)"
	@echo "make soak         random scenarios for SOAK_SECONDS=600 a back end: nothing may grow"
	@echo "make golden       rewrites the expected files; review the diff"
	@echo "make guide        the pictures of docs/guide.md, made anew"
	@echo "make format       clang-format over src and tests"

# ---- what has to be installed (Debian 12 and kin, as root; macOS with Homebrew) -------------------

RUN_PACKAGES  := gcc libc6-dev make pkg-config libsdl2-dev libsdl2-image-dev libfreetype-dev \
                 libcjson-dev liburing-dev fonts-inter fonts-jetbrains-mono
TEST_PACKAGES := libcmocka-dev libsdl2-ttf-dev python3 git strace clang-format clang libclang-rt-14-dev xvfb xdotool x11-utils \
                 imagemagick binutils ffmpeg protobuf-compiler chromium chromium-driver
# What the measurements are compared with; one that is missing is said in their table.
BENCH_PACKAGES := python3-uvloop nodejs golang-go libuv1-dev libev-dev fio
RUN_BREWS  := pkg-config sdl2 sdl2_image freetype cjson font-inter font-jetbrains-mono
TEST_BREWS := cmocka sdl2_ttf python git clang-format imagemagick ffmpeg protobuf

# `make deps test` and `make deps run`: deps looks at what comes with it on the command line.
TESTED := $(filter test check check-tsan check-kqueue golden fuzz bench,$(MAKECMDGOALS))
DEPS   := $(RUN_PACKAGES) $(if $(TESTED),$(TEST_PACKAGES)) $(if $(filter bench,$(MAKECMDGOALS)),$(BENCH_PACKAGES))
BREWS  := $(RUN_BREWS) $(if $(TESTED),$(TEST_BREWS))

APT_INSTALL = missing=$$(for package in $(1); do dpkg -s $$package >/dev/null 2>&1 || echo $$package; done); \
	if [ -n "$$missing" ]; then \
	  echo "installing:" $$missing; \
	  apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $$missing; \
	fi

.PHONY: deps-linux deps-macos deps-bsd
deps: deps-$(SYSTEM)
deps-linux:
	@$(call APT_INSTALL,$(DEPS))
deps-macos:
	@command -v brew >/dev/null || { echo "Homebrew is needed: https://brew.sh"; exit 1; }
	@for package in $(BREWS); do brew list $$package >/dev/null 2>&1 || brew install $$package || exit 1; done
deps-bsd:
	@echo "Install with this system's packages: gmake pkgconf sdl2 sdl2_image freetype2 cjson cmocka sdl2_ttf python3"
	@echo "and the fonts Inter and JetBrains Mono (or put their files into ~/.local/share/fonts). Then: gmake"

ifneq ($(filter deps,$(MAKECMDGOALS)),)
# pkg-config may only just have been installed: what follows is made anew by a second make.
SECOND := $(filter-out deps,$(MAKECMDGOALS))
ifneq ($(SECOND),)
.PHONY: $(SECOND)
$(SECOND): deps
	@$(MAKE) --no-print-directory $@
endif
else

# ---- the player of exported pages, as bytes for export/page.c ---------------------------------

PAGE_PARTS := $(GEN)/page_js.inc $(GEN)/page_css.inc
$(GEN)/page_%.inc: assets/web/page.%
	@mkdir -p $(@D)
	@od -An -v -td1 $< | sed 's/[0-9][0-9]*/&,/g' > $@

# ---- one static library a layer and variant -------------------------------------------------

define LAYER_RULES
$(2)_$(1)_OBJS := $$(patsubst src/%.c,$$($(2)_DIR)/obj/%.o,$$(call layer_sources,$(1)))
$$($(2)_DIR)/lib/lib$(1).a: $$($(2)_$(1)_OBJS)
	@mkdir -p $$(@D)
	@rm -f $$@
	@$$(AR) rcs $$@ $$^
endef

define VARIANT_RULES
$$($(1)_DIR)/obj/export/page.o: $$(PAGE_PARTS)
$$($(1)_DIR)/obj/ui/%.o: src/ui/%.c
	@mkdir -p $$(@D)
	@echo "  $$@"
	@$$(CC) $$(BASE_CFLAGS) $$(UI_CFLAGS) $$($(1)_FLAGS) $$(CFLAGS) -c -o $$@ $$<
$$($(1)_DIR)/obj/%.o: src/%.c
	@mkdir -p $$(@D)
	@echo "  $$@"
	@$$(CC) $$(BASE_CFLAGS) $$(SYSTEM_CFLAGS) $$($(1)_FLAGS) $$(CFLAGS) -c -o $$@ $$<
$$(foreach layer,$$(LAYERS),$$(eval $$(call LAYER_RULES,$$(layer),$(1))))
-include $$(wildcard $$($(1)_DIR)/obj/*/*.d)
endef

$(foreach variant,release debug tsan headless,$(eval $(call VARIANT_RULES,$(variant))))

libs_of = $(foreach layer,$(2),$($(1)_DIR)/lib/lib$(layer).a)
objs_of = $(patsubst src/%.c,$($(1)_DIR)/obj/%.o,$(2))
app_sources = $(filter-out $(1),$(call layer_sources,app))
PROGRAM_LAYERS := ui loop scenario export view os trace program base
HEADLESS_LAYERS := loop scenario export view os trace program base

define PROGRAM_RULE
$(2): $$(call objs_of,$(1),$$(call app_sources,$$(NOWINDOW_APP))) $$(call libs_of,$(1),$$(PROGRAM_LAYERS))
	@mkdir -p $$(@D)
	@echo "  $$@"
	@$$(CC) $$($(1)_FLAGS) $$(LDFLAGS) $$(PROGRAM_LDFLAGS) -o $$@ $$^ $$(UI_LIBS) $$(CORE_LIBS)
endef
$(eval $(call PROGRAM_RULE,release,$(BUILD)/loopscope$(EXE)))
$(eval $(call PROGRAM_RULE,debug,$(BUILD)/debug/loopscope))
$(eval $(call PROGRAM_RULE,tsan,$(BUILD)/tsan/loopscope))

$(BUILD)/headless/loopscope$(EXE): $(call objs_of,headless,$(call app_sources,$(WINDOW_APP))) \
                             $(call libs_of,headless,$(HEADLESS_LAYERS))
	@mkdir -p $(@D)
	@echo "  $@"
	@$(CC) $(headless_FLAGS) $(LDFLAGS) $(PROGRAM_LDFLAGS) -o $@ $^ $(CORE_LIBS)

debug: $(BUILD)/debug/loopscope
headless: $(BUILD)/headless/loopscope$(EXE)

# ---- unit tests: tests/unit/test_LAYER_WHAT.c links LAYER and what it may use, nothing else ----

NOT_HERE ?= os_windows os_windows_links
LINUX_TESTS := $(addprefix tests/unit/test_os_,engine.c seccomp.c disk.c)
UNIT_SOURCES := $(filter-out $(if $(filter linux,$(OS_SYSTEM)),,$(LINUX_TESTS)) $(NOT_HERE:%=tests/unit/test_%.c),\
                  $(sort $(wildcard tests/unit/test_*.c)))
unit_layer = $(word 2,$(subst _, ,$(basename $(notdir $(1)))))

define UNIT_RULE
$$($(2)_DIR)/tests/$(basename $(notdir $(1)))$(EXE): $(1) $$(call libs_of,$(2),$$($$(call unit_layer,$(1))_DEPS))
	@mkdir -p $$(@D)
	@echo "  $$@"
	@$$(CC) $$(BASE_CFLAGS) -MF $$@.d $$(SYSTEM_CFLAGS) $$(if $$(filter ui,$$(call unit_layer,$(1))),$$(UI_CFLAGS)) \
	  $$($(2)_FLAGS) $$(CFLAGS) -Itests -o $$@ $$(filter-out %.h,$$^) $$(LDFLAGS) -lcmocka \
	  $$(if $$(filter ui,$$(call unit_layer,$(1))),$$(UI_TEST_LIBS)) $$(CORE_LIBS)
endef
$(foreach test,$(UNIT_SOURCES),$(foreach variant,debug tsan,$(eval $(call UNIT_RULE,$(test),$(variant)))))

-include $(wildcard $(debug_DIR)/tests/*.d $(debug_DIR)/conformance/*.d $(tsan_DIR)/tests/*.d $(release_DIR)/bench/*.d)

unit_programs = $(patsubst tests/unit/%.c,$($(1)_DIR)/tests/%$(EXE),$(UNIT_SOURCES))
.PHONY: unit list-sources
unit: $(call unit_programs,debug)

# What SYSTEM builds: tests/house looks whether it has what they include.
list-sources:
	@echo $(foreach layer,$(LAYERS),$(call layer_sources,$(layer))) $(UNIT_SOURCES) tests/conformance/batch.c

# `make check-LAYER`: that layer's unit tests alone, under sanitizers.
check-layer-%:
	@$(MAKE) --no-print-directory $(filter $(debug_DIR)/tests/test_$*_%,$(call unit_programs,debug))
	@for t in $(filter $(debug_DIR)/tests/test_$*_%,$(call unit_programs,debug)); do $$t || exit 1; done

# ---- tests -----------------------------------------------------------------------------------

# Random scenarios under CPython and on the loop: `make conformance N=20000 SEED=7` for more.
CONFORMANCE := $(debug_DIR)/conformance/batch$(EXE)
$(CONFORMANCE): tests/conformance/batch.c $(call libs_of,debug,$(engine_DEPS))
	@mkdir -p $(@D)
	@echo "  $@"
	@$(CC) $(BASE_CFLAGS) -MF $@.d $(SYSTEM_CFLAGS) $(debug_FLAGS) $(CFLAGS) -o $@ $(filter-out %.h,$^) $(LDFLAGS) $(CORE_LIBS)

N ?= 2000
SEED ?= 1
conformance: debug $(CONFORMANCE)
	@$(PYTHON) tests/conformance/run.py $(BUILD)/debug/loopscope --count $(N) --seed $(SEED)

# Everything, under ASan and UBSan: unit, conformance, golden, order, the program as a whole, the
# window, the house rules. The last line says how many passed.
check test: debug headless unit $(CONFORMANCE) $(debug_DIR)/bench/bench_engine $(debug_DIR)/bench/bench_export
	@$(PYTHON) tests/run.py $(debug_DIR)

# The threads: the loop's against the viewer's, helper threads, the gate, the log.
check-tsan: $(call unit_programs,tsan) $(BUILD)/tsan/loopscope
	@$(PYTHON) tests/run.py $(tsan_DIR) --tsan

# kqueue for real: on macOS and the BSDs as it is; elsewhere a library that offers <sys/event.h> must
# be named: make KQUEUE_CFLAGS=-I... KQUEUE_LIBS="-L... -lkqueue" check-kqueue
.PHONY: check-kqueue kqueue-suite
check-kqueue:
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/kqueue OS_SYSTEM=kqueue kqueue-suite
kqueue-suite: debug unit $(CONFORMANCE)
	@BACK_ENDS="auto kqueue" $(PYTHON) tests/run.py $(debug_DIR) --kqueue

SOAK_SECONDS ?= 600
.PHONY: soak
soak: debug $(CONFORMANCE)
	@SOAK_SECONDS=$(SOAK_SECONDS) $(PYTHON) tests/program/test_soak.py

golden: debug unit
	@UPDATE_GOLDEN=1 $(PYTHON) tests/run.py $(debug_DIR) --unit
	@git --no-pager diff --stat -- tests/golden

# ---- other systems ---------------------------------------------------------------------------

include cross/targets.mk

# ---- measurements ----------------------------------------------------------------------------

bench_layer = $(word 2,$(subst _, ,$(basename $(notdir $(1)))))
BENCH_SOURCES := $(sort $(wildcard tests/bench/bench_*.c))
define BENCH_RULE
$$($(2)_DIR)/bench/$(basename $(notdir $(1))): $(1) $$(call libs_of,$(2),$$($$(call bench_layer,$(1))_DEPS))
	@mkdir -p $$(@D)
	@echo "  $$@"
	@$$(CC) $$(BASE_CFLAGS) -MF $$@.d $$(SYSTEM_CFLAGS) $$(UI_CFLAGS) $$($(2)_FLAGS) $$(CFLAGS) -Itests -o $$@ \
	  $$(filter-out %.h,$$^) $$(LDFLAGS) $$(CORE_LIBS) $$(if $$(filter ui app,$$(call bench_layer,$(1))),$$(UI_LIBS))
endef
$(foreach bench,$(BENCH_SOURCES),$(foreach variant,release debug,$(eval $(call BENCH_RULE,$(bench),$(variant)))))

bench: $(BUILD)/loopscope $(patsubst tests/bench/%.c,$(release_DIR)/bench/%,$(BENCH_SOURCES))
	@$(PYTHON) tests/bench/run.py $(BUILD)/loopscope $(filter %/bench_trace %/bench_ui,$^)
	@$(PYTHON) tests/bench/exports.py $(BUILD)/loopscope $(release_DIR)/bench/bench_export
	@$(PYTHON) tests/bench/peers.py $(release_DIR)/bench/bench_engine $(release_DIR)/bench

# ---- fuzzing: `make fuzz SECONDS=60` a target, with clang's libFuzzer ---------------------------

SECONDS ?= 60
FUZZ_SOURCES := $(sort $(wildcard tests/fuzz/fuzz_*.c))
FUZZ_CFLAGS := -std=c11 -D_GNU_SOURCE -Isrc -I$(GEN) -Itests -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
# What was found new is kept beside the program; an input that fails is left there and named.
fuzz: $(PAGE_PARTS)
	@for target in $(FUZZ_SOURCES); do \
	  name=$$(basename $$target .c); out=$(BUILD)/fuzz/$$name; mkdir -p $$out; \
	  clang $(FUZZ_CFLAGS) $(SYSTEM_CFLAGS) -o $$out.run $$target \
	    $(foreach l,base trace program scenario os loop export view,$(call layer_sources,$(l))) $(CORE_LIBS) && \
	  $$out.run -max_total_time=$(SECONDS) -max_len=8192 -timeout=20 -print_final_stats=1 -verbosity=0 \
	    -artifact_prefix=$$out/failed- $$(test -f tests/fuzz/$$name.dict && echo -dict=tests/fuzz/$$name.dict) \
	    $$out tests/fuzz/corpus/$$name || exit 1; \
	done

# The pictures of docs/guide.md.
.PHONY: guide
guide: $(BUILD)/loopscope
	@$(PYTHON) docs/guide/pictures.py $(BUILD)/loopscope

format:
	clang-format -i $$(git ls-files -co --exclude-standard 'src/*.[ch]' 'tests/*.[ch]')

clean:
	rm -rf $(BUILD)

# ---- the first lesson ------------------------------------------------------------------------

FIRST := scenarios/three-writers.json
run: $(BUILD)/loopscope
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then $(BUILD)/loopscope $(FIRST); else \
	  mkdir -p out && $(BUILD)/loopscope run --narrate --summary --trace out/three-writers.jsonl $(FIRST) && \
	  $(BUILD)/loopscope export out/three-writers.jsonl -o out/three-writers.png && \
	  echo "There is no display, so the run was told above. Left behind:" && \
	  echo "  out/three-writers.jsonl  the trace (with a display: $(BUILD)/loopscope replay out/three-writers.jsonl)" && \
	  echo "  out/three-writers.png    a picture of its busiest moment"; fi

endif
