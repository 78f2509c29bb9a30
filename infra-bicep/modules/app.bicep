metadata description = 'The function app on Flex Consumption, and everything that it is told.'

import { settingsByName } from 'settings.bicep'
import { customDomain, frontEnd as frontEndKind, tagsByName } from 'types.bicep'

@description('Name of the function app.')
@minLength(2)
@maxLength(60)
param name string

@description('Name of its plan.')
@minLength(1)
@maxLength(60)
param planName string

@description('Region.')
@minLength(3)
param location string

@description('Tags of the resources.')
param tags tagsByName

@description('Resource id of the identity.')
@minLength(1)
param identityId string

@description('Client id of the identity.')
@minLength(36)
@maxLength(36)
param identityClientId string

@description('Name of the storage account.')
@minLength(3)
@maxLength(24)
param storageName string

@description('Blob service with the host\'s own container and the deployment package.')
@minLength(1)
param blobEndpoint string

@description('Container of the deployment package.')
@minLength(3)
@maxLength(63)
param deploymentContainer string

@description('Name of the Application Insights resource.')
@minLength(1)
param applicationInsightsName string

@description('Resource id of the workspace that takes the platform\'s logs.')
@minLength(1)
param workspaceId string

@description('Resource id of the subnet that calls leave through; null without a network.')
param subnetId string?

@description('Memory of an instance in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int

@description('Instances, at most.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int

@description('Instances that always run.')
@minValue(0)
@maxValue(100)
param alwaysReadyInstances int

@description('Requests that one instance handles at a time before another is started.')
@minValue(1)
@maxValue(1000)
param httpConcurrency int

@description('Spreads instances over availability zones.')
param zoneRedundant bool

@description('What a deployment or a changed setting does to requests that are under way.')
@allowed(['Recreate', 'RollingUpdate'])
param siteUpdateStrategy string

@description('Instances take over a worker that the platform has started ahead. False starts it anew each time.')
param usePlaceholderWorker bool

@description('What stands between callers and the app.')
param frontEnd frontEndKind

@description('A name of your own.')
param domain customDomain?

@description('Settings of the product by name.')
param settings settingsByName

@description('Settings that the Functions host and the telemetry exporters read.')
var hostSettings = union(
  {
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
    APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsights.properties.ConnectionString
    AzureWebJobsDisableHomepage: 'true'
    // Both: with the address alone a starting host at times finds no storage (azure-functions-host #11787), and the name alone
    // means the public cloud.
    AzureWebJobsStorage__accountName: storageName
    AzureWebJobsStorage__blobServiceUri: blobEndpoint
    AzureWebJobsStorage__clientId: identityClientId
    AzureWebJobsStorage__credential: 'managedidentity'
  },
  usePlaceholderWorker ? {} : { WEBSITE_USE_PLACEHOLDER_DOTNETISOLATED: '0' }
)

@description('Who may call, where a front end must not be passed by.')
var restrictions = frontEnd.kind == 'frontDoor'
  ? [
      {
        name: 'front-door'
        action: 'Allow'
        priority: 100
        tag: 'ServiceTag'
        ipAddress: 'AzureFrontDoor.Backend'
        headers: { 'x-azure-fdid': [frontEnd.?profileId ?? ''] }
      }
    ]
  : map(frontEnd.?addresses ?? [], (address, index) => {
      name: 'reverse-proxy-${index}'
      action: 'Allow'
      priority: 100 + index
      tag: 'Default'
      ipAddress: address
      headers: {}
    })

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: {
    reserved: true
    zoneRedundant: zoneRedundant
  }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  // By this tag azd finds where to deploy.
  tags: union(tags, { 'azd-service-name': 'gateway' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    clientAffinityEnabled: false
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    publicNetworkAccess: 'Enabled'
    // Taken at the app's creation only. Without it Flex Consumption takes no server certificate (Microsoft.Web/sites/certificates).
    // The types don't know it yet.
    #disable-next-line BCP037
    siteScopedCertificatesEnabled: true
    virtualNetworkSubnetId: subnetId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${blobEndpoint}${deploymentContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      scaleAndConcurrency: {
        alwaysReady: alwaysReadyInstances == 0 ? [] : [{ name: 'http', instanceCount: alwaysReadyInstances }]
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        triggers: { http: { perInstanceConcurrency: httpConcurrency } }
      }
      // Documented since 2025, and the types don't know it yet.
      #disable-next-line BCP037
      siteUpdateStrategy: { type: siteUpdateStrategy }
    }
    // Without ftpsState, which Flex Consumption refuses (error 51021) and analyzers ask for (TA-000009): it has no FTP to switch off.
    siteConfig: {
      appSettings: map(items(union(settings, hostSettings)), setting => { name: setting.key, value: setting.value })
      http20Enabled: true
      ipSecurityRestrictions: restrictions
      ipSecurityRestrictionsDefaultAction: frontEnd.kind == 'none' ? 'Allow' : 'Deny'
      minTlsVersion: '1.2'
      remoteDebuggingEnabled: false
      scmMinTlsVersion: '1.2'
    }
  }

  // Deployment is by identity; passwords for it don't exist.
  resource ftpPassword 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource deploymentPassword 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }
}

module certificate 'serverCertificate.bicep' = if (domain != null) {
  params: {
    appName: app.name
    location: location
    tags: tags
    vaultId: domain.?certificateVaultId ?? 'none'
    certificateName: domain.?certificateName ?? 'none'
  }
}

resource hostName 'Microsoft.Web/sites/hostNameBindings@2025-03-01' = if (domain != null) {
  parent: app
  name: domain.?name ?? 'none'
  properties: {
    hostNameType: 'Verified'
    sslState: 'SniEnabled'
    thumbprint: certificate.?outputs.thumbprint
  }
}

// No logs: host and worker send theirs to Application Insights already.
// Only the preview version has categories as services name them today; the "recent" one is from 2016.
#disable-next-line use-recent-api-versions
resource metrics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: app
  name: 'platform'
  properties: {
    workspaceId: workspaceId
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

@description('Host under which the app is reached.')
output host string = domain.?name ?? app.properties.defaultHostName

@description('Host that the platform gave it.')
output defaultHost string = app.properties.defaultHostName

@description('What the TXT record asuid.{name} of a name of your own has to hold before the name can be bound.')
output domainVerificationId string = app.properties.customDomainVerificationId

@description('Name of the function app.')
output name string = app.name
