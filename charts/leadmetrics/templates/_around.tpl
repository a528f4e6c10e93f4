{{/* What stands around a Deployment. All are called with (list $ $workload). */}}

{{- define "lm.service" -}}
{{- $root := index . 0 }}{{- $w := index . 1 }}
{{- if ne $w.kind "worker" }}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "lm.fullname" $root }}-{{ $w.name }}
  labels: {{ include "lm.labels" (list $root $w.name) | nindent 4 }}
spec:
  selector: {{ include "lm.selector" (list $root $w.name) | nindent 4 }}
  ports:
    {{- range $name, $port := (include "lm.ports" $w.kind | fromYaml).ports }}
    - { name: {{ $name }}, port: {{ $port }}, targetPort: {{ $name }}{{ if eq $name "grpc" }}, appProtocol: kubernetes.io/h2c{{ end }} }
    {{- end }}
{{- end }}
{{- end }}

{{/* A service and its workers share one: they share their secret too. */}}
{{- define "lm.serviceAccount" -}}
{{- $root := index . 0 }}{{- $w := index . 1 }}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "lm.fullname" $root }}-{{ $w.name }}
  labels: {{ include "lm.labels" (list $root $w.name) | nindent 4 }}
automountServiceAccountToken: false
{{- end }}

{{- define "lm.disruptionBudget" -}}
{{- $root := index . 0 }}{{- $w := index . 1 }}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "lm.fullname" $root }}-{{ $w.name }}
  labels: {{ include "lm.labels" (list $root $w.name) | nindent 4 }}
spec:
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels: {{ include "lm.selector" (list $root $w.name) | nindent 6 }}
{{- end }}

{{- define "lm.volumeClaim" -}}
{{- $root := index . 0 }}{{- $w := index . 1 }}
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: {{ include "lm.fullname" $root }}-{{ $w.name }}
  labels: {{ include "lm.labels" (list $root $w.name) | nindent 4 }}
spec:
  accessModes: [ReadWriteOnce]
  resources: { requests: { storage: {{ $w.volume.size }} } }
  {{- with $w.volume.storageClass }}
  storageClassName: {{ . }}
  {{- end }}
{{- end }}
