metadata description = 'Everything that MtlsFunctions needs in Azure, without a key or a password anywhere.'
targetScope = 'subscription'

import {
  budget as budgetType
  consoleSignIn as consoleSignInType
  customDomain as customDomainType
  frontEnd as frontEndType
  operator
  tagsByName
  tokenIssuer
  vault as vaultType
} from 'modules/types.bicep'
import { addressHeader, consoleSettings, hostSettings, issuerSettings, settingsByName, vaultSettings } from 'modules/settings.bicep'

@description('Name of this deployment: part of the resource group\'s name, seed of all the other names.')
@minLength(1)
@maxLength(40)
param environmentName string

@description('Region; it must offer Flex Consumption.')
@minLength(3)
@maxLength(32)
param location string

@description('Tags of every resource.')
param tags tagsByName = {}

@description('Whose tokens are believed. At least one: without it nobody could manage anything.')
@minLength(1)
@maxLength(16)
param tokenIssuers tokenIssuer[]

@description('How people sign in to the console at /console; null for those who have a token only.')
param consoleSignIn consoleSignInType?

@description('Where keys rest.')
param vault vaultType = { kind: 'KeyVault', sku: 'standard', softDeleteDays: 90 }

@description('Replication of the storage account. Zone redundant by default: losing a zone must not lose every mapping.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageSku string = 'Standard_ZRS'

@description('Memory of an instance in MB; processors come in proportion.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('Instances, at most. Every limit that holds per instance is multiplied by it.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Instances that always run, so that nobody waits for a cold start. Zone redundancy wants at least 2.')
@minValue(0)
@maxValue(100)
param alwaysReadyInstances int = 1

@description('Requests that one instance handles at a time before another is started. A forward mostly waits, so many fit.')
@minValue(1)
@maxValue(1000)
param httpConcurrency int = 100

@description('Spreads instances over availability zones.')
param zoneRedundant bool = false

@description('Requests a second of one calling address, per instance.')
@minValue(1)
@maxValue(10000000)
param requestsPerSecondPerAddress int = 10

@description('Requests a second of one account, per instance.')
@minValue(1)
@maxValue(10000000)
param requestsPerSecondPerAccount int = 1000

@description('What a deployment or a changed setting does to requests under way: ends them (Recreate), or lets them end (RollingUpdate, which Microsoft calls a preview not recommended for production).')
@allowed(['Recreate', 'RollingUpdate'])
param siteUpdateStrategy string = 'Recreate'

@description('Instances take over a worker that the platform has started ahead. False makes cold starts longer and avoids its native host, which crashed with .NET 10 (azure-functions-dotnet-worker #3335).')
param usePlaceholderWorker bool = true

@description('What stands between callers and the app. It decides in which header the calling address is believed.')
param frontEnd frontEndType = { kind: 'none' }

@description('Host under which callers reach the gateway, which app keys sign and discovery tells. Empty: the custom domain, else as each request says.')
@maxLength(253)
param publicHost string = ''

@description('A name of your own for the app itself; null for none, which it must be the first time: its DNS records hold what the outputs tell.')
param customDomain customDomainType?

@description('Calls leave through a network with one static address, and storage and vault are reached privately only.')
param useNetwork bool = false

@description('Addresses of that network: a /16 to a /24, halved between app and private endpoints.')
@minLength(9)
@maxLength(18)
param networkAddressPrefix string = '10.60.0.0/22'

@description('Addresses (CIDR, or single ones) from which operators reach storage and vault although there is the network.')
@maxLength(16)
param operatorAddresses string[] = []

@description('Who may read and write table and vault beside the app: to copy, restore and drill. They could read every key.')
@maxLength(10)
param operators operator[] = []

@description('Takes the environment\'s Key Vault back after azd down: it is purge-protected and keeps its name. For one azd up.')
param recoverVault bool = false

@description('Nobody deletes the storage account before they have taken its lock away; azd down neither.')
param deleteLock bool = false

@description('Address of the Key Vault that the app uses instead of the one that is made: a restored one, or one of yours. Its roles and its network are yours.')
@maxLength(256)
param keyVaultUri string = ''

@description('Address of the table service that the app uses instead of the one that is made. Its roles and its network are yours.')
@maxLength(256)
param tableServiceUri string = ''

@description('Days for which logs are kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('Gigabytes of logs a day beyond which nothing more is kept that day, alerts included; -1 for no limit.')
@minValue(-1)
@maxValue(10000)
param logDailyCapGB int = 10

@description('What a month may cost before alertEmails are told; null for nothing.')
param monthlyBudget budgetType?

@description('Addresses that alerts are sent to.')
@maxLength(10)
param alertEmails string[] = []

@description('Share of requests in percent whose remote endpoint could not be reached, above which an alert fires.')
@minValue(1)
@maxValue(100)
param unreachableAlertPercent int = 20

@description('Share of requests in percent that were answered with 5xx, above which an alert fires.')
@minValue(1)
@maxValue(100)
param serverErrorAlertPercent int = 5

@description('Further settings of the product by name (docs/operations.md lists them). Never a secret.')
param furtherSettings settingsByName = {}

@description('Makes names unique.')
var token = uniqueString(subscription().id, environmentName, location)

@description('Tags, and the one by which azd knows what belongs to an environment.')
var allTags = union(tags, { 'azd-env-name': environmentName })

@description('Container of the deployment package.')
var deploymentContainer = 'deployments'

@description('Whether the template makes a Key Vault.')
var usesKeyVault = vault.kind == 'KeyVault'

@description('Name of the Key Vault, whether or not it is made.')
var keyVaultName = 'kv-mtls-${token}'

@description('Name of the identity.')
var identityName = 'id-mtls-${token}'

@description('Name of the Application Insights resource.')
var applicationInsightsName = 'appi-mtls-${token}'

@description('Name of the storage account.')
var storageName = 'stmtls${token}'

@description('Host that callers use, or nothing where each request says it.')
var callersHost = empty(publicHost) ? customDomain.?name ?? '' : publicHost

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: allTags
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: {
    name: identityName
    location: location
    tags: allTags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    workspaceName: 'log-mtls-${token}'
    applicationInsightsName: applicationInsightsName
    location: location
    tags: allTags
    retentionDays: logRetentionDays
    dailyCapGB: logDailyCapGB
    appIdentityName: identityName
    appPrincipalId: identity.outputs.principalId
  }
}

module storage 'modules/storage.bicep' = {
  scope: group
  params: {
    name: storageName
    location: location
    tags: allTags
    sku: storageSku
    privateOnly: useNetwork
    operatorAddresses: operatorAddresses
    deleteLock: deleteLock
    deploymentContainer: deploymentContainer
    appIdentityName: identityName
    appPrincipalId: identity.outputs.principalId
    workspaceId: monitoring.outputs.workspaceId
  }
}

module keyVault 'modules/keyVault.bicep' = if (usesKeyVault) {
  scope: group
  params: {
    name: keyVaultName
    location: location
    tags: allTags
    sku: vault.?sku ?? 'standard'
    softDeleteDays: vault.?softDeleteDays ?? 90
    recover: recoverVault
    privateOnly: useNetwork
    operatorAddresses: operatorAddresses
    appIdentityName: identityName
    appPrincipalId: identity.outputs.principalId
    workspaceId: monitoring.outputs.workspaceId
  }
}

module network 'modules/network.bicep' = if (useNetwork) {
  scope: group
  params: {
    namePrefix: 'vnet-mtls-${token}'
    location: location
    tags: allTags
    addressPrefix: networkAddressPrefix
    zoneRedundant: zoneRedundant
  }
}

module privateServices 'modules/privateServices.bicep' = if (useNetwork) {
  scope: group
  params: {
    namePrefix: 'pe-mtls-${token}'
    location: location
    tags: allTags
    storageId: storage.outputs.id
    keyVaultName: usesKeyVault ? keyVaultName : null
    networkId: network.?outputs.id ?? ''
    subnetId: network.?outputs.privateEndpointSubnetId ?? ''
  }
  // The private endpoint needs the vault, and its name doesn't say so.
  dependsOn: [keyVault]
}

module app 'modules/app.bicep' = {
  scope: group
  params: {
    name: 'mtls-${token}'
    planName: 'plan-mtls-${token}'
    location: location
    tags: allTags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    storageName: storageName
    blobEndpoint: storage.outputs.blobEndpoint
    deploymentContainer: deploymentContainer
    applicationInsightsName: applicationInsightsName
    workspaceId: monitoring.outputs.workspaceId
    subnetId: network.?outputs.appSubnetId
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyInstances: alwaysReadyInstances
    httpConcurrency: httpConcurrency
    zoneRedundant: zoneRedundant
    siteUpdateStrategy: siteUpdateStrategy
    usePlaceholderWorker: usePlaceholderWorker
    frontEnd: frontEnd
    domain: customDomain
    settings: union(
      furtherSettings,
      issuerSettings(tokenIssuers),
      vaultSettings(vault, empty(keyVaultUri) ? keyVault.?outputs.uri ?? '' : keyVaultUri),
      hostSettings(callersHost),
      consoleSettings(consoleSignIn),
      {
        Identity__ManagedIdentityClientId: identity.outputs.clientId
        Limits__ConcurrentRequests: string(httpConcurrency)
        Storage__TableServiceUri: empty(tableServiceUri) ? storage.outputs.tableEndpoint : tableServiceUri
        Throttle__RequestsPerSecondPerAccount: string(requestsPerSecondPerAccount)
        Throttle__RequestsPerSecondPerAddress: string(requestsPerSecondPerAddress)
        Throttle__TrustedAddressHeader: addressHeader(frontEnd)
      }
    )
  }
  // The app must find its services from the first start on.
  dependsOn: [privateServices]
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  params: {
    namePrefix: 'mtls-${token}'
    location: location
    tags: allTags
    workspaceId: monitoring.outputs.workspaceId
    keyVaultName: usesKeyVault ? keyVaultName : null
    storageName: storageName
    maximumInstanceCount: maximumInstanceCount
    emails: alertEmails
    unreachablePercent: unreachableAlertPercent
    serverErrorPercent: serverErrorAlertPercent
  }
  // The alerts of vault and table need them, and their names don't say so.
  dependsOn: [keyVault, storage]
}

module availability 'modules/availability.bicep' = if (frontEnd.kind == 'none' || !empty(publicHost)) {
  scope: group
  params: {
    name: 'mtls-${token}-ready'
    location: location
    tags: allTags
    url: 'https://${empty(publicHost) ? app.outputs.defaultHost : publicHost}/health/ready'
    applicationInsightsName: applicationInsightsName
    actionGroupId: alerts.outputs.actionGroupId
  }
}

module operatorRoles 'modules/operators.bicep' = if (!empty(operators)) {
  scope: group
  params: {
    operators: operators
    storageName: storageName
    keyVaultName: usesKeyVault ? keyVaultName : null
  }
  // Their names don't say that they are needed.
  dependsOn: [keyVault, storage]
}

module budget 'modules/budget.bicep' = if (monthlyBudget != null && !empty(alertEmails)) {
  scope: group
  params: {
    name: 'mtls-${token}'
    budget: monthlyBudget ?? { amount: 1, startDate: '2026-12-01' }
    emails: alertEmails
  }
}

@description('Where the gateway is reached.')
output appUrl string = 'https://${empty(callersHost) ? app.outputs.host : callersHost}'

@description('Host that the platform gave the app: where the CNAME record of a name of your own leads.')
output defaultHost string = app.outputs.defaultHost

@description('What the TXT record asuid.{name} has to hold before customDomain can be set.')
output domainVerificationId string = app.outputs.domainVerificationId

@description('Where a deployment asks whether the app is ready; empty where only a front end reaches it and nobody has said its host.')
output readinessUrl string = frontEnd.kind == 'none'
  ? 'https://${app.outputs.defaultHost}/health/ready'
  : empty(publicHost) ? '' : 'https://${publicHost}/health/ready'

@description('Name of the function app.')
output functionAppName string = app.outputs.name

@description('Name of the resource group.')
output resourceGroupName string = group.name

@description('The address that remote endpoints see; empty without the network, where there are many and they change.')
output outboundAddress string = network.?outputs.outboundAddress ?? ''

@description('Name of the Key Vault; empty where keys rest elsewhere.')
output vaultName string = usesKeyVault ? keyVaultName : ''
