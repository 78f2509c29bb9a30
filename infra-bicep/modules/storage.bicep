metadata description = 'One storage account: the table of certificates and mappings, the Functions host\'s own blobs, the deployment package. No keys.'

import { storageBlobDataOwner, storageTableDataContributor } from 'roles.bicep'
import { tagsByName } from 'types.bicep'

@description('Name of the account.')
@minLength(3)
@maxLength(24)
param name string

@description('Region.')
@minLength(3)
param location string

@description('Tags of the resource.')
param tags tagsByName

@description('Replication. Zone redundant by default: losing a zone must not lose every mapping.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param sku string

@description('True closes the account to everything but private endpoints.')
param privateOnly bool

@description('True: nobody deletes the account, nor the environment, before they have taken the lock away.')
param deleteLock bool

@description('Container of the deployment package.')
@minLength(3)
@maxLength(63)
param deploymentContainer string

@description('Addresses (CIDR, or single ones) that get in all the same.')
@maxLength(16)
param operatorAddresses string[]

@description('Name of the app\'s identity, which makes the names of its role assignments.')
@minLength(3)
@maxLength(128)
param appIdentityName string

@description('Principal id of the app\'s identity.')
@minLength(36)
@maxLength(36)
param appPrincipalId string

@description('Resource id of the workspace that takes the audit log.')
@minLength(1)
param workspaceId string

@description('The roles that the app has on this account.')
var appRoles = [storageBlobDataOwner, storageTableDataContributor]

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    networkAcls: {
      bypass: 'None'
      defaultAction: privateOnly ? 'Deny' : 'Allow'
      ipRules: map(privateOnly ? operatorAddresses : [], range => { value: range, action: 'Allow' })
    }
    publicNetworkAccess: privateOnly && empty(operatorAddresses) ? 'Disabled' : 'Enabled'
    supportsHttpsTrafficOnly: true
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      containerDeleteRetentionPolicy: { enabled: true, days: 14 }
      deleteRetentionPolicy: { enabled: true, days: 14 }
    }

    resource deployments 'containers' = {
      name: deploymentContainer
      properties: { publicAccess: 'None' }
    }
  }

  resource tables 'tableServices' = {
    name: 'default'
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (deleteLock) {
  scope: account
  name: 'keeps-mappings'
  properties: {
    level: 'CanNotDelete'
    notes: 'The table of certificates and mappings is here.'
  }
}

resource roles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in appRoles: {
    scope: account
    name: guid(account.id, appIdentityName, role)
    properties: {
      principalId: appPrincipalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]

// Only the preview version has categories as services name them today; the "recent" one is from 2016.
#disable-next-line use-recent-api-versions
resource blobAudit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: account::blobs
  name: 'audit'
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'StorageWrite', enabled: true }
      { category: 'StorageDelete', enabled: true }
    ]
  }
}

// Deletions only: every app key request writes its nonce, and every change is in the product's own audit rows.
#disable-next-line use-recent-api-versions
resource tableAudit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: account::tables
  name: 'audit'
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'StorageDelete', enabled: true }]
  }
}

@description('Resource id.')
output id string = account.id

@description('Address of the blob service.')
output blobEndpoint string = account.properties.primaryEndpoints.blob

@description('Address of the table service.')
output tableEndpoint string = account.properties.primaryEndpoints.table
