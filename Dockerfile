# docker build --tag modelgraph .
# docker run --rm --publish 127.0.0.1:4000:4000 --volume modelgraph:/data modelgraph \
#   serve --host 0.0.0.0 --allow-unauthenticated
#
# Without arguments it refuses to start and says why: whoever publishes the port has to say how callers are known (--auth),
# or that everyone who reaches it may read and write. The store is /data/modelgraph.db unless --db or --mlmd says
# otherwise. It runs with --read-only; `demo` needs --tmpfs /tmp then.

# What builds: any image with npm. What runs: any with glibc and libstdc++, for Node itself comes from npm, locked.
ARG BUILD_BASE=docker.io/library/node:24-bookworm-slim
ARG BASE=docker.io/library/debian:bookworm-slim

# The code, with what is generated from schema/, proto/ and web/.
FROM ${BUILD_BASE} AS build
WORKDIR /build
COPY package.json package-lock.json ./
COPY tools tools
RUN npm ci --ignore-scripts && node tools/link-node.cjs
COPY . .
RUN npm run generate && mkdir data

# The packages that run, without those that build, and their list. `npm sbom --omit=dev` would miss those that a package
# which builds needs too, so it is asked where there are none; it names its subject by the folder.
FROM ${BUILD_BASE} AS packages
WORKDIR /modelgraph
COPY package.json package-lock.json ./
COPY tools tools
RUN npm ci --omit=dev --ignore-scripts && node tools/link-node.cjs
# What nothing reads where it runs: headers, types, source maps.
RUN rm -rf node_modules/node-linux-*/include node_modules/node-linux-*/share && \
    find node_modules -name '*.map' -delete -o -name '*.d.ts' -delete -o -name '*.d.[cm]ts' -delete
RUN npm pkg delete devDependencies && npm sbom --sbom-format=cyclonedx > sbom.cdx.json

FROM ${BASE}
ARG BASE
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="ModelGraph" \
      org.opencontainers.image.description="GraphQL gateway to ML metadata" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="${BASE}"
COPY --from=packages /modelgraph/node_modules /app/node_modules
COPY --from=packages /modelgraph/sbom.cdx.json /app/
COPY --from=build /build/package.json /build/LICENSE /app/
COPY --from=build /build/schema /app/schema
COPY --from=build /build/dist/playground /app/dist/playground
COPY --from=build /build/dist/api-docs /app/dist/api-docs
COPY --from=build /build/src /app/src
COPY --from=build --chown=65532:65532 /build/data /data
ENV NODE_ENV=production
USER 65532:65532
WORKDIR /data
VOLUME /data
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["/app/node_modules/.bin/node", "-e", "fetch('http://127.0.0.1:4000/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["/app/node_modules/.bin/node", "/app/src/main.ts"]
CMD ["serve", "--host", "0.0.0.0"]
