metadata description = 'The server certificate of a name of your own, which the app takes from the Key Vault where it is renewed.'

import { tagsByName } from 'types.bicep'

@description('Name of the app, which alone has it: Flex Consumption knows certificates of a site only.')
@minLength(2)
@maxLength(60)
param appName string

@description('Region.')
@minLength(3)
param location string

@description('Tags of the resource.')
param tags tagsByName

@description('Resource id of the Key Vault.')
@minLength(1)
param vaultId string

@description('Name of the certificate in the vault.')
@minLength(1)
@maxLength(127)
param certificateName string

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: appName

  resource certificate 'certificates' = {
    name: 'domain'
    location: location
    tags: tags
    properties: {
      keyVaultId: vaultId
      keyVaultSecretName: certificateName
    }
  }
}

@description('Its thumbprint, by which the app is bound to it.')
output thumbprint string = app::certificate.properties.thumbprint
