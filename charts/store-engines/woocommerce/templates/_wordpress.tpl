{{/* What every container that loads WordPress needs to find its database. The extra
configuration keeps the web server shut until set-up has installed WordPress: before that,
whoever came first could install it for himself. */}}
{{- define "woocommerce.env" -}}
- {name: WORDPRESS_DB_HOST, value: mariadb}
- {name: WORDPRESS_DB_NAME, value: wordpress}
- {name: WORDPRESS_DB_USER, value: wordpress}
- {name: WORDPRESS_DB_PASSWORD_FILE, value: /run/credentials/database-password}
- name: WORDPRESS_CONFIG_EXTRA
  value: |
    if ( 'cli' !== PHP_SAPI && ! file_exists( '/var/www/html/.storeward-installed' ) ) {
      http_response_code( 503 );
      exit( 'This shop is being set up.' );
    }
    define( 'DISABLE_WP_CRON', true ); // The container cron does it.
    if ( getenv( 'STOREWARD_CACHE' ) ) {
      require '/storeward/object-cache.php';
    }
{{- end }}

{{/* What the plan and the cluster's values add where a shop is at work: set-up has none of it, so that
another plan is not another set-up. */}}
{{- define "woocommerce.planEnv" -}}
{{- if .Values.cache.memory }}
- {name: STOREWARD_CACHE, value: valkey}
{{- end }}
{{- with .Values.mail }}
{{- if .host }}
- {name: STOREWARD_MAIL_HOST, value: {{ .host | quote }}}
- {name: STOREWARD_MAIL_PORT, value: {{ .port | quote }}}
- {name: STOREWARD_MAIL_SECURITY, value: {{ .security }}}
- {name: STOREWARD_MAIL_FROM, value: {{ required "mail.from is not set" .from | quote }}}
- {name: STOREWARD_MAIL_USER, value: {{ .user | quote }}}
{{- end }}
{{- end }}
{{- end }}

{{/* The pod of set-up and of the probe: (dict "root" $ "component" C "restart" POLICY). */}}
{{- define "woocommerce.jobPod" -}}
{{- $values := .root.Values -}}
metadata:
  labels: {{- include "common.labels" . | nindent 4 }}
  annotations:
    storeward.io/files: {{ printf "%s%s" ((.root.Files.Glob "files/*").AsConfig) (include "common.products" .) | sha256sum | trunc 16 }}
spec:
  {{- include "common.podSpec" (dict "root" .root "uid" 33) | nindent 2 }}
  {{- include "common.besidePod" (dict "root" .root "component" "wordpress") | nindent 2 }}
  restartPolicy: {{ .restart }}
  # Set-up may be cut short anywhere; an old one that lingers could put an old password back.
  terminationGracePeriodSeconds: 1
  containers:
    - name: {{ .component }}
      {{- include "common.container" (dict "root" .root "image" "wordpress" "resources" .component) | nindent 6 }}
      workingDir: /var/www/html
      command: [php, -d, memory_limit=320M, /storeward/{{ .component }}.php]
      env:
        {{- include "woocommerce.env" . | nindent 8 }}
        - {name: STORE_URL, value: {{ $values.url | quote }}}
        - {name: STORE_NAME, value: {{ $values.storeward.name | quote }}}
        {{- if eq .component "setup" }}
        - {name: WOOCOMMERCE_PACKAGE, value: {{ $values.woocommerce.package | quote }}}
        - {name: STORE_THEME, value: {{ $values.woocommerce.theme | quote }}}
        {{- else }}
        {{- include "woocommerce.planEnv" .root | nindent 8 }}
        {{- end }}
      volumeMounts:
        - {name: wordpress, mountPath: /var/www/html}
        - {name: scratch, mountPath: /tmp}
        - {name: files, mountPath: /storeward, readOnly: true}
        - {name: credentials, mountPath: /run/credentials, readOnly: true}
  volumes:
    - name: wordpress
      persistentVolumeClaim: {claimName: wordpress}
    - name: scratch
      emptyDir: {sizeLimit: 128Mi}
    - name: files
      configMap: {name: files}
    - {{- include "common.credentials" (dict "keys" (list "admin-user" "admin-password" "database-password")) | nindent 6 }}
{{- end }}
