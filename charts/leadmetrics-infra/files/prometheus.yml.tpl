global: { scrape_interval: 15s, evaluation_interval: 15s }
scrape_configs:
  # Pods that say prometheus.io/scrape, as those of charts/leadmetrics do.
  - job_name: pods
    kubernetes_sd_configs: [{ role: pod, namespaces: { names: {{ toJson .Values.clients }} } }]
    relabel_configs:
      - { source_labels: [__meta_kubernetes_pod_annotation_prometheus_io_scrape], action: keep, regex: "true" }
      - { source_labels: [__meta_kubernetes_pod_ip, __meta_kubernetes_pod_annotation_prometheus_io_port], separator: ":", target_label: __address__ }
      - { source_labels: [__meta_kubernetes_pod_label_app_kubernetes_io_component], target_label: job }
      - { source_labels: [__meta_kubernetes_namespace], target_label: namespace }
      - { source_labels: [__meta_kubernetes_pod_name], target_label: pod }
      # One target a pod, though it has several ports.
      - { source_labels: [__meta_kubernetes_pod_container_port_name], action: keep, regex: admin }
