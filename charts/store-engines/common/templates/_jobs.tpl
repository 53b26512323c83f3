{{/* The set-up Job: (dict "root" $ "pod" POD-TEMPLATE-AS-TEXT). A Job's template cannot be
changed, so its name ends in the template's hash: another template is another Job, the same
one is left alone. It has no deadline and goes on for as long as the store is wanted; each
failed run leaves its reason in the termination message. */}}
{{- define "common.setupJob" -}}
apiVersion: batch/v1
kind: Job
metadata: {{- include "common.metadata" (dict "root" .root "component" "setup" "name" (printf "setup-%s" (sha256sum .pod | trunc 10))) | nindent 2 }}
spec:
  backoffLimit: 100000
  template: {{- .pod | nindent 4 }}
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
