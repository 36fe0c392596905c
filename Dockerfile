# Tierwise in a container that runs without a network and without root:
#   docker build --tag tierwise .
#   docker run --rm --network none --volume "$PWD:/work" --user "$(id -u):$(id -g)" tierwise study inverted-u
FROM python:3.13-slim AS built
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY constraints ./constraints
COPY data ./data
COPY chains ./chains
COPY optimize ./optimize
COPY scenarios ./scenarios
COPY tierwise ./tierwise
RUN python -m venv /opt/tierwise \
 && /opt/tierwise/bin/pip install --no-cache-dir --constraint constraints/tested.txt .

FROM python:3.13-slim
COPY --from=built /opt/tierwise /opt/tierwise
ENV PATH=/opt/tierwise/bin:$PATH \
    HOME=/tmp
RUN useradd --create-home --uid 10001 reader
USER reader
WORKDIR /work
ENTRYPOINT ["tierwise"]
CMD ["--help"]
