metadata description = 'Storage and vault on private addresses of the network.'

import { tagsByName } from 'types.bicep'

@description('Start of the names of the private endpoints.')
@minLength(1)
@maxLength(60)
param namePrefix string

@description('Region.')
@minLength(3)
param location string

@description('Tags of the resources.')
param tags tagsByName

@description('Resource id of the storage account.')
@minLength(1)
param storageId string

@description('Name of the Key Vault; null where keys rest elsewhere.')
param keyVaultName string?

@description('Resource id of the network.')
@minLength(1)
param networkId string

@description('Resource id of the subnet for private endpoints.')
@minLength(1)
param subnetId string

resource keyVault 'Microsoft.KeyVault/vaults@2026-02-01' existing = if (keyVaultName != null) {
  name: keyVaultName ?? 'none'
}

module blob 'privateEndpoint.bicep' = {
  params: {
    name: '${namePrefix}-blob'
    location: location
    tags: tags
    targetId: storageId
    service: 'blob'
    zoneName: 'privatelink.blob.${environment().suffixes.storage}'
    networkId: networkId
    subnetId: subnetId
  }
}

module table 'privateEndpoint.bicep' = {
  params: {
    name: '${namePrefix}-table'
    location: location
    tags: tags
    targetId: storageId
    service: 'table'
    zoneName: 'privatelink.table.${environment().suffixes.storage}'
    networkId: networkId
    subnetId: subnetId
  }
}

module vault 'privateEndpoint.bicep' = if (keyVaultName != null) {
  params: {
    name: '${namePrefix}-vault'
    location: location
    tags: tags
    targetId: keyVault.id
    service: 'vault'
    zoneName: 'privatelink${replace(environment().suffixes.keyvaultDns, '.vault.', '.vaultcore.')}'
    networkId: networkId
    subnetId: subnetId
  }
}
