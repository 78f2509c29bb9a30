metadata description = 'The vault where the keys rest: roles instead of access policies, and nothing that is deleted is gone before its time.'

import { keyVaultCertificatesOfficer, keyVaultSecretsUser } from 'roles.bicep'
import { tagsByName } from 'types.bicep'

@description('Name of the vault.')
@minLength(3)
@maxLength(24)
param name string

@description('Region.')
@minLength(3)
param location string

@description('Tags of the resource.')
param tags tagsByName

@description('Software-protected keys, or keys protected by a hardware module.')
@allowed(['standard', 'premium'])
param sku string

@description('Days for which a deleted certificate can be recovered. Can\'t be changed later.')
@minValue(7)
@maxValue(90)
param softDeleteDays int

@description('True takes back a vault of this name that was deleted and isn\'t purged yet, with everything in it.')
param recover bool

@description('True closes the vault to everything but private endpoints.')
param privateOnly bool

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

@description('The roles that the app has on this vault.')
var appRoles = [keyVaultCertificatesOfficer, keyVaultSecretsUser]

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    createMode: recover ? 'recover' : 'default'
    tenantId: tenant().tenantId
    sku: { family: 'A', name: sku }
    enableRbacAuthorization: true
    enableSoftDelete: true
    enablePurgeProtection: true
    softDeleteRetentionInDays: softDeleteDays
    enabledForDeployment: false
    enabledForDiskEncryption: false
    enabledForTemplateDeployment: false
    networkAcls: {
      bypass: 'None'
      defaultAction: privateOnly ? 'Deny' : 'Allow'
      ipRules: map(privateOnly ? operatorAddresses : [], range => { value: range })
    }
    publicNetworkAccess: privateOnly && empty(operatorAddresses) ? 'Disabled' : 'Enabled'
  }
}

resource roles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in appRoles: {
    scope: vault
    name: guid(vault.id, appIdentityName, role)
    properties: {
      principalId: appPrincipalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]

// Only the preview version has categories as services name them today; the "recent" one is from 2016.
#disable-next-line use-recent-api-versions
resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: vault
  name: 'audit'
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'audit', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

@description('Resource id.')
output id string = vault.id

@description('Address of the vault.')
output uri string = vault.properties.vaultUri
