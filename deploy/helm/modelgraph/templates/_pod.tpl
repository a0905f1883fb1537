{{/* What pod security `restricted` asks of a pod: the number of its user. */}}
{{- define "modelgraph.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ . }}
runAsGroup: {{ . }}
fsGroup: {{ . }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{/* What it asks of a container, and a root file system that nothing writes to. */}}
{{- define "modelgraph.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop:
    - ALL
{{- end }}

{{/* The gateway's arguments. */}}
{{- define "modelgraph.args" -}}
- serve
- --host=0.0.0.0
- --drain-seconds=5
{{- with .Values.store }}
{{- if eq .type "embedded" }}
- --db=/data/modelgraph.db
{{- else if eq .type "mlmd" }}
- --mlmd={{ .mlmd.address }}
{{- else }}
- --mlmd={{ include "modelgraph.name" $ }}-mlmd:8080
{{- end }}
{{- end }}
{{- with .Values.auth }}
{{- if eq .type "none" }}
- --allow-unauthenticated
{{- else }}
- --auth={{ .type }}
{{- end }}
{{- if eq .type "kubernetes" }}
- --authorize=kubernetes
- --kubernetes-audience={{ .audience }}
- --kubernetes-namespace=$(POD_NAMESPACE)
{{- else if eq .type "authorino" }}
- --authorino-url={{ .authorino.url }}
- --authorino-host={{ include "modelgraph.name" $ }}
{{- else if eq .type "jwt" }}
- --jwt-issuer={{ required "auth.jwt.issuer is needed where auth.type is jwt" .jwt.issuer }}
- --jwt-audience={{ .audience }}
- --roles=/etc/modelgraph/roles.yaml
{{- end }}
{{- if ne .type "none" }}
- --registry={{ $.Values.registry }}
{{- end }}
{{- end }}
{{- if .Values.monitoring.enabled }}
- --metrics-port=9464
{{- end }}
{{- if .Values.audit.enabled }}
- --audit-log=-
{{- end }}
{{- with .Values.extraArgs }}
{{ toYaml . }}
{{- end }}
{{- end }}
