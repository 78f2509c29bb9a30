// Callers through an Application Gateway, calls out through one address.
using '../../../../infra-bicep/main.bicep'

param environmentName = 'reverse-proxy'
param location = 'westeurope'
param tokenIssuers = [
  {
    name: 'sentinel'
    issuer: 'https://sentinel.example.com'
    audiences: []
    accountClaim: 'aud'
    accounts: ['le1606809', 'acme-*']
    permissionClaim: 'scope'
  }
]
param frontEnd = {
  kind: 'reverseProxy'
  addresses: ['192.0.2.10/32', '192.0.2.11/32']
  addressHeader: 'X-Gateway-Client-IP'
}
param useNetwork = true
