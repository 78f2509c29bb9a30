metadata description = 'A network whose only way out is one static address, which remote endpoints can allow, and a subnet for private endpoints.'

import { tagsByName } from 'types.bicep'

@description('Start of the names of everything here.')
@minLength(1)
@maxLength(40)
param namePrefix string

@description('Region.')
@minLength(3)
param location string

@description('Tags of the resources.')
param tags tagsByName

@description('Addresses of the network: a /16 to a /24.')
@minLength(9)
@maxLength(18)
param addressPrefix string

@description('Address and NAT gateway span the zones of the region, instead of one.')
param zoneRedundant bool

@description('The two halves of the network.')
var subnets = {
  app: cidrSubnet(addressPrefix, int(split(addressPrefix, '/')[1]) + 1, 0)
  privateEndpoints: cidrSubnet(addressPrefix, int(split(addressPrefix, '/')[1]) + 1, 1)
}

resource outboundAddress 'Microsoft.Network/publicIPAddresses@2025-05-01' = {
  name: '${namePrefix}-outbound'
  location: location
  tags: tags
  sku: { name: zoneRedundant ? 'StandardV2' : 'Standard', tier: 'Regional' }
  properties: {
    publicIPAllocationMethod: 'Static'
    publicIPAddressVersion: 'IPv4'
  }
}

resource nat 'Microsoft.Network/natGateways@2025-05-01' = {
  name: '${namePrefix}-nat'
  location: location
  tags: tags
  sku: { name: zoneRedundant ? 'StandardV2' : 'Standard' }
  properties: {
    idleTimeoutInMinutes: 4
    publicIpAddresses: [{ id: outboundAddress.id }]
  }
}

// Calls go out only. What the platform needs inside the subnet is let through by the rules that every group has.
resource appRules 'Microsoft.Network/networkSecurityGroups@2025-05-01' = {
  name: '${namePrefix}-app'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'nobody-from-outside'
        properties: {
          access: 'Deny'
          direction: 'Inbound'
          priority: 4096
          protocol: '*'
          sourceAddressPrefix: 'Internet'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource privateEndpointRules 'Microsoft.Network/networkSecurityGroups@2025-05-01' = {
  name: '${namePrefix}-private-endpoints'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'app-to-storage-and-vault'
        properties: {
          access: 'Allow'
          direction: 'Inbound'
          priority: 100
          protocol: 'Tcp'
          sourceAddressPrefix: subnets.app
          sourcePortRange: '*'
          destinationAddressPrefix: subnets.privateEndpoints
          destinationPortRange: '443'
        }
      }
      {
        name: 'nobody-else'
        properties: {
          access: 'Deny'
          direction: 'Inbound'
          priority: 4096
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource network 'Microsoft.Network/virtualNetworks@2025-05-01' = {
  name: namePrefix
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: subnets.app
          defaultOutboundAccess: false
          delegations: [
            {
              name: 'flex-consumption'
              properties: { serviceName: 'Microsoft.App/environments' }
            }
          ]
          natGateway: { id: nat.id }
          networkSecurityGroup: { id: appRules.id }
        }
      }
      {
        name: 'private-endpoints'
        properties: {
          addressPrefix: subnets.privateEndpoints
          defaultOutboundAccess: false
          networkSecurityGroup: { id: privateEndpointRules.id }
          privateEndpointNetworkPolicies: 'NetworkSecurityGroupEnabled'
        }
      }
    ]
  }

  resource appSubnet 'subnets' existing = {
    name: 'app'
  }

  resource privateEndpointSubnet 'subnets' existing = {
    name: 'private-endpoints'
  }
}

@description('Resource id of the network.')
output id string = network.id

@description('Resource id of the subnet that the app\'s calls leave through.')
output appSubnetId string = network::appSubnet.id

@description('Resource id of the subnet for private endpoints.')
output privateEndpointSubnetId string = network::privateEndpointSubnet.id

@description('The one address that remote endpoints see.')
output outboundAddress string = outboundAddress.properties.ipAddress!
