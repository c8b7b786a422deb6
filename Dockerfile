FROM python:3.13-slim
WORKDIR /src
COPY . .
RUN pip install --no-cache-dir . && useradd --create-home mock
USER mock
WORKDIR /home/mock
ENV PYTHONUNBUFFERED=1
ENTRYPOINT ["mockvendors"]
CMD ["serve", "anam", "--host", "0.0.0.0", "--port", "8090"]
