import { createHash } from 'node:crypto'
import { comment } from '../text.js'
import { type Export, type Exported, inWords } from './items.js'

/**
 * A POSIX shell script with its own way back: `apply` saves what stands and writes, `undo` restores it. A value that somebody
 * else has changed since is left alone. `SEMANTOS_ROOT` is a folder that stands for `/`, `SEMANTOS_STATE` the file of old values.
 */
export function exportShell({ items, origin }: Export): Exported {
  const settings = items.map((item) => `${indented(comment(`${inWords(item)}: ${item.why}`, 100))}\n  "$1" ${quoted(item.file)} ${quoted(item.text)} || return`)
  const files = [...new Set(items.flatMap(({ file, along }) => [...along, file]))]
  const choices = [...new Set(items.filter(({ knob }) => knob.type.kind === 'enum' && knob.type.brackets).map(({ file }) => file))]
  const id = createHash('sha256').update(items.map(({ file, text }) => `${file} ${text}\n`).join('')).digest('hex').slice(0, 12)
  return {
    text: `#!/bin/sh
${comment(`Kernel parameters of ${origin}, exported by SemantOS.`)}
#
# sh FILE apply          saves what stands, then writes
# sh FILE undo           restores what was saved, but for what somebody else has changed since
# sh FILE undo --force   restores that as well
set -u

root=\${SEMANTOS_ROOT-}
state=\${SEMANTOS_STATE-$root/var/lib/semantos-script/${id}}

# Calls $1 with each file and the value that it is to hold.
each_setting() {
${settings.join('\n')}
  :
}

# Calls $1 with each file that a write here may change: a dirty limit in bytes resets the one in percent.
each_file() {
${files.map((file) => `  "$1" ${quoted(file)} || return`).join('\n')}
  :
}

# True for a file that shows several choices, the one that holds in brackets.
shows_choices() {
  case $1 in${choices.map((file) => `\n    ${quoted(file)}) return 0 ;;`).join('')}
    *) return 1 ;;
  esac
}
${BODY}`,
    left: [],
  }
}

const BODY = `
say() {
  printf '%s\\n' "$*" >&2
}

# The value that a file shows. A link to a device would never end.
current() {
  [ -f "$root$1" ] && shown=$(sed 1q "$root$1" 2>/dev/null) || return 1
  if shows_choices "$1"; then
    case $shown in
      *\\[*\\]*)
        shown=\${shown#*\\[}
        shown=\${shown%%\\]*}
        ;;
    esac
  fi
  printf '%s' "$shown"
}

put() {
  { printf '%s\\n' "$2" > "$root$1"; } 2>/dev/null
}

save_old() {
  if value=$(current "$1"); then printf 'old %s %s\\n' "$1" "$value"; fi
}

save_new() {
  if value=$(current "$1"); then printf 'new %s %s\\n' "$1" "$value"; fi
}

set_value() {
  if ! old=$(current "$1"); then
    say "$1: not on this host"
    return 0
  fi
  [ "$old" != "$2" ] || return 0
  if ! put "$1" "$2"; then
    say "$1: cannot write $2"
    return 1
  fi
  say "$1: $old -> $(current "$1")"
}

apply() {
  if [ -e "$state" ]; then
    say "applied already: the old values are in $state; undo first"
    return 2
  fi
  mkdir -p "$(dirname "$state")" || return 1
  # The old values are on disk before the first write.
  (umask 077 && each_file save_old > "$state.part") && mv "$state.part" "$state" && sync || return 1
  if each_setting set_value; then
    each_file save_new >> "$state"
    return
  fi
  say 'taking back what was written'
  undo --force
  return 1
}

# What was saved for file $2 as $1: old or new.
saved() {
  while read -r kind path value; do
    if [ "$kind $path" = "$1 $2" ]; then
      printf '%s' "$value"
      return 0
    fi
  done < "$state"
  return 1
}

# Calls $1 with file and old value, last first, for what no longer holds its old value.
each_changed() {
  sed '1!G;h;$!d' "$state" | while read -r kind path value; do
    [ "$kind" = old ] || continue
    now=$(current "$path") || continue
    [ "$now" = "$value" ] || "$1" "$path" "$value" "$now"
  done
}

restore() {
  if [ -z "$force" ] && ours=$(saved new "$1") && [ "$3" != "$ours" ]; then return 0; fi
  put "$1" "$2" || :
}

report() {
  say "$1: is $3, was $2 before"
  printf x
}

undo() {
  force=\${1-}
  if [ ! -e "$state" ]; then
    say "nothing to undo: there is no $state"
    return 2
  fi
  # Twice: some values are accepted only after another one.
  each_changed restore
  each_changed restore
  if [ -n "$(each_changed report)" ]; then
    say "not restored; the old values stay in $state"
    return 1
  fi
  rm -f "$state"
  say 'restored'
}

case "\${1-} \${2-}" in
  'apply ') apply ;;
  'undo ') undo ;;
  'undo --force') undo --force ;;
  *)
    say "usage: sh $0 apply | undo [--force]"
    exit 2
    ;;
esac
`

/** In single quotes nothing is special to a shell but the quote itself. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ')
}
