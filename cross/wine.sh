#!/usr/bin/env bash
# usage: wine.sh COMMAND...    Runs it with a Wine of this project's own (build/cross/wine), which is made
# where it is missing and ended afterwards. RUNNER is how a program for Windows is started.
set -u
cd "$(dirname "$0")/.."
export WINEPREFIX=$PWD/build/cross/wine WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=" RUNNER=wine
# A pair of sockets is TCP there: it holds more before a sender waits, and hears of a closed end later.
export BACK_ENDS=auto SIM_SEEDS=1 LEFT_OUT=channels_at_once BY_TASK="channels_errors channels_pressure"
mkdir -p "$WINEPREFIX"
# Wine's server opens the files, and root's may write those that are read-only: it goes without that right.
as_user=()
test "$(id -u)" -ne 0 || as_user=(setpriv --bounding-set=-dac_override)
test -f "$WINEPREFIX/system.reg" || "${as_user[@]}" wineboot -i >/dev/null 2>&1
# Whoever starts Wine's session lends its services the standard error, and whoever reads that waits for
# the last of them, which is as long as any program runs. So one begins before all others, with
# nothing to lend, and stays to the end; each start is quicker, too. A second one tells that it has begun; either
# may be the one that starts the server.
coproc SESSION { exec "${as_user[@]}" wine cmd >/dev/null 2>&1; }
"${as_user[@]}" wine cmd /c exit </dev/null >/dev/null 2>&1
"$@"
status=$?
wineserver -k
wait
exit $status
