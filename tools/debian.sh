# For bash scripts to source. Installs those of these Debian packages that are missing here, and says so on standard
# error; 1 when it can't.
install_debian() {
  local missing=() package root=()
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  if ! command -v apt-get >/dev/null; then
    echo "needs the Debian packages ${missing[*]}, and there is no apt-get here" >&2
    return 1
  fi
  [ "$(id -u)" -eq 0 ] || root=(sudo)
  echo "installing ${missing[*]}" >&2
  # Without -e too: whoever calls this in a condition has it switched off.
  "${root[@]}" apt-get -o Acquire::Retries=0 -o Acquire::http::Timeout=30 update -qq >&2 || return 1
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2 || return 1
}
