{{/* What everything begins with: the release's name. */}}
{{- define "modelgraph.name" -}}
{{- if contains "modelgraph" .Release.Name }}{{ .Release.Name }}{{ else }}{{ printf "%s-modelgraph" .Release.Name }}{{ end }}
{{- end }}

{{/* What selects the pods of a part: list CONTEXT COMPONENT. */}}
{{- define "modelgraph.selector" -}}
app.kubernetes.io/name: modelgraph
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{/* The labels of an object, for all parts: CONTEXT. */}}
{{- define "modelgraph.labels" -}}
app.kubernetes.io/name: modelgraph
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/part-of: modelgraph
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "modelgraph.image" -}}
{{- with .Values.image -}}
{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end }}
{{- end }}

{{/* The database's host, whether it is the chart's or not. */}}
{{- define "modelgraph.databaseHost" -}}
{{- with .Values.store.mlmdServer.database }}
{{- if .create }}{{ include "modelgraph.name" $ }}-{{ .type }}{{ else }}{{ required "store.mlmdServer.database.host is needed where create is false" .host }}{{ end }}
{{- end }}
{{- end }}

{{- define "modelgraph.databasePort" -}}
{{ if eq .Values.store.mlmdServer.database.type "postgres" }}5432{{ else }}3306{{ end }}
{{- end }}

{{/* A text among a container's variables, in which Kubernetes would put others for $(NAME). */}}
{{- define "modelgraph.literal" -}}
{{ . | replace "$" "$$" | quote }}
{{- end }}
