{{/*
The pod template of a Job. Call with (dict "root" $ "component" "migrations" "image" "migrations" "account" "…" "args" (list …)
"env" "<yaml list>" "secret" "…" "names" (list …) "resources" (dict …)).
*/}}
{{- define "lm.jobPod" -}}
metadata:
  labels: {{ include "lm.labels" (list .root .component) | nindent 4 }}
spec:
  restartPolicy: Never
  serviceAccountName: {{ .account }}
  {{- include "lm.podSecurity" .root | nindent 2 }}
  containers:
    - name: {{ .component }}
      image: {{ include "lm.image" (list .root .image (index .root.Values .image).image) }}
      imagePullPolicy: {{ .root.Values.image.pullPolicy }}
      args: {{ toJson .args }}
      env:
        - { name: NODE_ENV, value: {{ .root.Values.environment }} }
        {{- with .env }}{{ . | nindent 8 }}{{ end }}
        {{- $secret := .secret }}
        {{- range .names | uniq | sortAlpha }}
        - { name: {{ . }}, valueFrom: { secretKeyRef: { name: {{ $secret }}, key: {{ . }} } } }
        {{- end }}
      {{- include "lm.resources" .resources | nindent 6 }}
      {{- include "lm.containerSecurity" .root | nindent 6 }}
      volumeMounts:
        - { name: tmp, mountPath: /tmp }
  volumes:
    {{- include "lm.tmp" .root | nindent 4 }}
{{- end }}

{{/* Annotations of what runs or must be there before an install or upgrade; failed ones stay to be looked at. */}}
{{- define "lm.hook" -}}
helm.sh/hook: pre-install,pre-upgrade
helm.sh/hook-weight: {{ . | quote }}
helm.sh/hook-delete-policy: before-hook-creation
{{- end }}
