#!/usr/bin/env bash
# A cluster without room. Pods of this suite's own take most of the only node's memory and ephemeral storage, by their requests alone;
# what is left is plenty for the suites beside it. A store that asks for half of the node is refused with numbers before anything is
# applied, and made by itself when room appears; a shop that sells goes on; where the nodes may not be listed, nothing is refused.
. "$(dirname "$0")/reconcile_stack.sh"

own=capacity-$$	# of the pods that take room
take_down() {
	[ -z "${watch:-}" ] || kill "$watch" 2> /dev/null
	k delete namespace "$own" --wait=false > /dev/null 2>&1
	k delete clusterrole,clusterrolebinding "$own" > /dev/null 2>&1
	down
}
trap take_down EXIT

# The node's share of a resource in Mi: share NAME PERCENT.
share() { k get nodes -o json | jq --arg of "$1" --argjson percent "$2" '[.items[].status.allocatable[$of] | rtrimstr("Ki") | tonumber] | add * $percent / 102400 | floor'; }
taken() {	# taken NAME PERCENT: a pod that asks for so much
	k -n "$own" apply -f - <<-YAML
	apiVersion: v1
	kind: Pod
	metadata: {name: $1}
	spec:
	  terminationGracePeriodSeconds: 0
	  automountServiceAccountToken: false
	  containers:
	    - {name: pause, image: sw.local/pause:1, imagePullPolicy: Never, resources: {requests: {cpu: 1m, memory: $(share memory "$2")Mi, ephemeral-storage: $(share ephemeral-storage "$2")Mi}}}
	YAML
	k -n "$own" wait --for=condition=Ready "pod/$1" --timeout=60s
}
cut_down() { k -n "$own" delete pod "$1" --grace-period=0 --wait; }
watching() {
	env STOREWARD_DATABASE_URL="host=$work/pg user=storeward_reconcile dbname=storeward" STOREWARD_HELM="$HELM" STOREWARD_TICK_S=2 \
		STOREWARD_SECOND_LOOK_S=2 "$build/storeward-reconcile" --watch 2>> "$work/log" &
	watch=$!
}

memory=$(share memory 50) storage=$(share ephemeral-storage 50)
sql -v memory="${memory}Mi" -v storage="${storage}Mi" <<-'SQL'
	insert into storeward.plan (engine, engine_version, name, title, values) select name, version, 'half', 'Half of the node', jsonb_build_object('storage', '128Mi',
		'resources', jsonb_build_object('shop', jsonb_build_object('requests', jsonb_build_object('cpu', '10m', 'memory', :'memory', 'ephemeral-storage', :'storage'),
			'limits', jsonb_build_object('cpu', '500m', 'memory', :'memory', 'ephemeral-storage', :'storage'))),
		'quota', jsonb_build_object('requests.memory', '9Ti', 'limits.memory', '9Ti', 'requests.ephemeral-storage', '9Ti', 'limits.ephemeral-storage', '9Ti'))
	from storeward.engine;
SQL
k create namespace "$own" > /dev/null
check 'most of the node is taken' taken first 60
create half
wish half "plan = 'half'"
create little
watching

