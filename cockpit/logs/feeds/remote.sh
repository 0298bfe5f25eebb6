# Runs on the other host, in whatever POSIX shell it has; read-only, installs nothing. Prints the bytes of a log as they
# are, and between them control lines that begin with a word nobody else knows ($mark, 128 random bits):
#   ask                    says where it should go on from; the answer comes on standard input (see `resume`)
#   file ID POS            the bytes that follow are those of this file (device:inode, or inode) from this byte on
#   head N SUM             the checksum of the file's first N bytes, by which it is known again
#   skipped N | note TEXT | wait TEXT | alive
# It ends by itself when nobody reads what it prints: it says `alive` every few seconds.
say() { printf '%s %s\n' "$mark" "$*" || exit 0; }
nap() { sleep "$pause" 2>/dev/null || sleep 1; }

# look FILE: sets id, size, and stamp (when it was written last); fails where there is no such file.
if stat -Lc %d:%i:%s:%y / >/dev/null 2>&1; then
  raw() { stat -Lc '%d:%i %s %y' "$1" 2>/dev/null; }
elif stat -Lf %d:%i:%z:%Fm / >/dev/null 2>&1; then
  raw() { stat -Lf '%d:%i %z %Fm' "$1" 2>/dev/null; }
else
  raw() { ls -Ldin -- "$1" 2>/dev/null | awk '{print $1, $6, $7, $8, $9}'; }
fi
look() {
  found=$(raw "$1"); id=${found%% *}; size=${found#* }; stamp=${size#* }; size=${size%% *}
  [ -n "$id" ] && [ -n "$size" ]
}

# sum FILE N: the checksum of the first N bytes.
sum() { dd if="$1" bs="$2" count=1 2>/dev/null | cksum | tr ' ' -; }

# is_same FILE: whether it begins as the file we had (had_head bytes, had_sum) and is no shorter than what we had.
is_same() {
  look "$1" && [ "$size" -ge "$had_pos" ] && { [ "$had_head" -eq 0 ] || [ "$(sum "$1" "$had_head")" = "$had_sum" ]; }
}

# learn FILE SIZE: (re)learn its beginning, 256 bytes at most, once there are more of them.
learn() {
  head=$2; [ "$head" -gt 256 ] && head=256
  beginning=-; [ "$head" -gt 0 ] && beginning=$(sum "$1" "$head")
  say head "$head" "$beginning"
}

# whole FILE POS: print a file that is not written any more, from a byte on.
whole() {
  look "$1" || return 0
  say file "$id" "$2"; learn "$1" "$size"
  tail -c "+$(($2 + 1))" < "$1"
}

# Rotated siblings, the one written last at the end.
siblings() { ls -tr -- "$path".[0-9]* "$path"-[0-9]* "$path".old "$path".bak 2>/dev/null; }

# resume: the answer was HAD_ID HAD_POS HAD_HEAD HAD_SUM LIMIT; print what came since, and set pos for the current file.
resume() {
  pos=0
  if [ "$had_id" = - ]; then
    look "$path" && expected=$id && [ "$size" -gt "$limit" ] && pos=$((size - limit)) && say skipped "$pos"
    return 0
  fi
  look "$path" && [ "$id" = "$had_id" ] && is_same "$path" && { pos=$had_pos; expected=$had_id; return 0; }
  at=''
  while IFS= read -r other; do
    case $other in *.gz|*.bz2|*.xz|*.zst|'') continue ;; esac
    if [ -z "$at" ]; then
      look "$other" || continue
      if [ "$id" = "$had_id" ] || [ "$had_head" -gt 0 ]; then
        is_same "$other" && { at=$other; whole "$other" "$had_pos"; }
      fi
    else
      case $other in *.old|*.bak) ;; *) whole "$other" 0 ;; esac
    fi
  done <<END
$(siblings)
END
  [ -n "$at" ] && { say note "it was rotated to ${at##*/}"; return 0; }
  [ "$had_pos" -gt 0 ] && [ -z "$drained" ] && say note "it was rotated or truncated, and what was there before cannot be found: lines may be missing"
  return 0
}

# follow: print the current file as it grows, until another stands in its place or it was cut.
follow() {
  while :; do
    if [ ! -e "$path" ]; then say wait "there is no such file"
    elif [ -d "$path" ]; then say wait "is a directory"
    elif [ ! -r "$path" ]; then say wait "no permission to read it"
    elif look "$path" && mine=$id && exec 3< "$path" && look "$path" && [ "$id" = "$mine" ]; then break
    fi
    nap; nap
  done
  # Rotated or cut since `resume` looked: ask again.
  [ "$pos" -gt 0 ] && { [ "$mine" != "$expected" ] || [ "$pos" -gt "$size" ]; } && return 0
  last=$size; written=$stamp
  say file "$mine" "$pos"; learn "$path" "$last"
  tail -c "+$((pos + 1))" <&3
  quiet=0; other=0
  while :; do
    if ! look "$path"; then
      cat <&3; nap; beat; continue
    fi
    if [ "$id" != "$mine" ]; then
      # The service may still write to the renamed file until it has opened the new one.
      cat <&3
      [ "$other" -ge 3 ] && { drained=yes; return 0; }
      other=$((other + 1)); nap; continue
    fi
    if [ "$size" -lt "$last" ]; then return 0; fi
    if [ "$size" -gt "$last" ] || [ "$stamp" != "$written" ]; then
      [ "$head" -gt 0 ] && [ "$(sum "$path" "$head")" != "$beginning" ] && return 0
      [ "$head" -lt 256 ] && learn "$path" "$size"
      last=$size; written=$stamp
      cat <&3
    fi
    nap; beat
  done
}
beat() { quiet=$((quiet + 1)); [ "$((quiet % 10))" -eq 0 ] && say alive; return 0; }

main() {
  case $path in '~/'*) path=$HOME/${path#'~/'} ;; esac
  drained=''
  while :; do
    say ask
    read -r had_id had_pos had_head had_sum limit || exit 0
    resume
    drained=''
    follow
  done
}
