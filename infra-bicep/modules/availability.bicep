metadata description = 'Asks the app from outside whether it is ready, and tells when nobody answers.'

import { tagsByName } from 'types.bicep'

@description('Name of the test, and of its alert.')
@minLength(1)
@maxLength(80)
param name string

@description('Region.')
@minLength(3)
param location string

@description('Tags of the resources.')
param tags tagsByName

@description('What is asked.')
@minLength(9)
param url string

@description('Name of the Application Insights resource.')
@minLength(1)
param applicationInsightsName string

@description('Resource id of the action group that is told; empty for none.')
@maxLength(512)
param actionGroupId string

@description('From where: ids of Azure\'s own test locations (Amsterdam, Dublin, Virginia, Texas, Singapore).')
var locations = ['emea-nl-ams-azr', 'emea-gb-db3-azr', 'us-va-ash-azr', 'us-tx-sn1-azr', 'apac-sg-sin-azr']

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

// The newest version there is.
#disable-next-line use-recent-api-versions
resource test 'Microsoft.Insights/webtests@2022-06-15' = {
  name: name
  location: location
  tags: union(tags, { 'hidden-link:${applicationInsights.id}': 'Resource' })
  kind: 'standard'
  properties: {
    SyntheticMonitorId: name
    Name: name
    Enabled: true
    Frequency: 300
    Timeout: 30
    Kind: 'standard'
    RetryEnabled: true
    Locations: map(locations, id => { Id: id })
    Request: { RequestUrl: url, HttpVerb: 'GET', ParseDependentRequests: false }
    ValidationRules: { ExpectedHttpStatusCode: 200, SSLCheck: true, SSLCertRemainingLifetimeCheck: 7 }
  }
}

resource unanswered 'Microsoft.Insights/metricAlerts@2026-01-01' = {
  name: '${name}-fails'
  location: 'global'
  tags: tags
  properties: {
    description: 'From two places at least the gateway is not ready, or doesn\'t answer.'
    severity: 0
    enabled: true
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    scopes: [test.id, applicationInsights.id]
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: test.id
      componentId: applicationInsights.id
      failedLocationCount: 2
    }
    actions: empty(actionGroupId) ? [] : [{ actionGroupId: actionGroupId }]
  }
}
