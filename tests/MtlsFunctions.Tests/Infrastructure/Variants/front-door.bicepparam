// Keys in a HashiCorp Vault, callers through Front Door, a name of one's own.
using '../../../../infra-bicep/main.bicep'

param environmentName = 'front-door'
param location = 'westeurope'
param tokenIssuers = [
  {
    name: 'entra'
    issuer: 'https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/v2.0'
    audiences: ['api://mtlsfunctions', 'https://mtls.example.com']
    accountClaim: 'account'
    permissionClaim: 'roles'
  }
]
param vault = {
  kind: 'HashiCorp'
  address: 'https://vault.example.com:8200'
  jwtRole: 'mtlsfunctions'
  jwtScope: 'api://vault/.default'
  mount: 'secret'
  namespace: ''
}
param frontEnd = { kind: 'frontDoor', profileId: '00000000-0000-0000-0000-00000000fd1d' }
param publicHost = 'mtls.example.com'
param customDomain = {
  name: 'origin.example.com'
  certificateVaultId: '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/certificates/providers/Microsoft.KeyVault/vaults/servers'
  certificateName: 'origin'
}
param furtherSettings = { Forwarding__ConnectTimeout: '00:00:03' }
param siteUpdateStrategy = 'RollingUpdate'
param usePlaceholderWorker = false
param alwaysReadyInstances = 0
