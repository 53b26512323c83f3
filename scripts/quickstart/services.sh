# Supervision by runit: a folder per service, its log beside it, its pid in var/run/NAME.pid.
# shellcheck shell=bash

# service NAME USER COMMAND...: (re)writes a service; a running one whose command changed is restarted.
service() {
	local name=$1 user=$2 dir=$state/service/$1 line
	shift 2
	mkdir -p "$dir/log" "$state/log/$name"
	printf -v line ' %q' "$@"
	cat > "$dir/run.new" <<-EOF
	#!/bin/sh
	exec 2>&1
	cd /
	echo \$\$ > '$state/run/$name.pid'
	exec ${user:+chpst -u $user:$user${groups:+:$groups}}$line
	EOF
	printf '#!/bin/sh\nexec svlogd -tt %q\n' "$state/log/$name" > "$dir/log/run"
	chmod 755 "$dir/run.new" "$dir/log/run"
	if cmp -s "$dir/run.new" "$dir/run" && [ -z "${restart:-}" ]; then
		rm "$dir/run.new"
	else
		mv "$dir/run.new" "$dir/run"
		[ ! -e "$dir/supervise/ok" ] || sv -w 15 restart "$dir" > /dev/null 2>&1 || true
	fi
	rm -f "$dir/down"
	[ ! -e "$dir/supervise/ok" ] || sv up "$dir" > /dev/null 2>&1 || true
}

supervised() { [ -s "$state/run/supervisor.pid" ] && grep -qzx "$state/service" "/proc/$(cat "$state/run/supervisor.pid")/cmdline" 2>/dev/null; }

# What is supervised, runsvdir or not: services outlive one that was killed.
services() { sv status "$state"/service/*/ 2>&1 | grep -E '^(run|down|finish):'; }

supervisor() {
	supervised && return
	# 9 is the lock: the supervisor must not keep it.
	setsid runsvdir -P "$state/service" < /dev/null > "$state/log/supervisor.log" 2>&1 9>&- &
	echo $! > "$state/run/supervisor.pid"
}

status() {
	services || echo 'the control plane is stopped'
	tests/cluster/cluster status 2>&1 | head -n 40 || true
	[ ! -f "$env_file" ] || { echo; grep -vE 'PASSWORD|TOKEN' "$env_file"; }
}

stop() {
	local pid
	if supervised; then
		pid=$(cat "$state/run/supervisor.pid")
		sv -w 30 force-stop "$state"/service/storeward-* "$state/service/web" "$state/service/postgresql" > /dev/null 2>&1 || true
		kill -HUP "$pid"	# runsvdir ends, and its runsv with it
		eventually 20 bash -c "! kill -0 $pid" || die "the supervisor ($pid) does not end"
	fi
	! services > /dev/null || sv -w 30 force-shutdown "$state"/service/*/ > /dev/null 2>&1 || true
	! services || die 'these services do not end'
	rm -f "$state"/run/*.pid
	echo 'the control plane is stopped'
	[ ! -e "$state/run/local-node" ] || { tests/cluster/cluster down && rm -f "$state/run/local-node"; }
}
