# One image for web, worker, beat and migrations; docker-compose.yml says which is which.
FROM python:3.12-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=improvement.settings.production
WORKDIR /app
COPY requirements/run.txt requirements/run.txt
RUN pip install --no-cache-dir --require-hashes --no-deps -r requirements/run.txt
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY . .
RUN python improvement/services/frontend.py \
    && SECRET_KEY=collecting DATABASE_URL=postgresql:///none ALLOWED_HOSTS=none python manage.py collectstatic --noinput \
    && rm -rf node_modules \
    && useradd --system improvement
USER improvement
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "8", \
     "--respawn-failed-workers", "improvement.wsgi:application"]
