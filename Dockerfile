FROM python:3.13-slim AS build
WORKDIR /app
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --no-cache-dir --require-hashes --requirement requirements.txt

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin crossroads
WORKDIR /app
COPY --from=build /venv /venv
COPY wsgi.py .
COPY migrations migrations
COPY forum forum
RUN python -m compileall -q wsgi.py forum migrations && mkdir instance && chown crossroads instance
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 HOST=0.0.0.0 PORT=8000
USER crossroads
VOLUME /app/instance
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/healthz', timeout=4)"]
CMD ["flask", "--app", "wsgi", "serve"]
