metadata description = 'Ids of the built-in roles that this deployment assigns, and of no other.'

@export()
@description('Storage Blob Data Owner: what the Functions host documents as needed for its own container and the deployment package.')
var storageBlobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'

@export()
@description('Storage Table Data Contributor: rows of certificates and mappings, and the daily tables of nonces.')
var storageTableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'

@export()
@description('Key Vault Certificates Officer: import, list and delete certificates.')
var keyVaultCertificatesOfficer = 'a4417e6f-fecd-4de8-b567-7b0420556985'

@export()
@description('Key Vault Secrets User: read the secret behind a certificate, which holds its private key.')
var keyVaultSecretsUser = '4633458b-17de-408a-b874-0445c86b69e6'

@export()
@description('Monitoring Metrics Publisher: send telemetry without an instrumentation key counting as a password.')
var monitoringMetricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'
