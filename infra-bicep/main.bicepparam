// What azd deploys, from the values of its environment (azd env set NAME VALUE). Everything else has a default in main.bicep:
// add it here, or start from main.sample.bicepparam.
using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')
param tokenIssuers = [
  {
    name: 'tokens'
    issuer: readEnvironmentVariable('MTLS_TOKEN_ISSUER')
    // Without one the app wouldn't start, unless the audience is the account.
    audiences: readEnvironmentVariable('MTLS_ACCOUNT_CLAIM', 'azp') == 'aud' || readEnvironmentVariable(
        'MTLS_TOKEN_AUDIENCES',
        ''
      ) != ''
      ? filter(split(readEnvironmentVariable('MTLS_TOKEN_AUDIENCES', ''), ','), audience => !empty(audience))
      : fail('Set MTLS_TOKEN_AUDIENCES.')
    // With these two each client application of Microsoft Entra ID is an account, and its app roles are its permissions.
    accountClaim: readEnvironmentVariable('MTLS_ACCOUNT_CLAIM', 'azp')
    permissionClaim: readEnvironmentVariable('MTLS_PERMISSION_CLAIM', 'roles')
  }
]
// People sign in to the console at the same issuer, once it has a client for it. The scope makes their tokens ones for this API.
param consoleSignIn = empty(readEnvironmentVariable('MTLS_CONSOLE_CLIENT', ''))
  ? null
  : {
      authority: readEnvironmentVariable('MTLS_TOKEN_ISSUER')
      clientId: readEnvironmentVariable('MTLS_CONSOLE_CLIENT', '')
      scope: readEnvironmentVariable('MTLS_CONSOLE_SCOPE', 'openid')
    }
param storageSku = readEnvironmentVariable('MTLS_STORAGE_SKU', 'Standard_ZRS')
// After a restore, and for settings of the product (docs/operations.md): so that the next provisioning keeps them.
param keyVaultUri = readEnvironmentVariable('MTLS_KEY_VAULT_URI', '')
param tableServiceUri = readEnvironmentVariable('MTLS_TABLE_SERVICE_URI', '')
param furtherSettings = json(readEnvironmentVariable('MTLS_SETTINGS', '{}'))
param recoverVault = bool(readEnvironmentVariable('MTLS_RECOVER_VAULT', 'false'))
param useNetwork = bool(readEnvironmentVariable('MTLS_USE_NETWORK', 'false'))
param alertEmails = filter(split(readEnvironmentVariable('MTLS_ALERT_EMAILS', ''), ','), address => !empty(address))
