# LocalHost, every function of the gateway under Kestrel, as a plain container. It was not built where this was written: there is no
# container runtime there. What it runs was: the publish below, from exactly these files.
# It is for trying things out and for tests of clients. It has LocalHost's own token issuer and demo accounts, so production is the
# Functions app (azure.yaml). It needs a table service: Storage__ConnectionString or Storage__TableServiceUri.
#
#   docker build --tag mtlsfunctions .
#   docker run --publish 8080:8080 --volume mtls:/data --env Storage__ConnectionString="…" mtlsfunctions
#
# Microsoft's images of the .NET 10 SDK and of the ASP.NET Core 10 runtime. --build-arg takes them from a registry of yours.
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0

FROM ${SDK_IMAGE} AS build
WORKDIR /source
COPY .editorconfig BannedSymbols.txt Directory.Build.props Directory.Packages.props global.json host.json ./
COPY docs/openapi.yaml docs/
COPY src/ src/
RUN dotnet publish src/MtlsFunctions.LocalHost --configuration Release --output /app --nologo

FROM ${RUNTIME_IMAGE}
# Keys of the local vault and of the issuer, demo passwords and session.json with its tokens: only the app's user reads them.
RUN install --directory --mode=0700 --owner=$APP_UID /data
VOLUME /data
WORKDIR /app
COPY --from=build /app ./
USER $APP_UID
EXPOSE 8080
ENTRYPOINT ["dotnet", "MtlsFunctions.LocalHost.dll", "--urls", "http://0.0.0.0:8080", "--data", "/data"]
