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
  terminationGracePeriodSeconds: 5
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
        - {name: STOREWARD_PROBE, value: order}
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
