datasources/prometheus.yaml: |
  apiVersion: 1
  datasources:
    - { name: Prometheus, uid: prometheus, type: prometheus, access: proxy, url: http://prometheus:9090, isDefault: true }
dashboards/files.yaml: |
  apiVersion: 1
  providers:
    - { name: files, type: file, options: { path: /dashboards } }
