{{/* How many there are of a workload. Call with (list $ $workload). */}}
{{- define "lm.scaling" -}}
{{- $root := index . 0 }}{{- $w := index . 1 }}
{{- if and $root.Values.keda.enabled $w.lag }}
{{- include "lm.scaledObject" . }}
{{- else }}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ include "lm.fullname" $root }}-{{ $w.name }}
  labels: {{ include "lm.labels" (list $root $w.name) | nindent 4 }}
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: {{ include "lm.fullname" $root }}-{{ $w.name }} }
  minReplicas: {{ $w.scaling.min }}
  maxReplicas: {{ $w.scaling.max }}
  metrics:
    - type: Resource
      resource: { name: cpu, target: { type: Utilization, averageUtilization: {{ $w.scaling.cpuPercent }} } }
  behavior: {{ include "lm.scaleSlowlyDown" $root | nindent 4 }}
{{- end }}
{{- end }}

{{/*
The scaler counts what waits and what is being worked on, so a replica with long runs keeps its place: the wanted number is
all of it, divided by what one replica does at once.
*/}}
{{- define "lm.scaledObject" -}}
{{- $root := index . 0 }}{{- $w := index . 1 }}
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: {{ include "lm.fullname" $root }}-{{ $w.name }}
  labels: {{ include "lm.labels" (list $root $w.name) | nindent 4 }}
spec:
  scaleTargetRef: { name: {{ include "lm.fullname" $root }}-{{ $w.name }} }
  minReplicaCount: {{ $w.scaling.min }}
  maxReplicaCount: {{ $w.scaling.max }}
  pollingInterval: 10
  cooldownPeriod: 300
  # The consumer is made by the first worker, and the broker may be away.
  fallback: { failureThreshold: 3, replicas: {{ max 2 $w.scaling.min }} }
  advanced:
    horizontalPodAutoscalerConfig:
      behavior: {{ include "lm.scaleSlowlyDown" $root | nindent 8 }}
  triggers:
    - type: nats-jetstream
      metadata:
        natsServerMonitoringEndpoint: {{ $root.Values.keda.natsMonitor | quote }}
        account: {{ $root.Values.keda.account | quote }}
        stream: {{ $w.lag.stream }}
        consumer: {{ $w.lag.consumer }}
        lagThreshold: {{ $w.lag.perReplica | quote }}
        activationLagThreshold: "0"
{{- end }}

{{/* One pod a minute: what a stopping one hands over has to find a place first. */}}
{{- define "lm.scaleSlowlyDown" -}}
scaleDown:
  stabilizationWindowSeconds: 600
  policies: [{ type: Pods, value: 1, periodSeconds: 60 }]
{{- end }}
