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
param operatorAddresses = ['198.51.100.7', '198.51.100.64/28']
param operators = [{ principalId: '00000000-0000-0000-0000-0000000000aa', principalType: 'Group' }]
param deleteLock = true
param recoverVault = true
param keyVaultUri = 'https://restored.vault.azure.net/'
param tableServiceUri = 'https://restored.table.core.windows.net/'
param alertEmails = ['operators@example.com']
param monthlyBudget = { amount: 500, startDate: '2026-12-01' }
param logDailyCapGB = -1
