# One image for web, worker, listener, meaning and beat; compose.yaml says how they run together.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=agency.config.settings \
    REMPART_ENVIRONMENT=provided \
    REMPART_HOME=/state

WORKDIR /rempart
# `--build-arg MEANING=1` (compose: REMPART_MEANING=1) adds the wheels that read by meaning: 110 MB.
ARG MEANING=0
COPY requirements.lock requirements-embeddings.lock ./
RUN if [ "$MEANING" = 1 ]; then LOCK=requirements-embeddings.lock; else LOCK=requirements.lock; fi \
    && pip install --no-cache-dir --require-hashes --requirement "$LOCK"

COPY . .
# Static files belong to the image, media to a volume; no secret is needed to collect the former.
RUN useradd --system --uid 10001 rempart \
    && python -m agency.config.catalogues \
    && REMPART_DEMO=1 python -m django collectstatic --noinput --verbosity 0 \
    && mkdir -p /state/media \
    && chown -R rempart /state

USER rempart
VOLUME /state/media
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["python", "-m", "agency.config.healthy", "8000"]
CMD ["python", "-m", "granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "8", "--respawn-failed-workers", "--no-ws", "agency.config.wsgi:application"]
