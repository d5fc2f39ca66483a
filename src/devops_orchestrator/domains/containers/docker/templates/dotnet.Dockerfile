<[ head ]>
%% if base.why
# <[ base.why.en ]>
%% endif
FROM <[ base.image ]> AS build
WORKDIR /src
# Packages alone: they are restored again only when the project files change.
%% for sources, target in copies
COPY <[ sources ]> <[ target ]>
%% endfor
RUN --mount=type=cache,target=/root/.nuget/packages \
    <[ restore ]>
COPY . .
RUN --mount=type=cache,target=/root/.nuget/packages \
    <[ publish ]>

FROM <[ final ]>
%% if environment
%% if rolls
# Compiled for an older .NET: it may run on the one of this image.
%% endif
ENV <[ environment ]>
%% endif
WORKDIR /app
# Owned by root: the application cannot change its own code.
COPY --from=build /out ./
<[ tail ]>
# <% if user == "1654:1654" %>The image's own app user; numeric<% else %>Numeric<% endif %>, so that Kubernetes can verify runAsNonRoot.
USER <[ user ]>
%% if port
EXPOSE <[ port ]>
%% endif
ENTRYPOINT <[ command ]>
