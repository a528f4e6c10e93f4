{{/* The same as charts/leadmetrics' lm.developmentSecret: both charts come to the same passwords by themselves. */}}
{{- define "infra.developmentSecret" -}}
development-only-{{ printf "leadmetrics/%s" . | sha256sum | trunc 32 }}
{{- end }}

{{- define "infra.selector" -}}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- define "infra.labels" -}}
{{ include "infra.selector" . }}
app.kubernetes.io/name: leadmetrics-infra
app.kubernetes.io/part-of: leadmetrics
app.kubernetes.io/managed-by: {{ (index . 0).Release.Service }}
{{- end }}

{{/* Configuration files of a backend: name → text, as YAML. */}}
{{- define "infra.files" -}}
{{- $root := index . 0 }}
{{- if eq (index . 1) "nats" }}
nats.conf: {{ tpl ($root.Files.Get "files/nats.conf.tpl") $root | quote }}
{{- else if eq (index . 1) "otel-collector" }}
otel-collector.yaml: {{ tpl ($root.Files.Get "files/otel-collector.yaml.tpl") $root | quote }}
{{- else if eq (index . 1) "prometheus" }}
prometheus.yml: {{ tpl ($root.Files.Get "files/prometheus.yml.tpl") $root | quote }}
{{- else if eq (index . 1) "grafana" }}
datasources.yaml: {{ (fromYaml ($root.Files.Get "files/grafana.yaml.tpl")) | dig "datasources/prometheus.yaml" "" | quote }}
dashboards.yaml: {{ (fromYaml ($root.Files.Get "files/grafana.yaml.tpl")) | dig "dashboards/files.yaml" "" | quote }}
{{- end }}
{{- end }}

{{/* Where the file of a name is mounted below /config. */}}
{{- define "infra.filePath" -}}
{{- if eq . "datasources.yaml" }}datasources/prometheus.yaml{{ else if eq . "dashboards.yaml" }}dashboards/files.yaml{{ else }}{{ . }}{{ end }}
{{- end }}
