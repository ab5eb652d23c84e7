# Sourced by scripts that call other libraries: makes a Python environment of pinned versions.

environment=$PWD/.build/peers
requirements=$PWD/scripts/peers/requirements.txt

# Installs what is pinned; a library that can't be installed is left out with a line.
install_peers() {
  local stamp=$environment/installed wanted line
  wanted=$(cksum <"$requirements")
  [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && return
  say "Making the peers' Python environment in .build/peers"
  if ! "${PEERS_PYTHON:-python3}" -m venv "$environment" >&2; then
    say "No environment: python3 with venv is needed (apt-get install python3-venv)."
    return 1
  fi
  local pip=("$environment/bin/python" -m pip --disable-pip-version-check --quiet install)
  if ! "${pip[@]}" --requirement "$requirements" >&2; then
    grep -v '^#' "$requirements" | while read -r line; do
      "${pip[@]}" "$line" >&2 || say "$line can't be installed, and is left out."
    done
  fi
  printf '%s\n' "$wanted" >"$stamp"
}
