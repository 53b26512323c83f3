{{/* Who may talk to whom, from one table of connections:
  (dict "root" $ "web" (dict "to" "web" "port" 8080)
        "connections" (list (dict "from" "web" "to" "db" "port" 3306) ...))
Everything else is denied, both ways; the kubelet's probes and an ingress that runs on the
node itself are not filtered. An ingress that runs as pods is named by the value ingress. */}}
{{- define "common.networkPolicies" -}}
{{- $root := .root -}}
{{- $connections := .connections -}}
{{- $web := .web -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{- include "common.metadata" (dict "root" $root "component" "network" "name" "default-deny") | nindent 2 }}
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{- include "common.metadata" (dict "root" $root "component" "network" "name" "dns") | nindent 2 }}
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
    - to:
        - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}
          podSelector: {matchLabels: {k8s-app: kube-dns}}
      ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]
{{- if $root.Values.ingress.namespaceSelector }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{- include "common.metadata" (dict "root" $root "component" "network" "name" "ingress") | nindent 2 }}
spec:
  podSelector:
    matchLabels: {{- include "common.selector" (dict "root" $root "component" $web.to) | nindent 6 }}
  policyTypes: [Ingress]
  ingress:
    - from:
        - namespaceSelector:
            matchLabels: {{- toYaml $root.Values.ingress.namespaceSelector | nindent 14 }}
          {{- with $root.Values.ingress.podSelector }}
          podSelector:
            matchLabels: {{- toYaml . | nindent 14 }}
          {{- end }}
      ports: [{port: {{ $web.port }}, protocol: TCP}]
{{- end }}
{{- $components := list }}
{{- range $connections }}
{{- $components = concat $components (list .from .to) }}
{{- end }}
{{- range $component := $components | uniq | sortAlpha }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{- include "common.metadata" (dict "root" $root "component" "network" "name" $component) | nindent 2 }}
spec:
  podSelector:
    matchLabels: {{- include "common.selector" (dict "root" $root "component" $component) | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    {{- range $connections }}
    {{- if eq .to $component }}
    - from:
        - podSelector:
            matchLabels: {{- include "common.selector" (dict "root" $root "component" .from) | nindent 14 }}
      ports: [{port: {{ .port }}, protocol: TCP}]
    {{- end }}
    {{- end }}
  egress:
    {{- range $connections }}
    {{- if eq .from $component }}
    - to:
        - podSelector:
            matchLabels: {{- include "common.selector" (dict "root" $root "component" .to) | nindent 14 }}
      ports: [{port: {{ .port }}, protocol: TCP}]
    {{- end }}
    {{- end }}
{{- end }}
{{- end }}
