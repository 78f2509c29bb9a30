metadata description = 'The identity as which the app talks to storage, vault and telemetry. It outlives the app, so roles stay when the app is made anew.'

import { tagsByName } from 'types.bicep'

@description('Name of the identity.')
@minLength(3)
@maxLength(128)
param name string

@description('Region.')
@minLength(3)
param location string

@description('Tags of the resource.')
param tags tagsByName

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('Resource id.')
output id string = identity.id

@description('Client id, which the app names when it asks for a token.')
output clientId string = identity.properties.clientId

@description('Principal id, to which roles are assigned.')
output principalId string = identity.properties.principalId