# The set-up of 32Mi and 16Mi is asked for too.
message="^The cluster has no room: memory: $((memory + 32))Mi needed, [0-9]+(Mi|Gi) free on 1 node; ephemeral-storage: $((storage + 16))Mi needed, [0-9]+(Mi|Gi) free on 1 node\.$"
advice='^Add a node with at least cpu 10m, memory [0-9]+(Mi|Gi), ephemeral-storage [0-9]+(Mi|Gi) free, choose a smaller plan, or delete a store that is not needed; it is tried again by itself\.$'
refused() {	# refused NAME PHASE
	is "$1" "$2" && [ "$(condition "$1" Admitted)" = 'False ClusterFull' ] && [ "$(of "$1" reason)" = ClusterFull ] &&
		[ "$(of "$1" 'attempts > 0, next_attempt_at > now(), refused_hash is null')" = 't|t|t' ] || { of "$1" st; return 1; }
}
ready() { [ "$(of "$1" phase)" = ready ]; }
says() { [[ $(of "$1" message) =~ $message && $(of "$1" next_step) =~ $advice ]] || { of "$1" 'message, next_step'; echo "$message"; return 1; }; }
nothing_applied() {
	local is
	is=$(k -n "$(of half namespace)" get secrets,services,statefulsets,jobs,cronjobs,ingresses,networkpolicies,resourcequotas,limitranges,persistentvolumeclaims -o name)
	[ -z "$is" ] || { echo "$is"; return 1; }
}
check 'a store that needs more than is free is refused' eventually 60 refused half provisioning
check 'with the numbers and the smallest change' says half
check 'before anything was applied' nothing_applied
# What is free in truth, by what the scheduler is told.
free_told() {
	local free used
	used=$(k get pods -A --field-selector 'status.phase!=Succeeded,status.phase!=Failed' -o json | jq '
		def mi: if test("Gi$") then (rtrimstr("Gi") | tonumber * 1024) elif test("Mi$") then (rtrimstr("Mi") | tonumber) elif test("Ki$") then (rtrimstr("Ki") | tonumber / 1024) else tonumber / 1048576 end;
		[.items[].spec.containers[].resources.requests.memory // "0" | mi] | add | ceil')
	free=$(of half message | sed -E 's/.*memory: [^,]*, ([0-9]+)(Mi|Gi) free.*/\1 \2/')
	case $free in *Gi) free=$((${free% *} * 1024)) ;; *) free=${free% *} ;; esac
	# Pods of other suites come and go meanwhile.
	echo "free by the message: $free Mi, by the pods: $(($(share memory 100) - used)) Mi"
	((free > $(share memory 100) - used - 2048 && free < $(share memory 100) - used + 2048))
}
check 'which are true' free_told
beside() { [ "$(condition little Admitted) $(of little release_revision)" = 'True Fits 1' ]; }
check 'a little store finds room beside it' eventually 60 beside
check 'room appears' cut_down first
check 'and the store is made by itself' eventually 150 ready half
check 'beside the little one' eventually 60 ready little
admitted() { [ "$(condition "$1" Admitted)" = 'True Fits' ] && [ "$(of "$1" 'reason is null, attempts')" = 't|0' ] || { of "$1" st; return 1; }; }
check 'as if nothing had been' admitted half
check 'and its time begins when it found room' steps half t

# A shop that sells, and a change that does not fit now.
check 'more is taken' taken second 30
revision=$(of little release_revision)
wish little "plan = 'half'"
check 'a change for which there is no room is refused' eventually 60 refused little ready
goes_on() { [ "$(answers little)" = 200 ] && [ "$(of little release_revision)" = "$revision" ] && [ "$(condition little Available)" = 'True Ready' ] || { of little st; return 1; }; }
check 'the shop goes on selling' goes_on
wish half "plan = 'small'"
back() { is "$1" ready && [ "$(of "$1" 'applied_hash = verified_hash, applied_generation = generation')" = 't|t' ] && admitted "$1"; }
check 'a smaller plan fits in the fullest cluster' eventually 90 back half
wish little "plan = 'small'"
check 'and so does the plan that it had' eventually 90 back little

# An account that may do all but look at nodes.
kill "$watch"; wait "$watch"; watch=
blind() {
	k apply -f - <<-YAML
	apiVersion: rbac.authorization.k8s.io/v1
	kind: ClusterRole
	metadata: {name: $own}
	rules:
	  - {apiGroups: [""], resources: [namespaces, secrets, configmaps, services, pods, pods/log, persistentvolumes, persistentvolumeclaims, resourcequotas, limitranges, serviceaccounts, events], verbs: ["*"]}
	  - {apiGroups: [apps, batch, networking.k8s.io, policy, discovery.k8s.io, apiregistration.k8s.io], resources: ["*"], verbs: ["*"]}
	---
	apiVersion: rbac.authorization.k8s.io/v1
	kind: ClusterRoleBinding
	metadata: {name: $own}
	roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: $own}
	subjects: [{kind: ServiceAccount, name: default, namespace: $own}]
	YAML
	local token
	token=$(k -n "$own" create token default --duration=1h) &&
		k config view --raw --minify -o json | jq --arg token "$token" '.users[0].user = {token: $token}' > "$work/blind"
	chmod 600 "$work/blind"
}
check 'an account that may not list nodes' blind
check 'most of the node is taken again' taken third 50
sql -c "update storeward.cluster set credentials_ref = '$work/blind'"
create unseen
wish unseen "plan = 'half'"
watching
let_in() {
	[ "$(condition unseen Admitted)" = 'True Fits' ] && [ "$(of unseen 'release_revision, applied_hash = admitted_hash')" = '1|t' ] &&
		of unseen conditions | grep -qE 'What the cluster has free is not known: list /api/v1/nodes: nodes is forbidden: User .* cannot list resource ' || { of unseen st; return 1; }
}
check 'where nothing is known, nothing is refused, and the condition says why' eventually 90 let_in
exit $failed
