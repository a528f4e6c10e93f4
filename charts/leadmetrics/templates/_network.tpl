{{/* Who may speak with a workload and with whom it may speak: what `calls` and `stores` say. Call with (list $ $workload $workloads). */}}
{{- define "lm.networkPolicy" -}}
{{- $root := index . 0 }}{{- $w := index . 1 }}{{- $all := index . 2 }}
{{- $served := include "lm.servedPort" $w.kind }}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "lm.fullname" $root }}-{{ $w.name }}
  labels: {{ include "lm.labels" (list $root $w.name) | nindent 4 }}
spec:
  podSelector:
    matchLabels: {{ include "lm.selector" (list $root $w.name) | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    {{- $callers := list }}
    {{- range $name, $other := $all }}{{ if has $w.name $other.calls }}{{ $callers = append $callers $name }}{{ end }}{{ end }}
    {{- if eq $w.kind "service" }}{{ if has $w.name (list "identity" "tenancy") }}{{ $callers = append $callers "lm" }}{{ end }}{{ end }}
    {{- if and $callers (ne $w.kind "worker") }}
    - ports: [{ port: {{ $served }}, protocol: TCP }]
      from:
        {{- range $callers }}
        - podSelector: { matchLabels: {{ include "lm.selector" (list $root .) | fromYaml | toJson }} }
        {{- end }}
    {{- end }}
    {{- if and $root.Values.exposure.from (has $w.kind (list "gateway" "portal")) }}
    - ports: [{ port: http, protocol: TCP }]
      from: {{ toJson $root.Values.exposure.from }}
    {{- end }}
    - ports: [{ port: admin, protocol: TCP }]
      from:
        {{- range $root.Values.networkPolicy.metricsFrom }}
        - {{ toJson . }}
        {{- end }}
        - podSelector: { matchLabels: {{ include "lm.selector" (list $root "lm") | fromYaml | toJson }} }
  egress: {{ include "lm.egress" (list $root $w.calls $w.stores $all) | nindent 4 }}
{{- end }}

{{/* Names, the called services, the stores, and nothing else. Call with (list $ $calls $stores $workloads). */}}
{{- define "lm.egress" -}}
{{- $root := index . 0 }}{{- $all := index . 3 }}
- to: {{ toJson $root.Values.networkPolicy.dns }}
  ports: [{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }]
{{- range $name := index . 1 }}
- to: [{ podSelector: { matchLabels: {{ include "lm.selector" (list $root $name) | fromYaml | toJson }} } }]
  ports: [{ port: {{ include "lm.servedPort" (index $all $name).kind }}, protocol: TCP }]
{{- end }}
{{- range index . 2 }}
{{- $store := index $root.Values.stores . }}
- to: {{ toJson $store.to }}
  ports: [{{ range $i, $port := $store.ports }}{{ if $i }}, {{ end }}{ port: {{ $port }}, protocol: TCP }{{ end }}]
{{- end }}
{{- end }}
