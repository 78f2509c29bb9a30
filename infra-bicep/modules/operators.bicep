metadata description = 'What people who copy, restore and drill may do on table and vault, beside the app. Nobody, unless they are named.'

import { keyVaultCertificatesOfficer, keyVaultSecretsUser, storageTableDataContributor } from 'roles.bicep'
import { operator } from 'types.bicep'

@description('Who they are.')
@maxLength(10)
param operators operator[]

@description('Name of the storage account.')
@minLength(3)
@maxLength(24)
param storageName string

@description('Name of the Key Vault; null where keys rest elsewhere.')
param keyVaultName string?

@description('Everyone with every role on the vault.')
var onVault = flatten(map(operators, who => [
  { who: who, role: keyVaultCertificatesOfficer }
  { who: who, role: keyVaultSecretsUser }
]))

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageName
}

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' existing = if (keyVaultName != null) {
  name: keyVaultName ?? 'none'
}

resource tableRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for who in operators: {
    scope: account
    name: guid(account.id, who.principalId, storageTableDataContributor)
    properties: {
      principalId: who.principalId
      principalType: who.principalType
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageTableDataContributor)
    }
  }
]

resource vaultRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for one in (keyVaultName == null ? [] : onVault): {
    scope: vault
    name: guid(vault.id, one.who.principalId, one.role)
    properties: {
      principalId: one.who.principalId
      principalType: one.who.principalType
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', one.role)
    }
  }
]
