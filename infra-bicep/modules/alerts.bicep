metadata description = 'What wakes somebody up. docs/operations.md says what each alert means and what to do.'

import { tagsByName } from 'types.bicep'

@description('Start of the names of the rules.')
@minLength(1)
@maxLength(40)
param namePrefix string

@description('Region.')
@minLength(3)
param location string

@description('Tags of the resources.')
param tags tagsByName

@description('Resource id of the workspace with the telemetry.')
@minLength(1)
param workspaceId string

@description('Name of the Key Vault; null where keys rest elsewhere.')
param keyVaultName string?

@description('Name of the storage account.')
@minLength(3)
@maxLength(24)
param storageName string

@description('Instances, at most.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int

@description('Addresses that are written to. None: the alerts show in the portal only.')
@maxLength(10)
param emails string[]

@description('Share of requests in percent whose remote endpoint could not be reached (424), above which an alert fires.')
@minValue(1)
@maxValue(100)
param unreachablePercent int

@description('Share of requests in percent that were answered with 5xx, above which an alert fires.')
@minValue(1)
@maxValue(100)
param serverErrorPercent int

@description('Requests in 15 minutes below which a share says nothing.')
var leastRequests = 50

@description('Days before expiry, each with how urgent it is then (0 is worst).')
var expiryWarnings = [
  { days: 30, severity: 2 }
  { days: 7, severity: 0 }
]

@description('How the statuses begin that are looked for, and from which share on.')
var answerWarnings = [
  {
    name: 'remote-unreachable'
    text: 'Many forwards can\'t reach their remote endpoint (424).'
    status: '424'
    percent: unreachablePercent
    severity: 2
  }
  {
    name: 'server-errors'
    text: 'Many requests are answered with 5xx.'
    status: '5'
    percent: serverErrorPercent
    severity: 1
  }
]

@description('Who is told.')
var actions = { actionGroups: empty(emails) ? [] : [receivers.id] }

resource receivers 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(emails)) {
  name: '${namePrefix}-operators'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'mtls'
    emailReceivers: map(emails, (email, index) => {
      name: 'operator-${index}'
      emailAddress: email
      useCommonAlertSchema: true
    })
  }
}

// An instance reports a certificate when it looks at it, so a day's window finds every one that is in use.
resource expiry 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for warning in expiryWarnings: {
    name: '${namePrefix}-certificate-expires-${warning.days}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'A client certificate expires within ${warning.days} days'
      description: 'The log names it: AppTraces | where Message has "is in use and expires in". Upload its successor with an update; mappings follow by themselves.'
      severity: warning.severity
      enabled: true
      evaluationFrequency: 'PT1H'
      windowSize: 'P1D'
      scopes: [workspaceId]
      autoMitigate: true
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: 'AppMetrics | where Name == "mtls.certificate.days_to_expiry" | summarize Days = min(Min) | where isnotnull(Days)'
            metricMeasureColumn: 'Days'
            timeAggregation: 'Minimum'
            operator: 'LessThan'
            threshold: warning.days
          }
        ]
      }
      actions: actions
    }
  }
]

resource answers 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for warning in answerWarnings: {
    name: '${namePrefix}-${warning.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: warning.text
      description: 'More than ${warning.percent} % in 15 minutes.'
      severity: warning.severity
      enabled: true
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      scopes: [workspaceId]
      autoMitigate: true
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            // The host's own histogram of every answer: unlike requests it is never sampled. Its pings of itself are no requests.
            query: 'AppMetrics | where Name == "http.server.request.duration" | extend Status = tostring(Properties["http.response.status_code"]), Route = tostring(Properties["http.route"]) | where Route !has "admin" and Route !has "health" | summarize Hits = sumif(ItemCount, Status startswith "${warning.status}"), Total = sum(ItemCount) | where Total >= ${leastRequests} | project Percent = 100.0 * Hits / Total'
            metricMeasureColumn: 'Percent'
            timeAggregation: 'Maximum'
            operator: 'GreaterThan'
            threshold: warning.percent
          }
        ]
      }
      actions: actions
    }
  }
]

resource instanceLimit 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = {
  name: '${namePrefix}-instance-limit'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'As many instances run as may'
    description: 'Further requests wait or are refused: raise maximumInstanceCount.'
    severity: 1
    enabled: true
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    scopes: [workspaceId]
    autoMitigate: true
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          // Each instance sends its metrics every minute.
          query: 'AppMetrics | where Name == "http.server.request.duration" | summarize Running = dcount(AppRoleInstance) by bin(TimeGenerated, 5m)'
          metricMeasureColumn: 'Running'
          timeAggregation: 'Minimum'
          operator: 'GreaterThanOrEqual'
          threshold: maximumInstanceCount
        }
      ]
    }
    actions: actions
  }
}

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageName

  resource tables 'tableServices' existing = {
    name: 'default'
  }
}

resource tableFailures 'Microsoft.Insights/metricAlerts@2026-01-01' = {
  name: '${namePrefix}-table-fails'
  location: 'global'
  tags: tags
  properties: {
    description: 'The table service refuses or fails calls: throttled, timed out, or not allowed.'
    severity: 1
    enabled: true
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    scopes: [account::tables.id]
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'failed'
          metricNamespace: 'Microsoft.Storage/storageAccounts/tableServices'
          metricName: 'Transactions'
          dimensions: [
            {
              name: 'ResponseType'
              operator: 'Include'
              values: ['AuthorizationError', 'ServerBusyError', 'ServerOtherError', 'ServerTimeoutError']
            }
          ]
          timeAggregation: 'Total'
          operator: 'GreaterThan'
          threshold: 10
        }
      ]
    }
    actions: empty(emails) ? [] : [{ actionGroupId: receivers.id }]
  }
}

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' existing = if (keyVaultName != null) {
  name: keyVaultName ?? 'none'
}

resource vaultThrottling 'Microsoft.Insights/metricAlerts@2026-01-01' = if (keyVaultName != null) {
  name: '${namePrefix}-vault-throttles'
  location: 'global'
  tags: tags
  properties: {
    description: 'Key Vault refuses calls because there are too many (429).'
    severity: 1
    enabled: true
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    scopes: [vault.id]
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'throttled'
          metricNamespace: 'Microsoft.KeyVault/vaults'
          metricName: 'ServiceApiResult'
          dimensions: [{ name: 'StatusCode', operator: 'Include', values: ['429'] }]
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
        }
      ]
    }
    actions: empty(emails) ? [] : [{ actionGroupId: receivers.id }]
  }
}

@description('Resource id of the action group that is told; empty without addresses.')
output actionGroupId string = empty(emails) ? '' : receivers.id
