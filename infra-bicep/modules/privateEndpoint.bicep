metadata description = 'A private way to one service, and the DNS zone that leads the app there.'

import { tagsByName } from 'types.bicep'

@description('Name of the private endpoint.')
@minLength(1)
@maxLength(80)
param name string

@description('Region.')
@minLength(3)
param location string

@description('Tags of the resources.')
param tags tagsByName

@description('Resource id of what is to be reached.')
@minLength(1)
param targetId string

@description('Which of its services.')
@allowed(['blob', 'table', 'vault'])
param service string

@description('DNS zone of that service\'s private names.')
@minLength(1)
param zoneName string

@description('Resource id of the network that uses the zone.')
@minLength(1)
param networkId string

@description('Resource id of the subnet where the endpoint gets its address.')
@minLength(1)
param subnetId string

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: zoneName
  location: 'global'
  tags: tags

  resource link 'virtualNetworkLinks' = {
    name: 'app'
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: networkId }
    }
  }
}

resource endpoint 'Microsoft.Network/privateEndpoints@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: { id: subnetId }
    privateLinkServiceConnections: [
      {
        name: service
        properties: {
          privateLinkServiceId: targetId
          groupIds: [service]
        }
      }
    ]
  }

  resource dns 'privateDnsZoneGroups' = {
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: service
          properties: { privateDnsZoneId: zone.id }
        }
      ]
    }
  }
}
