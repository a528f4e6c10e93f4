{{/* The environment of a workload; the services' config.ts say what each variable is. Call with (list $ $workload). */}}
{{- define "lm.environment" -}}
{{- $root := index . 0 }}{{- $w := index . 1 }}
{{- $plain := dict "NODE_ENV" (ternary "production" $root.Values.environment (eq $w.kind "portal")) }}
{{- $secret := $w.secrets }}
{{- $_ := set $plain "NODE_OPTIONS" (printf "--max-old-space-size=%d" (div (mul 3 (include "lm.mebibytes" $w.resources.memory | int)) 4)) }}
{{- $_ := set $plain "HOST" "0.0.0.0" }}
{{- $_ := set $plain "LM_VERSION" (include "lm.version" (list $root $w.image)) }}
{{- range $name, $port := (include "lm.ports" (ternary "service" $w.kind (eq $w.kind "worker")) | fromYaml).ports }}
{{- $_ := set $plain (ternary "PORT" (printf "%s_PORT" (upper $name)) (eq $name "http")) (toString $port) }}
{{- end }}
{{- with $root.Values.telemetry.endpoint }}
{{- $_ := set $plain "OTEL_EXPORTER_OTLP_ENDPOINT" . }}
{{- $_ := set $plain "OTEL_TRACES_SAMPLER" "parentbased_traceidratio" }}
{{- $_ := set $plain "OTEL_TRACES_SAMPLER_ARG" (toString $root.Values.telemetry.share) }}
{{- end }}
{{- if eq $w.kind "portal" }}
{{- $_ := set $plain "HOSTNAME" "0.0.0.0" }}
{{- $_ := set $plain "NEXT_TELEMETRY_DISABLED" "1" }}
{{- $_ := set $plain "GATEWAY_URL" (printf "http://%s-gateway:3003" (include "lm.fullname" $root)) }}
{{- else }}
{{- $_ := set $plain "LM_SERVICE" $w.service }}
{{- $_ := set $plain "LOG_LEVEL" $root.Values.logLevel }}
{{- range (include "lm.databases" $root | fromYaml).names }}
{{- $_ := set $plain (printf "%s_URL" (upper .)) (printf "http://%s-%s:8080" (include "lm.fullname" $root) .) }}
{{- end }}
{{- $secret = concat (include "lm.secretNames" $w.kind | fromYaml).names $secret }}
{{- end }}
{{- $from := printf "%s-%s" (include "lm.fullname" $root) $w.service }}
{{- range $name, $value := $w.config }}{{ $_ := set $plain $name (tpl (toString $value) $root) }}{{ end }}
{{- range $name, $value := $plain }}
- { name: {{ $name }}, value: {{ $value | quote }} }
{{- end }}
{{- range $secret | uniq | sortAlpha }}
- { name: {{ . }}, valueFrom: { secretKeyRef: { name: {{ $from }}, key: {{ . }} } } }
{{- end }}
{{- end }}

{{/* The secrets every workload of a kind has. */}}
{{- define "lm.secretNames" -}}
names: [NATS_URL, SERVICE_SECRET{{ if ne . "gateway" }}, DATABASE_URL, DATABASE_SYSTEM_URL, DATABASE_PLATFORM_URL, ENCRYPTION_KEYS{{ end }}]
{{- end }}
