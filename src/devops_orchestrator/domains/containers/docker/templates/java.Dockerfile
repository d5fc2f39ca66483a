<[ head ]>
%% if base.why
# <[ base.why.en ]>
%% endif
FROM <[ build.image ]> AS build
WORKDIR /src
# Dependencies alone: they are resolved again only when the build files change.
%% for sources, target in build.copies
COPY <[ sources ]> <[ target ]>
%% endfor
RUN --mount=type=cache,target=<[ build.cache ]> \
    <[ build.dependencies ]>
COPY . .
# Tests run in the pipeline, not in each image build.
RUN --mount=type=cache,target=<[ build.cache ]> \
    <[ build.package ]>
%% if layered
# Spring Boot's layers: what changes least comes first, so that a code change sends one small layer.
%% if tools
RUN cp <[ build.jar ]>/*.jar application.jar \
    && java -Djarmode=tools -jar application.jar extract --layers --destination /layers
%% else
RUN cp <[ build.jar ]>/*.jar application.jar
WORKDIR /layers
RUN java -Djarmode=layertools -jar /src/application.jar extract
%% endif
%% elif not quarkus
RUN cp <[ build.jar ]>/*.jar application.jar
%% endif

FROM <[ final ]>
%% if account
RUN groupadd --gid <[ uid ]> <[ account ]> \
    && useradd --uid <[ uid ]> --gid <[ account ]> --create-home <[ account ]>
%% endif
WORKDIR /app
%% if layered
COPY --from=build /layers/dependencies/ ./
COPY --from=build /layers/spring-boot-loader/ ./
COPY --from=build /layers/snapshot-dependencies/ ./
COPY --from=build /layers/application/ ./
%% elif quarkus
COPY --from=build /src/<[ build.jar ]>/quarkus-app/ ./
%% else
COPY --from=build /src/application.jar ./
%% endif
<[ tail ]>
# Numeric, so that Kubernetes can verify runAsNonRoot.
USER <[ user ]>
%% if port_variable
ENV <[ port_variable[0] ]>=<[ port_variable[1] ]>
%% endif
%% if port
EXPOSE <[ port ]>
%% endif
%% if health
HEALTHCHECK --interval=30s --timeout=3s --start-period=30s --retries=3 \
    CMD <[ health ]>
%% endif
# The heap may take 75 % of the container's memory: threads, metaspace and buffers need the rest.
# After an OutOfMemoryError the JVM ends, and the platform starts a sound one. JAVA_TOOL_OPTIONS adds to these.
ENTRYPOINT <[ command ]>
