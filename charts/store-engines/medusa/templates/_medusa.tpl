{{/* What every container of Medusa's image begins with: (dict "root" $ "container" NAME
"command" COMMAND "resources" KEY), which the image's entry point runs. */}}
{{- define "medusa.container" -}}
name: {{ .container }}
{{ include "common.container" (dict "root" .root "image" "medusa" "resources" .resources) }}
args: [{{ .command }}]
volumeMounts:
  - {name: scratch, mountPath: /tmp}
  - {name: credentials, mountPath: /run/credentials, readOnly: true}
{{- end }}

{{/* Keeps the JavaScript heap below the memory's limit: node takes that of the machine. */}}
{{- define "medusa.heap" -}}
- {name: NODE_OPTIONS, value: "--max-old-space-size={{ . }}"}
{{- end }}

{{/* How often the shop got new passwords: set-up notes it, and the server waits until it has. */}}
{{- define "medusa.revision" -}}
- name: CREDENTIALS_REVISION
  valueFrom: {fieldRef: {fieldPath: "metadata.annotations['storeward.io/credentials-revision']"}}
{{- end }}

{{/* The volumes of its pods: (list KEY ...) of the Secret. */}}
{{- define "medusa.volumes" -}}
- name: scratch
  emptyDir: {sizeLimit: 64Mi}
- {{- include "common.credentials" (dict "keys" .) | nindent 2 }}
{{- end }}
