# Sourced by the other scripts: finds or installs what the build needs beside the Swift toolchain.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

debian_packages=(
  libfftw3-dev libopenblas-dev libpng-dev libtiff-dev libhdf5-dev libcairo2-dev
  fonts-dejavu-core pkg-config
)
brew_packages=(fftw openblas libpng libtiff hdf5 cairo pkg-config)

say() { printf '%s\n' "$*" >&2; }

need_swift() {
  if ! command -v swift >/dev/null 2>&1; then
    say "The Swift toolchain (6.3 or newer) is not on the PATH. See https://www.swift.org/install"
    exit 1
  fi
}

install_debian() {
  local missing=() name
  for name in "${debian_packages[@]}"; do
    if [ "$(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null)" != installed ]; then
      missing+=("$name")
    fi
  done
  [ ${#missing[@]} -eq 0 ] && return
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
      as_root=(sudo)
    elif command -v sudo >/dev/null 2>&1 && [ -t 0 ]; then
      as_root=(sudo)
    else
      say "These system packages are missing. Install them with:"
      say "    sudo apt-get update && sudo apt-get install -y ${missing[*]}"
      exit 1
    fi
  fi
  say "Installing system packages: ${missing[*]}"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq >&2
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

install_mac() {
  local missing=() name
  if ! command -v brew >/dev/null 2>&1; then
    say "Homebrew is needed. With it, install: brew install ${brew_packages[*]}"
    exit 1
  fi
  for name in "${brew_packages[@]}"; do
    brew list --versions "$name" >/dev/null 2>&1 || missing+=("$name")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    say "These packages are missing. Install them with:"
    say "    brew install ${missing[*]}"
    exit 1
  fi
  # Homebrew keeps OpenBLAS apart from the system's own library.
  PKG_CONFIG_PATH="$(brew --prefix openblas)/lib/pkgconfig:${PKG_CONFIG_PATH:-}"
  export PKG_CONFIG_PATH
}

setup() {
  need_swift
  case "$(uname -s)" in
    Darwin) install_mac ;;
    Linux)
      if command -v apt-get >/dev/null 2>&1; then
        install_debian
      elif ! pkg-config --exists fftw3 fftw3f openblas libpng libtiff-4 hdf5 cairo; then
        say "Install the development files of FFTW3 (float and double), OpenBLAS, libpng, libtiff,"
        say "HDF5 and cairo, and pkg-config, with your system's package manager."
        exit 1
      fi
      ;;
    *) say "Concord runs on Linux and macOS."; exit 1 ;;
  esac
}
