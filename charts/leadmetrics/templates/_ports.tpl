{{/* Where workloads listen: (list name number) pairs by kind, as YAML under `ports`. */}}
{{- define "lm.ports" -}}
ports:
{{- if eq . "service" }}
  rpc: 8080
  grpc: 8081
  admin: 9090
{{- else if eq . "worker" }}
  admin: 9090
{{- else if eq . "gateway" }}
  http: 3003
  admin: 9090
{{- else }}
  http: 3000
  admin: 9090
{{- end }}
{{- end }}

{{/* The port others call it on, and the one that tells about it. */}}
{{- define "lm.servedPort" -}}{{ if eq . "service" }}rpc{{ else }}http{{ end }}{{- end }}
