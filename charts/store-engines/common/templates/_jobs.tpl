{{/* The set-up Job: (dict "root" $ "pod" POD-TEMPLATE-AS-TEXT). A Job's template cannot be
changed, so its name ends in the template's hash: another template is another Job, the same
one is left alone. New passwords are another template. It has no deadline and goes on for as long as the store is wanted; each
failed run leaves its reason in the termination message. It rests while the store does. */}}
{{- define "common.setupJob" -}}
{{- $pod := .pod }}
{{- with include "common.credentialsRevision" .root }}
{{- $pod = mergeOverwrite (fromYaml $pod) (dict "metadata" (dict "annotations" (fromYaml .))) | toYaml }}
{{- end }}
apiVersion: batch/v1
kind: Job
metadata: {{- include "common.metadata" (dict "root" .root "component" "setup" "name" (printf "setup-%s" (sha256sum $pod | trunc 10))) | nindent 2 }}
spec:
  {{- if .root.Values.storeward.suspended }}
  suspend: true
  {{- end }}
  backoffLimit: 100000
  template: {{- $pod | nindent 4 }}
{{- end }}

{{/* The checkout probe: (dict "root" $ "pod" POD-TEMPLATE-AS-TEXT). Suspended for ever: the
reconciler makes a Job from its jobTemplate when it wants to know. */}}
{{- define "common.probeCronJob" -}}
apiVersion: batch/v1
kind: CronJob
metadata: {{- include "common.metadata" (dict "root" .root "component" "probe") | nindent 2 }}
spec:
  suspend: true
  schedule: "0 0 1 1 *"
  concurrencyPolicy: Forbid
  jobTemplate:
    metadata:
      labels: {{- include "common.labels" (dict "root" .root "component" "probe") | nindent 8 }}
    spec:
      backoffLimit: 0
      activeDeadlineSeconds: 180
      template: {{- .pod | nindent 8 }}
{{- end }}

{{/* Whether the shop is shut off: (dict "root" $ "tools" (dict "image" KEY "uid" N)), an image with bash and getent.
To the network policies its pod is a probe, so they let nothing through for it that is not let through anyway.
The reconciler names in REACH the shop's own Service, in BLOCKED parts of another shop and the like, as NAME=HOST/PORT.
Exit code 1 says that something got through, 2 that nothing was found out. */}}
{{- define "common.isolationCronJob" -}}
{{- $labels := include "common.labels" (dict "root" .root "component" "probe") | fromYaml }}
{{- $_ := set $labels "storeward.io/component" "isolation" }}
apiVersion: batch/v1
kind: CronJob
metadata: {{- include "common.metadata" (dict "root" .root "component" "isolation") | nindent 2 }}
spec:
  suspend: true
  schedule: "0 0 1 1 *"
  concurrencyPolicy: Forbid
  jobTemplate:
    metadata:
      labels: {{- include "common.labels" (dict "root" .root "component" "isolation") | nindent 8 }}
    spec:
      backoffLimit: 0
      activeDeadlineSeconds: 120
      template:
        metadata:
          labels: {{- toYaml $labels | nindent 12 }}
        spec:
          {{- include "common.podSpec" (dict "root" .root "uid" .tools.uid) | nindent 10 }}
          restartPolicy: Never
          terminationGracePeriodSeconds: 1
          containers:
            - name: isolation
              image: {{ required (printf "images.%s is not set" .tools.image) (index .root.Values.images .tools.image) | quote }}
              imagePullPolicy: {{ .root.Values.imagePullPolicy }}
              securityContext:
                allowPrivilegeEscalation: false
                readOnlyRootFilesystem: true
                capabilities: {drop: [ALL]}
              resources:
                requests:
                  cpu: 10m
                  memory: 32Mi
                  ephemeral-storage: 8Mi
                limits:
                  cpu: 100m
                  memory: 64Mi
                  ephemeral-storage: 16Mi
              terminationMessagePath: /dev/termination-log
              command:
                - bash
                - -c
                - |
                  say() { echo "$1"; echo "$1" > /dev/termination-log; exit "$2"; }
                  # Tries all at once, for 5 s; a connection that is dropped does not end by itself.
                  try() {
                    declare -A pids
                    local t
                    open='' shut=''
                    for t in "$@"; do
                      (: < "/dev/tcp/${t#*=}") 2> /dev/null &
                      pids[$t]=$!
                    done
                    sleep 5
                    for t in "$@"; do
                      kill -KILL "${pids[$t]}" 2> /dev/null
                      if wait "${pids[$t]}" 2> /dev/null; then open="$open ${t%%=*}"; else shut="$shut ${t%%=*}"; fi
                    done
                  }
                  # Policies take a moment to hold for a new pod, those that open and those that shut. The shop's own
                  # Service is tried beside the others: what is not reached while it is, is shut and not merely slow.
                  through=
                  for round in 1 2 3 4 5; do
                    try "own=$REACH" $BLOCKED "API-server=$KUBERNETES_SERVICE_HOST/$KUBERNETES_SERVICE_PORT"
                    case "$open" in
                    ' own') say "DNS and the shop's own Service are reached;$shut are not." 0 ;;
                    ' own '*) [ -n "$through" ] && say "From a pod of this shop one reaches:${open# own}." 1; through=1 ;;
                    esac
                  done
                  getent hosts "${REACH%/*}" || say "DNS has no address of the shop's own Service ${REACH%/*}." 2
                  say "The shop's own Service ${REACH%/*} was not reached." 2
{{- end }}
