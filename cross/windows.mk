# Windows, built with mingw-w64 on another system: `make windows`, which calls make with
# SYSTEM=windows. Everything is linked into the program; it needs Windows' own libraries only.

CROSS := build/cross/windows
CC := x86_64-w64-mingw32-gcc-posix
AR := x86_64-w64-mingw32-gcc-ar
EXE := .exe

# isfinite() of these headers narrows by itself.
# Windows 10; printf as C11 has it; gmtime_r; a main that is our own and not SDL's.
BASE_CFLAGS += -Werror -Wno-float-conversion -D_WIN32_WINNT=0x0A00 -D__USE_MINGW_ANSI_STDIO=1 -D_POSIX_THREAD_SAFE_FUNCTIONS -DSDL_MAIN_HANDLED
SYSTEM_CFLAGS := -isystem $(CROSS)/include
UI_CFLAGS := -isystem $(CROSS)/include/SDL2 -isystem $(CROSS)/include/freetype2
CORE_LIBS := -static -L$(CROSS)/lib -lcjson -lws2_32 -lwinmm -lntdll -lm -pthread
UI_LIBS := -lSDL2_image -lSDL2 -lfreetype -lcomdlg32 -lgdi32 -limm32 -lole32 -loleaut32 -lversion -luuid -lsetupapi
UI_TEST_LIBS := $(UI_LIBS)
PROGRAM_LDFLAGS := -municode
debug_FLAGS := -O1 -g

# Tests of what POSIX has (links, limits, devices, forks, <regex.h>), and of SDL_ttf; tests/house holds the list to that.
NOT_HERE := os_posix os_folder os_workspace export_files scenario_ask scenario_json scenario_names \
            scenario_schema scenario_steps ui_picture ui_text ui_window
