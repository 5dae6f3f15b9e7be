{{/* The bundled model's graphs are in the image for CPUs; all else is written to a volume. */}}
{{- define "blipstream.needsCache" -}}
{{- if or .Values.model.captioner .Values.gpu.enabled .Values.cache.existingClaim -}}yes{{- end -}}
{{- end -}}

{{- define "blipstream.env" -}}
- {name: BLIPSTREAM_BOOTSTRAP_SERVERS, value: {{ required "kafka.bootstrapServers is missing: the addresses of your Kafka, host:port,…" .Values.kafka.bootstrapServers | quote }}}
- {name: BLIPSTREAM_SCHEMA_REGISTRY_URL, value: {{ required "schemaRegistry.url is missing: the address of your schema registry" .Values.schemaRegistry.url | quote }}}
- {name: BLIPSTREAM_KAFKA_CONFIG, value: /etc/blipstream/kafka.properties}
- {name: BLIPSTREAM_APPLICATION_ID, value: {{ .Values.applicationId | quote }}}
- {name: BLIPSTREAM_TOPIC_IMAGES, value: {{ .Values.topics.images | quote }}}
- {name: BLIPSTREAM_TOPIC_CAPTIONS, value: {{ .Values.topics.captions | quote }}}
- {name: BLIPSTREAM_TOPIC_ITM_CONFIDENCE, value: {{ .Values.topics.itmConfidence | quote }}}
- {name: BLIPSTREAM_TOPIC_REJECTS, value: {{ .Values.topics.rejects | quote }}}
- {name: BLIPSTREAM_ENGINE, value: {{ .Values.model.engine | quote }}}
- {name: BLIPSTREAM_DEVICE, value: {{ and .Values.gpu.enabled (eq .Values.model.device "auto") | ternary "gpu" .Values.model.device | quote }}}
- {name: BLIPSTREAM_PRECISION, value: {{ .Values.model.precision | quote }}}
{{- if .Values.model.captioner }}
- {name: BLIPSTREAM_CAPTIONER, value: {{ printf "%s/%s" .Values.model.mountPath .Values.model.captioner | quote }}}
- {name: BLIPSTREAM_FILTER, value: {{ printf "%s/%s" .Values.model.mountPath .Values.model.filter | quote }}}
{{- end }}
{{- if include "blipstream.needsCache" . }}
- {name: BLIPSTREAM_CACHE, value: /var/cache/blipstream}
- {name: DJL_CACHE_DIR, value: /var/cache/blipstream/djl}
{{- end }}
- {name: BLIPSTREAM_WEB_PORT, value: {{ .Values.web.port | quote }}}
- {name: BLIPSTREAM_WEB_HOST, value: 0.0.0.0}
{{- if .Values.web.tokenSecret.name }}
- name: BLIPSTREAM_WEB_TOKEN
  valueFrom:
    secretKeyRef: {name: {{ .Values.web.tokenSecret.name }}, key: {{ .Values.web.tokenSecret.key }}}
{{- else }}
- {name: BLIPSTREAM_WEB_OPEN, value: "true"}
{{- end }}
{{- if .Values.kafka.saslSecret.name }}
- name: KAFKA_SASL_JAAS_CONFIG
  valueFrom:
    secretKeyRef: {name: {{ .Values.kafka.saslSecret.name }}, key: {{ .Values.kafka.saslSecret.key }}}
{{- end }}
{{- if .Values.schemaRegistry.basicAuthSecret.name }}
- name: KAFKA_BASIC_AUTH_USER_INFO
  valueFrom:
    secretKeyRef: {name: {{ .Values.schemaRegistry.basicAuthSecret.name }}, key: {{ .Values.schemaRegistry.basicAuthSecret.key }}}
{{- end }}
{{- range $key, $value := .Values.settings }}
- {name: BLIPSTREAM_{{ $key | replace "." "_" | replace "-" "_" | upper }}, value: {{ $value | toString | quote }}}
{{- end }}
{{- with .Values.jvmOptions }}
- {name: JDK_JAVA_OPTIONS, value: {{ . | quote }}}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}
