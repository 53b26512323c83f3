{{/* What the spec of every pod begins with: (dict "root" $ "uid" 33). It fits Pod Security
"restricted"; no pod of a shop gets a service account's token. */}}
{{- define "common.podSpec" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: {{ .uid }}
  runAsGroup: {{ .uid }}
  fsGroup: {{ .uid }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
  {{- with .sysctls }}
  sysctls: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{/* How many pods a workload has: none while the store is suspended. */}}
{{- define "common.replicas" -}}
{{ ternary 0 1 (default false .Values.storeward.suspended) }}
{{- end }}

{{/* What every container has: (dict "root" $ "image" KEY "resources" KEY), keys of the
values images and resources. */}}
{{- define "common.container" -}}
image: {{ required (printf "images.%s is not set" .image) (index .root.Values.images .image) | quote }}
imagePullPolicy: {{ .root.Values.imagePullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
resources: {{- toYaml (index .root.Values.resources .resources) | nindent 2 }}
terminationMessagePath: /dev/termination-log
{{- end }}

{{/* Keeps a pod on the node of another component's pod, for a volume that only one node
can attach. Required: elsewhere the pod could not start anyway. The other pod never waits
for this one to be placed, so the two cannot block each other. */}}
{{- define "common.besidePod" -}}
affinity:
  podAffinity:
    requiredDuringSchedulingIgnoredDuringExecution:
      - topologyKey: kubernetes.io/hostname
        labelSelector:
          matchLabels: {{- include "common.selector" . | nindent 12 }}
{{- end }}

{{/* Some keys of Secret store-credentials as files: (dict "keys" (list ...)). */}}
{{- define "common.credentials" -}}
name: credentials
secret:
  secretName: store-credentials
  defaultMode: 0440
  items:
    {{- range .keys }}
    - {key: {{ . }}, path: {{ . }}}
    {{- end }}
{{- end }}

{{/* The annotation that is another one when store-credentials got new passwords; nothing before the first time. Pods that
read one that is rotated have it too, as a Secret's files follow it a minute late. */}}
{{- define "common.credentialsRevision" -}}
{{- with .Values.storeward.credentialsRevision -}}
storeward.io/credentials-revision: {{ int64 . | quote }}
{{- end }}
{{- end }}

{{/* The spec of a claim: (dict "root" $ "size" "1Gi"). */}}
{{- define "common.claimSpec" -}}
accessModes: [ReadWriteOnce]
{{- with .root.Values.storageClassName }}
storageClassName: {{ . }}
{{- end }}
resources:
  requests: {storage: {{ .size }}}
{{- end }}
