# The mock vendors for `docker compose up`; docker-compose.yml says how it is run.
#
# Without a package index at hand, take the packages from a folder of wheels:
#   pip wheel --wheel-dir wheels . hatchling        (with the Python version of the image)
#   docker compose build --build-arg PIP_NO_INDEX=1 --build-arg PIP_FIND_LINKS=/src/wheels
FROM python:3.13-slim-bookworm AS base

FROM base AS build
ARG PIP_INDEX_URL
ARG PIP_FIND_LINKS
ARG PIP_NO_INDEX
WORKDIR /src
RUN python -m venv /opt/mockvendors
COPY . .
RUN /opt/mockvendors/bin/pip install --no-cache-dir .

FROM base
COPY --from=build /opt/mockvendors /opt/mockvendors
RUN useradd --create-home mock
USER mock
WORKDIR /home/mock
ENV PYTHONUNBUFFERED=1
ENTRYPOINT ["/opt/mockvendors/bin/mockvendors"]
CMD ["serve", "anam"]
