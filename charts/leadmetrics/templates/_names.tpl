{{/* Names and labels. */}}

{{- define "lm.fullname" -}}
{{- if contains "leadmetrics" .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-leadmetrics" .Release.Name | trunc 40 | trimSuffix "-" }}{{ end }}
{{- end }}

{{/* What selects the pods of one workload. Call with (list $ "content"). */}}
{{- define "lm.selector" -}}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{/* Labels of everything that belongs to a workload. Call with (list $ "content"). */}}
{{- define "lm.labels" -}}
{{ include "lm.selector" . }}
app.kubernetes.io/name: leadmetrics
app.kubernetes.io/part-of: leadmetrics
app.kubernetes.io/managed-by: {{ (index . 0).Release.Service }}
app.kubernetes.io/version: {{ (index . 0).Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" (index . 0).Chart.Name (index . 0).Chart.Version }}
{{- end }}

{{/* Image of a target. Call with (list $ "content" $image), where $image may have a name, a tag or a digest of its own. */}}
{{- define "lm.image" -}}
{{- $root := index . 0 }}{{- $own := index . 2 -}}
{{- $name := $own.repository | default (printf "%s/%s" $root.Values.image.repository (index . 1)) -}}
{{- if $own.digest }}{{ $name }}@{{ $own.digest }}{{ else }}{{ $name }}:{{ include "lm.version" (list $root $own) }}{{ end }}
{{- end }}

{{/* Which version runs: the tag of the image, which a digest may stand beside. Call with (list $ $image). */}}
{{- define "lm.version" -}}
{{- (index . 1).tag | default (index . 0).Values.image.tag | default (index . 0).Chart.AppVersion }}
{{- end }}

{{/* Every workload with all it has: name → entry, workers among them, as YAML. The one place that merges. */}}
{{- define "lm.workloads" -}}
{{- $all := dict }}
{{- range $name, $entry := .Values.services }}
{{- $whole := mustMergeOverwrite (deepCopy $.Values.defaults) (deepCopy $entry) }}
{{- $workers := $whole.workers }}
{{- $_ := set $whole "workers" dict }}
{{- $_ := set $all $name (mustMergeOverwrite (deepCopy $whole) (dict "name" $name "service" $name)) }}
{{- range $worker, $more := $workers }}
{{- $own := printf "%s-%s" $name $worker }}
{{- $_ := set $all $own (mustMergeOverwrite (deepCopy $whole) (deepCopy $more) (dict "name" $own "service" $name "kind" "worker")) }}
{{- end }}
{{- end }}
{{- toYaml $all }}
{{- end }}

{{/* Names of the services that own a database, as a list under `names`. */}}
{{- define "lm.databases" -}}
{{- $names := list }}
{{- range $name, $workload := fromYaml (include "lm.workloads" .) }}{{ if eq $workload.kind "service" }}{{ $names = append $names $name }}{{ end }}{{ end }}
{{- toYaml (dict "names" (sortAlpha $names)) }}
{{- end }}

{{/* Seconds and bytes aside: memory like 384Mi as a number of MiB. */}}
{{- define "lm.mebibytes" -}}
{{- if hasSuffix "Gi" . }}{{ mul 1024 (trimSuffix "Gi" .) }}{{ else }}{{ trimSuffix "Mi" . }}{{ end }}
{{- end }}

{{- define "lm.passkeySites" -}}
{{- $sites := dict }}
{{- range list "dashboard" "dm" "manage" }}
{{- $origin := index $.Values.origins . }}
{{- $_ := set $sites . (dict "rpId" (index (splitList ":" (urlParse $origin).host) 0) "origins" (list $origin)) }}
{{- end }}
{{- toJson $sites }}
{{- end }}
