# One user for each service, with the rights of deploy/local/broker-rights.ts (files/broker-users.json is made from it).
port: 4222
http_port: 8222
server_name: nats
max_payload: 1MB
jetstream {
  store_dir: /data
  max_file_store: 64GB
  max_memory_store: 256MB
  sync_interval: always
}
authorization {
  users: [
    { user: operator, password: {{ include "infra.developmentSecret" "broker.operator" | quote }} }
    {{- range .Files.Get "files/broker-users.json" | fromJsonArray }}
    { user: {{ .name }}, password: {{ include "infra.developmentSecret" (printf "broker.%s" .name) | quote }}, permissions: { publish: { allow: {{ toRawJson .publish }} }, subscribe: { allow: {{ toRawJson .subscribe }} } } }
    {{- end }}
  ]
}
