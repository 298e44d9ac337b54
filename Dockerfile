# Caravan as an image: docker build -t caravan . , or without Docker src/image/oci, which makes the same (docs/deploy.md).
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /src
COPY pom.xml ./
COPY .mvn .mvn
RUN mvn -B -ntp -q dependency:go-offline
COPY . .
RUN mvn -B -ntp -q -DskipTests package \
 && mkdir -p /opt/caravan \
 && tar xzf target/caravan-*.tar.gz -C /opt/caravan --strip-components=1

FROM eclipse-temurin:17-jre
RUN useradd --uid 10001 --home-dir /data --no-create-home caravan \
 && install -d -o 10001 -g 10001 /data /project
COPY --from=build /opt/caravan /opt/caravan
COPY --chmod=755 src/image/health /usr/local/bin/caravan-health
# data-pipeline: the name in manifests of before; the start makes the archive of classes, for faster starts
RUN ln -s /opt/caravan/caravan /usr/local/bin/caravan \
 && ln -s caravan /usr/local/bin/data-pipeline \
 && CARAVAN_CACHE=/tmp/cache caravan list > /dev/null \
 && rm -rf /tmp/cache /tmp/hsperfdata_*
ENV LANG=C.UTF-8 \
    HOME=/data \
    CARAVAN_API_HOST=0.0.0.0 \
    CARAVAN_CACHE=/data/cache \
    CARAVAN_DATA_DIR=/data/stores \
    CARAVAN_JAVA_OPTS="-XX:MaxRAMPercentage=50 -XX:+ExitOnOutOfMemoryError"
USER 10001
WORKDIR /project
VOLUME /data /tmp
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["caravan-health"]
ENTRYPOINT ["caravan"]
