{{/* The Deployment of a workload. Call with (list $ $workload). */}}
{{- define "lm.deployment" -}}
{{- $root := index . 0 }}{{- $w := index . 1 }}{{- $full := include "lm.fullname" $root }}
{{- $ports := (include "lm.ports" $w.kind | fromYaml).ports }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $full }}-{{ $w.name }}
  labels: {{ include "lm.labels" (list $root $w.name) | nindent 4 }}
  annotations: { leadmetrics.io/does: {{ $w.does | quote }} }
spec:
  # How many there are is the autoscaler's business.
  revisionHistoryLimit: 5
  minReadySeconds: 10
  {{- if $w.volume.size }}
  strategy: { type: Recreate }
  {{- else }}
  strategy: { type: RollingUpdate, rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } }
  {{- end }}
  selector:
    matchLabels: {{ include "lm.selector" (list $root $w.name) | nindent 6 }}
  template:
    metadata:
      labels: {{ include "lm.labels" (list $root $w.name) | nindent 8 }}
      annotations:
        leadmetrics.io/secrets-revision: {{ $root.Values.secrets.revision | quote }}
        {{- if hasKey $ports "admin" }}
        prometheus.io/scrape: "true"
        prometheus.io/port: "9090"
        {{- end }}
        {{- with $w.podAnnotations }}{{ toYaml . | nindent 8 }}{{ end }}
    spec:
      serviceAccountName: {{ $full }}-{{ $w.service }}
      {{- include "lm.podSecurity" $root | nindent 6 }}
      terminationGracePeriodSeconds: {{ $w.graceSeconds }}
      {{- with $w.priorityClassName }}
      priorityClassName: {{ . }}
      {{- end }}
      {{- with $w.nodeSelector }}
      nodeSelector: {{ toYaml . | nindent 8 }}
      {{- end }}
      {{- with $w.tolerations }}
      tolerations: {{ toYaml . | nindent 8 }}
      {{- end }}
      topologySpreadConstraints:
        {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
        - maxSkew: 1
          topologyKey: {{ . }}
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels: {{ include "lm.selector" (list $root $w.name) | nindent 14 }}
        {{- end }}
      containers:
        - name: {{ $w.kind }}
          image: {{ include "lm.image" (list $root $w.service $w.image) }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          {{- if eq $w.kind "worker" }}
          args: [{{ if $root.Values.sync }}--watch, {{ end }}src/worker.ts]
          {{- else if and $root.Values.sync (ne $w.kind "portal") }}
          args: [--watch, src/main.ts]
          {{- end }}
          env: {{ include "lm.environment" (list $root $w) | nindent 12 }}
          ports:
            {{- range $name, $port := $ports }}
            - { name: {{ $name }}, containerPort: {{ $port }} }
            {{- end }}
          {{- include "lm.probes" $w.kind | nindent 10 }}
          {{- if $w.preStopSeconds }}
          lifecycle: { preStop: { sleep: { seconds: {{ $w.preStopSeconds }} } } }
          {{- end }}
          {{- include "lm.resources" $w.resources | nindent 10 }}
          {{- include "lm.containerSecurity" $root | nindent 10 }}
          volumeMounts:
            - { name: tmp, mountPath: /tmp }
            {{- if eq $w.kind "portal" }}
            - { name: cache, mountPath: /app/portals/{{ $w.name }}/.next/cache }
            {{- end }}
            {{- if $w.volume.size }}
            - { name: data, mountPath: /data }
            {{- end }}
      volumes:
        {{- include "lm.tmp" $root | nindent 8 }}
        {{- if eq $w.kind "portal" }}
        - { name: cache, emptyDir: { sizeLimit: 256Mi } }
        {{- end }}
        {{- if $w.volume.size }}
        - { name: data, persistentVolumeClaim: { claimName: {{ $full }}-{{ $w.name }} } }
        {{- end }}
{{- end }}

{{/*
Over HTTP, so that an image needs no shell. The admin port's /livez depends on nothing, /readyz on database and broker. A
portal's icon needs neither a session nor the gateway: an outage of the gateway must not take the portals away.
*/}}
{{- define "lm.probes" -}}
{{- $portal := eq . "portal" }}
{{- $live := ternary "{ path: /icon.svg, port: http }" "{ path: /livez, port: admin }" $portal }}
{{- $ready := ternary "{ path: /icon.svg, port: http }" "{ path: /readyz, port: admin }" $portal }}
startupProbe: { httpGet: {{ $ready }}, periodSeconds: 2, failureThreshold: 60, timeoutSeconds: 3 }
livenessProbe: { httpGet: {{ $live }}, periodSeconds: 10, failureThreshold: 6, timeoutSeconds: 5 }
readinessProbe: { httpGet: {{ $ready }}, periodSeconds: 5, failureThreshold: 2, timeoutSeconds: 3 }
{{- end }}
