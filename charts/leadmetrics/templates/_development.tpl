{{/*
Secrets of a development cluster: derived from their names, so that charts/leadmetrics-infra (which has the same template)
comes to the same, and marked, so that a process with NODE_ENV=production refuses them.
*/}}
{{- define "lm.developmentSecret" -}}
development-only-{{ printf "leadmetrics/%s" . | sha256sum | trunc 32 }}
{{- end }}

{{/* A variable's value in development. Call with (list $ "content" "DATABASE_URL"). */}}
{{- define "lm.developmentValue" -}}
{{- $root := index . 0 }}{{- $service := index . 1 }}{{- $name := index . 2 }}{{- $stores := $root.Values.stores -}}
{{- $user := ternary "operator" $service (has $service (list "lm" "streams")) -}}
{{- if eq $name "NATS_URL" }}nats://{{ $user }}:{{ include "lm.developmentSecret" (printf "broker.%s" $user) }}@{{ $stores.nats.host }}:{{ index $stores.nats.ports 0 }}
{{- else if eq $name "POSTGRES_ADMIN_URL" }}postgres://postgres:{{ include "lm.developmentSecret" "postgres" }}@{{ $stores.postgres.host }}:{{ index $stores.postgres.ports 0 }}/postgres
{{- else if eq $name "DATABASE_OWNER_URL" }}{{ include "lm.developmentDatabase" (list $root $service "owner") }}
{{- else if eq $name "DATABASE_URL" }}{{ include "lm.developmentDatabase" (list $root $service "app") }}
{{- else if eq $name "DATABASE_SYSTEM_URL" }}{{ include "lm.developmentDatabase" (list $root $service "system") }}
{{- else if eq $name "DATABASE_PLATFORM_URL" }}{{ include "lm.developmentDatabase" (list $root $service "platform") }}
{{- else if hasSuffix "_DATABASE_URL" $name }}{{ include "lm.developmentDatabase" (list $root (trimSuffix "_DATABASE_URL" $name | lower) "app") }}
{{- else if hasSuffix "_DATABASE_SYSTEM_URL" $name }}{{ include "lm.developmentDatabase" (list $root (trimSuffix "_DATABASE_SYSTEM_URL" $name | lower) "system") }}
{{- else if eq $name "SERVICE_SECRET" }}{{ include "lm.developmentSecret" (printf "service.%s" $service) }}
{{- else if eq $name "ENCRYPTION_KEYS" }}development-only-1:{{ printf "encryption.%s" $service | sha256sum | trunc 32 | b64enc }}
{{- else if eq $name "SERVICE_SECRETS" }}
{{- $secrets := dict }}
{{- range concat (include "lm.databases" $root | fromYaml).names (list "gateway" "lm") }}{{ $_ := set $secrets . (include "lm.developmentSecret" (printf "service.%s" .)) }}{{ end }}
{{- toJson $secrets }}
{{- else if eq $name "BOOTSTRAP_USERS" }}{{ list (dict "email" "admin@leadmetrics.example" "name" "Super admin" "password" (include "lm.developmentSecret" "person.admin") "platformRole" "super_admin") | toJson }}
{{- else if has $name (list "MONGO_URL" "MONGO_ERASE_URL") }}mongodb://root:{{ include "lm.developmentSecret" "mongo" }}@{{ $stores.mongo.host }}:{{ index $stores.mongo.ports 0 }}/audit?authSource=admin
{{- else if eq $name "SMTP_URL" }}smtp://{{ $stores.smtp.host }}:{{ index $stores.smtp.ports 0 }}
{{- else if has $name (list "QDRANT_API_KEY" "TYPESENSE_API_KEY") }}{{ include "lm.developmentSecret" (trimSuffix "_API_KEY" $name | lower) }}
{{- else }}{{ fail (printf "services.%s.secrets names %s, which has no development value: keep it in a Secret of your own with secrets.provider=existing." $service $name) }}
{{- end }}
{{- end }}

{{- define "lm.developmentDatabase" -}}
{{- $root := index . 0 }}{{- $store := $root.Values.stores.postgres -}}
postgres://{{ index . 1 }}_{{ index . 2 }}:{{ include "lm.developmentSecret" (printf "database.%s.%s" (index . 1) (index . 2)) }}@{{ $store.host }}:{{ index $store.ports 0 }}/{{ index . 1 }}
{{- end }}
