// Both stores pass the one contract.
import { storeContract } from './contract.ts'
import { levelMachine, memoryMachine } from './support/machine.ts'

storeContract('level', levelMachine)
storeContract('memory', async () => memoryMachine())
