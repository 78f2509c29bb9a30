metadata description = 'From parameters to settings of the product, whose options classes say what each means.'

import { consoleSignIn, frontEnd, tokenIssuer, vault } from 'types.bicep'

@export()
@description('Settings by name; a section and what is in it are separated by two underscores.')
type settingsByName = {
  @description('Value of the setting that the key names.')
  *: string
}

@export()
@description('The settings of every issuer.')
func issuerSettings(issuers tokenIssuer[]) settingsByName =>
  reduce(issuers, {}, (all, issuer) => union(all, issuerSetting(issuer, 'Authorization__Issuers__${issuer.name}')))

@description('The settings of one issuer.')
func issuerSetting(issuer tokenIssuer, section string) settingsByName =>
  union(
    {
      '${section}__Issuer': issuer.issuer
      '${section}__AccountClaim': issuer.accountClaim
      '${section}__PermissionClaim': issuer.permissionClaim
    },
    empty(issuer.audiences) && issuer.accountClaim != 'aud'
      ? fail('The token issuer ${issuer.name} needs audiences (MTLS_TOKEN_AUDIENCES): without one the app refuses to start.')
      : toObject(
          range(0, length(issuer.audiences)),
          index => '${section}__Audiences__${index}',
          index => issuer.audiences[index]
        ),
    toObject(
      range(0, length(issuer.?accounts ?? [])),
      index => '${section}__Accounts__${index}',
      index => issuer.?accounts![index]
    )
  )

@export()
@description('The settings that follow from the host that callers use; none where each request says it.')
func hostSettings(host string) settingsByName =>
  empty(host) ? {} : { Discovery__Host: host, OAuth__PublicBaseUrl: 'https://${host}' }

@export()
@description('The settings of the console; none where people sign in to it with a token.')
func consoleSettings(signIn consoleSignIn?) settingsByName =>
  signIn == null
    ? {}
    : {
        Console__OidcAuthority: signIn.?authority ?? ''
        Console__OidcClientId: signIn.?clientId ?? ''
        Console__OidcScope: signIn.?scope ?? ''
      }

@export()
@description('The header in which a front end names the calling address. It is never X-Forwarded-For: the Functions host replaces that.')
func addressHeader(frontEnd frontEnd) string =>
  // X-Client-IP is App Service's own. Of Front Door's headers only the socket's is no claim of the caller.
  frontEnd.kind == 'none' ? 'X-Client-IP' : frontEnd.?addressHeader ?? 'X-Azure-SocketIP'

@export()
@description('The settings of the kind of vault.')
func vaultSettings(vault vault, keyVaultUri string) settingsByName =>
  vault.kind == 'KeyVault'
    ? { Vault__Kind: 'KeyVault', KeyVault__Uri: keyVaultUri }
    : {
        Vault__Kind: 'HashiCorp'
        HashiCorpVault__Address: vault.?address ?? ''
        HashiCorpVault__JwtRole: vault.?jwtRole ?? ''
        HashiCorpVault__JwtScope: vault.?jwtScope ?? ''
        HashiCorpVault__Mount: vault.?mount ?? ''
        HashiCorpVault__Namespace: vault.?namespace ?? ''
      }
