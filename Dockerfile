# Builds ./cmd/guitu into one static binary. In China: --build-arg GOPROXY=https://goproxy.cn,direct
ARG GO_VERSION=1.26.8
ARG ALPINE_VERSION=3.24

FROM golang:${GO_VERSION}-alpine AS build
RUN apk add --no-cache bash nodejs npm # of the pages
ARG GOPROXY=https://proxy.golang.org,direct
ARG VERSION=dev
ENV CGO_ENABLED=0 GOPROXY=${GOPROXY} GOFLAGS=-trimpath GOTOOLCHAIN=local
WORKDIR /src
COPY . .
# Modules come on demand: "go mod download" would also fetch the embedded Temporal
# server, which the product does not contain.
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    ./scripts/build-web && go build -ldflags "-s -w -X main.version=${VERSION}" -o /out/guitu ./cmd/guitu

FROM alpine:${ALPINE_VERSION}
RUN apk add --no-cache ca-certificates && \
    addgroup -g 10001 guitu && adduser -u 10001 -G guitu -D -H -s /sbin/nologin guitu && \
    install -d -o guitu -g guitu -m 700 /backup/data /backup/keys
COPY --from=build /out/guitu /usr/local/bin/guitu
USER 10001:10001
EXPOSE 8080
# Of the API. A worker says where it is healthy in docker-compose.yml.
HEALTHCHECK --interval=10s --timeout=4s --start-period=15s --retries=6 \
    CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/healthz"]
ENTRYPOINT ["guitu"]
CMD ["api"]
