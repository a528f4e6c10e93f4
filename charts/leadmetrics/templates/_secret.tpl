{{/*
A Secret by the chosen provider. Call with (dict "root" $ "owner" "content" "suffix" "" "names" (list …) "annotations" (dict)):
`owner` is whose values they are, `suffix` tells one use from another.
*/}}
{{- define "lm.secret" -}}
{{- $root := .root }}{{- $secrets := $root.Values.secrets }}{{- $name := printf "%s-%s%s" (include "lm.fullname" $root) .owner .suffix }}
{{- if eq $secrets.provider "development" }}
---
apiVersion: v1
kind: Secret
metadata:
  name: {{ $name }}
  labels: {{ include "lm.labels" (list $root .owner) | nindent 4 }}
  annotations: {{ toJson .annotations }}
type: Opaque
data:
  {{- range $key := .names | uniq | sortAlpha }}
  {{ $key }}: {{ include "lm.developmentValue" (list $root $.owner $key) | b64enc }}
  {{- end }}
{{- else if eq $secrets.provider "external" }}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: {{ $name }}
  labels: {{ include "lm.labels" (list $root .owner) | nindent 4 }}
  annotations: {{ toJson .annotations }}
spec:
  refreshInterval: {{ $secrets.refreshInterval }}
  secretStoreRef: {{ toJson $secrets.store }}
  # A hook's ExternalSecret is made anew before each upgrade: what it made must outlive that moment.
  target: { name: {{ $name }}, creationPolicy: {{ ternary "Orphan" "Owner" (hasKey .annotations "helm.sh/hook") }} }
  data:
    {{- range .names | uniq | sortAlpha }}
    - { secretKey: {{ . }}, remoteRef: { key: {{ $secrets.path }}/{{ $.owner }}{{ $.suffix }}, property: {{ . }} } }
    {{- end }}
{{- end }}
{{- end }}

{{/* What `lm` gets beside its own: a way into each database, as those who may only look and settle. */}}
{{- define "lm.operatorSecretNames" -}}
{{- $names := list "NATS_URL" "SERVICE_SECRET" }}
{{- range (include "lm.databases" . | fromYaml).names }}{{ $names = concat $names (list (printf "%s_DATABASE_URL" (upper .)) (printf "%s_DATABASE_SYSTEM_URL" (upper .))) }}{{ end }}
{{- toYaml (dict "names" $names) }}
{{- end }}

{{/* The owner's, which only the migration sees; with the others' when it also makes the roles. */}}
{{- define "lm.migrationSecretNames" -}}
names: [DATABASE_OWNER_URL{{ if .Values.migrations.provision }}, POSTGRES_ADMIN_URL, DATABASE_URL, DATABASE_SYSTEM_URL, DATABASE_PLATFORM_URL{{ end }}]
{{- end }}

{{- define "lm.streamSecretNames" -}}
names: [NATS_URL]
{{- end }}
