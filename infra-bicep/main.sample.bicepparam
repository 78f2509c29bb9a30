// Every part switched on. This file is what CI takes its snapshot of: a change of resources shows in main.sample.snapshot.json.
using 'main.bicep'

param environmentName = 'mtls-sample'
param location = 'westeurope'
param tags = { owner: 'platform' }
param tokenIssuers = [
  {
    name: 'entra'
    issuer: 'https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/v2.0'
    audiences: ['api://mtlsfunctions']
    accountClaim: 'account'
    permissionClaim: 'roles'
  }
]
param consoleSignIn = {
  authority: 'https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/v2.0'
  clientId: '00000000-0000-0000-0000-00000000c115'
  scope: 'openid api://mtlsfunctions/.default'
}
param zoneRedundant = true
param alwaysReadyInstances = 2
param useNetwork = true
param alertEmails = ['operators@example.com']
