#!/bin/sh
# The host's tool of the same name.
[ -z "$__V" ] || echo "${0##*-} $*" >&2
exec "${0##*-}" "$@"
