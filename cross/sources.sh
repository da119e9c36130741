#!/usr/bin/env bash
# usage: sources.sh FOLDER PACKAGE...    Debian's source packages, unpacked with Debian's patches into
# FOLDER/PACKAGE. apt checks their signatures; the system's own configuration stays as it is.
set -eu
folder=$(mkdir -p "$1" && cd "$1" && pwd)
shift
missing=()
for package in "$@"; do
  test -f "$folder/$package/.unpacked" || missing+=("$package")
done
test ${#missing[@]} -gt 0 || exit 0

lists=$folder/.apt
mkdir -p "$lists/parts" "$lists/lists/partial" "$lists/files"
# The machine's own places, asked for sources instead of programs; in both of apt's forms.
for file in /etc/apt/sources.list /etc/apt/sources.list.d/*; do
  case $file in
    *.list) sed -n 's/^deb /deb-src /p' "$file" >"$lists/parts/$(basename "$file")" 2>/dev/null || true ;;
    *.sources) sed 's/^Types:.*/Types: deb-src/' "$file" >"$lists/parts/$(basename "$file")" ;;
  esac
done
apt=(apt-get -q -o "Dir::Etc::sourcelist=-" -o "Dir::Etc::sourceparts=$lists/parts"
     -o "Dir::State::lists=$lists/lists" -o "Dir::Cache=$lists" -o "APT::Sandbox::User=root")
"${apt[@]}" update || true # a place without sources is no harm: what is missing is told below
cd "$lists/files"
"${apt[@]}" source --download-only "${missing[@]}"
for package in "${missing[@]}"; do
  rm -rf "${folder:?}/$package"
  dpkg-source --no-check -x "$package"_*.dsc "$folder/$package" >/dev/null
  touch "$folder/$package/.unpacked"
done
