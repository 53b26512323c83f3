{{/* Labels of every object and pod. Takes (dict "root" $ "component" "web"). The two
storeward.io ids are how the reconciler knows its own objects. */}}
{{- define "common.labels" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/component: {{ .component }}
storeward.io/component: {{ .component }}
storeward.io/installation: {{ .root.Values.storeward.installation | quote }}
storeward.io/store: {{ .root.Values.storeward.store | quote }}
{{- end }}

{{/* The labels that select one component's pods. They can never change. */}}
{{- define "common.selector" -}}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* Name and labels of an object: (dict "root" $ "component" C "name" N). */}}
{{- define "common.metadata" -}}
name: {{ .name | default .component }}
labels: {{- include "common.labels" . | nindent 2 }}
{{- end }}
