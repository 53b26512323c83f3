{{/* What a store's namespace holds whatever the engine is. Helm creates policies, quota and
limits before any workload (its order of kinds).
  (dict "root" $ "workloads" (list COMPONENT ...) "web" ... "connections" ... "tools" ...) */}}
{{- define "common.store" -}}
{{ include "common.networkPolicies" . }}
---
apiVersion: v1
kind: ResourceQuota
metadata: {{- include "common.metadata" (dict "root" .root "component" "limits" "name" "store") | nindent 2 }}
spec:
  hard: {{- toYaml .root.Values.quota | nindent 4 }}
---
apiVersion: v1
kind: LimitRange
metadata: {{- include "common.metadata" (dict "root" .root "component" "limits" "name" "store") | nindent 2 }}
spec:
  limits:
    - type: Container
      default: {cpu: 500m, memory: 256Mi, ephemeral-storage: 256Mi}
      defaultRequest: {cpu: 25m, memory: 64Mi, ephemeral-storage: 32Mi}
{{- $root := .root }}
{{- range .workloads }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {{- include "common.metadata" (dict "root" $root "component" .) | nindent 2 }}
spec:
  # One pod each: minAvailable would make a node impossible to drain.
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels: {{- include "common.selector" (dict "root" $root "component" .) | nindent 6 }}
{{- end }}
---
{{ include "common.ingress" . }}
{{- if .tools }}
---
{{ include "common.isolationCronJob" . }}
{{- end }}
{{- if .root.Values.apiServiceAccount.name }}
---
{{ include "common.apiAccess" . }}
{{- end }}
{{- end }}

{{/* The shop's only way in from outside: to the Service named as the web component. */}}
{{- define "common.ingress" -}}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{- include "common.metadata" (dict "root" .root "component" "ingress" "name" "storefront") | nindent 2 }}
  {{- with .root.Values.ingress.annotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- with .root.Values.ingressClassName }}
  ingressClassName: {{ . }}
  {{- end }}
  rules:
    - host: {{ .root.Values.host }}
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: {{ .web.to }}
                port: {name: http}
{{- end }}

{{/* All that the API may do in this namespace: show the shop's passwords to its owner, and
pods and their logs. */}}
{{- define "common.apiAccess" -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {{- include "common.metadata" (dict "root" .root "component" "api-access" "name" "storeward-api") | nindent 2 }}
rules:
  - {apiGroups: [""], resources: [secrets], resourceNames: [store-credentials], verbs: [get]}
  - {apiGroups: [""], resources: [pods], verbs: [list]}
  - {apiGroups: [""], resources: [pods/log], verbs: [get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {{- include "common.metadata" (dict "root" .root "component" "api-access" "name" "storeward-api") | nindent 2 }}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: storeward-api}
subjects:
  - kind: ServiceAccount
    name: {{ .root.Values.apiServiceAccount.name }}
    namespace: {{ .root.Values.apiServiceAccount.namespace }}
{{- end }}
