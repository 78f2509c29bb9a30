metadata description = 'What a month may cost before somebody is told. It tells; it stops nothing.'

import { budget as budgetType } from 'types.bicep'

@description('Name of the budget.')
@minLength(1)
@maxLength(63)
param name string

@description('Amount, and since when.')
param budget budgetType

@description('Addresses that are written to.')
@minLength(1)
@maxLength(10)
param emails string[]

resource monthly 'Microsoft.Consumption/budgets@2026-06-01' = {
  name: name
  properties: {
    category: 'Cost'
    amount: budget.amount
    timeGrain: 'Monthly'
    timePeriod: { startDate: budget.startDate }
    notifications: {
      spent: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 80
        thresholdType: 'Actual'
        contactEmails: emails
      }
      foreseen: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 100
        thresholdType: 'Forecasted'
        contactEmails: emails
      }
    }
  }
}
