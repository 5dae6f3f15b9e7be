{{- define "blipstream.name" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "blipstream.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "blipstream.labels" -}}
{{ include "blipstream.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "blipstream.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "blipstream.name" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* The one place that knows how many instances make sense: a partition has one owner at a time. */}}
{{- define "blipstream.requireSense" -}}
{{- $partitions := int .Values.topics.partitions -}}
{{- if .Values.autoscaling.enabled -}}
{{- if gt (int .Values.autoscaling.maxReplicas) $partitions -}}
{{- fail (printf "autoscaling.maxReplicas=%d exceeds topics.partitions=%d: the rest would have no partition and nothing to do. Lower it, or give the topic more partitions." (int .Values.autoscaling.maxReplicas) $partitions) -}}
{{- end -}}
{{- if gt (int .Values.autoscaling.minReplicas) (int .Values.autoscaling.maxReplicas) -}}
{{- fail "autoscaling.minReplicas exceeds autoscaling.maxReplicas." -}}
{{- end -}}
{{- else if gt (int .Values.replicas) $partitions -}}
{{- fail (printf "replicas=%d exceeds topics.partitions=%d: the rest would have no partition and nothing to do. Lower it, or give the topic more partitions." (int .Values.replicas) $partitions) -}}
{{- end -}}
{{- if ne (empty .Values.model.captioner) (empty .Values.model.filter) -}}
{{- fail "Set both model.captioner and model.filter, or none of them." -}}
{{- end -}}
{{- if and .Values.model.captioner (empty .Values.model.volume) -}}
{{- fail "model.volume says where the folders model.captioner and model.filter are, and is empty." -}}
{{- end -}}
{{- range $place, $config := dict "kafka.config" .Values.kafka.config "schemaRegistry.config" .Values.schemaRegistry.config -}}
{{- range $key, $value := $config -}}
{{- if or (regexMatch "(password|jaas|secret|token|user\\.info|credentials\\.json|\\.key$)" $key) (contains "-----BEGIN" (toString $value)) -}}
{{- fail (printf "%s: %s is a secret: put it into a Secret, and name that by kafka.saslSecret, schemaRegistry.basicAuthSecret or extraEnv." $place $key) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* What Kafka's and the registry's clients are told, as a properties file. */}}
{{- define "blipstream.clientProperties" -}}
{{- $properties := dict -}}
{{- if .Values.kafka.caSecret.name -}}
{{- $_ := set $properties "ssl.truststore.type" "PEM" -}}
{{- $_ := set $properties "ssl.truststore.location" (printf "/etc/blipstream/ca/%s" .Values.kafka.caSecret.key) -}}
{{- end -}}
{{- if .Values.schemaRegistry.basicAuthSecret.name -}}
{{- $_ := set $properties "basic.auth.credentials.source" "USER_INFO" -}}
{{- end -}}
{{- range $key, $value := merge (dict) .Values.kafka.config .Values.schemaRegistry.config $properties }}
{{ $key }}={{ $value }}
{{- end -}}
{{- end -}}
