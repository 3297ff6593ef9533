// Both stores pass the one contract.
import { describe } from 'vitest'
import { contentContract } from './contract/content.ts'
import { guardContract } from './contract/guard.ts'
import { lifeContract } from './contract/life.ts'
import { migrationsContract } from './contract/migrations.ts'
import { openingsContract } from './contract/openings.ts'
import { receiptsContract } from './contract/receipts.ts'
import { recordsContract } from './contract/records.ts'
import { levelMachine, type Machine, memoryMachine } from './support/machine.ts'

const machines: readonly (readonly [string, () => Promise<Machine>])[] = [
  ['level', levelMachine],
  ['memory', async () => memoryMachine()],
]

describe.each(machines)('a store: %s', (_, newMachine) => {
  receiptsContract(newMachine)
  guardContract(newMachine)
  contentContract(newMachine)
  openingsContract(newMachine)
  recordsContract(newMachine)
  lifeContract(newMachine)
  migrationsContract(newMachine)
})
