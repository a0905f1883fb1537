{{/* A network policy: list CONTEXT SUFFIX COMPONENT DIRECTION. Its rules follow. */}}
{{- define "modelgraph.policy" -}}
{{- $context := index . 0 }}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "modelgraph.name" $context }}-{{ index . 1 }}
  labels:
    {{- include "modelgraph.labels" $context | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "modelgraph.selector" (list $context (index . 2)) | nindent 6 }}
  policyTypes:
    - {{ index . 3 }}
{{- end }}

{{/* Rules for TCP ports: list PORT… */}}
{{- define "modelgraph.ports" -}}
{{- range . }}
- port: {{ . }}
  protocol: TCP
{{- end }}
{{- end }}

{{/* One part may reach another: list CONTEXT SUFFIX FROM TO PORT. */}}
{{- define "modelgraph.between" -}}
{{- $context := index . 0 }}
{{- $from := index . 2 }}
{{- $to := index . 3 }}
{{- $port := index . 4 }}
---
{{ include "modelgraph.policy" (list $context (index . 1) $to "Ingress") }}
  ingress:
    - from:
        - podSelector:
            matchLabels:
              {{- include "modelgraph.selector" (list $context $from) | nindent 14 }}
      ports:
        {{- include "modelgraph.ports" (list $port) | nindent 8 }}
---
{{ include "modelgraph.policy" (list $context (printf "%s-clients" (index . 1)) $from "Egress") }}
  egress:
    - to:
        - podSelector:
            matchLabels:
              {{- include "modelgraph.selector" (list $context $to) | nindent 14 }}
      ports:
        {{- include "modelgraph.ports" (list $port) | nindent 8 }}
{{- end }}

{{/* Where an address listens: its port, or that of its scheme. */}}
{{- define "modelgraph.portOf" -}}
{{- $host := (urlParse .).host }}
{{- if regexMatch ":[0-9]+$" $host }}{{ regexFind "[0-9]+$" $host }}{{ else if hasPrefix "https:" . }}443{{ else }}80{{ end }}
{{- end }}
