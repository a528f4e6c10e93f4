{{/* What every pod of the chart has: nobody's rights, a read-only disk, no token. Call with $. */}}
{{- define "lm.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile: { type: RuntimeDefault }
{{- with .Values.image.pullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "lm.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: {{ not .Values.sync }}
  capabilities: { drop: [ALL] }
{{- end }}

{{/* Memory is request and limit; CPU has no limit, so that a busy node shares instead of throttling. */}}
{{- define "lm.resources" -}}
resources:
  requests: { cpu: {{ .cpu }}, memory: {{ .memory }}, ephemeral-storage: 64Mi }
  limits: { memory: {{ .memory }}, ephemeral-storage: 512Mi }
{{- end }}

{{- define "lm.tmp" -}}
- { name: tmp, emptyDir: { sizeLimit: 256Mi } }
{{- end }}
