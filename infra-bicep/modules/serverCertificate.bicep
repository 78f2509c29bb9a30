metadata description = 'The server certificate of a name of your own, taken from the Key Vault where it is renewed.'

import { tagsByName } from 'types.bicep'

@description('Name of the resource.')
@minLength(1)
@maxLength(80)
param name string

@description('Region.')
@minLength(3)
param location string

@description('Tags of the resource.')
param tags tagsByName

@description('Resource id of the plan whose app uses it.')
@minLength(1)
param planId string

@description('Resource id of the Key Vault; App Service must have the role Key Vault Certificate User there.')
@minLength(1)
param vaultId string

@description('Name of the certificate in the vault.')
@minLength(1)
@maxLength(127)
param certificateName string

resource certificate 'Microsoft.Web/certificates@2025-03-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    serverFarmId: planId
    keyVaultId: vaultId
    keyVaultSecretName: certificateName
  }
}

@description('Its thumbprint, by which the app is bound to it.')
output thumbprint string = certificate.properties.thumbprint
