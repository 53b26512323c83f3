#!/bin/sh
# Runs a command of Medusa (start, db:migrate, ...), or one of /app/storeward: setup, wait, probe.
# Medusa keeps a settings file and ends where it cannot write it; without this one it starts a process
# that reports its use to its makers.
set -eu
mkdir -p "$XDG_CONFIG_HOME/medusa"
echo '{"telemetry": {"enabled": false, "machine_id": "none"}}' > "$XDG_CONFIG_HOME/medusa/config.json"
case ${1-start} in
setup|wait|probe) exec node "/app/storeward/$1.js" ;;
esac
exec node /app/node_modules/@medusajs/cli/cli.js "$@"
