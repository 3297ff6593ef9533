// The jobs that a network ever had, read from the chain after each transaction that may have made or changed one.
import { type Address, decodeAccount, type Job, jobForm } from '@piecework/chain'
import type { ProgramNetwork } from './network.ts'

export interface KnownJob {
  readonly address: Address
  readonly requester: Address
  readonly nonce: bigint
  readonly deposit: bigint
  readonly closed: boolean
}

export class KnownJobs {
  readonly byIndex: KnownJob[] = []
  readonly #network: ProgramNetwork

  constructor(network: ProgramNetwork) {
    this.#network = network
  }

  /** Looks at accounts that a transaction could write. */
  look(accounts: readonly Address[]): void {
    for (const address of accounts) {
      const job = this.#jobAt(address)
      if (job === undefined || job.network !== this.#network.at.network) continue
      const { requester, nonce, deposit, closeSlot } = job
      this.byIndex[job.index] = { address, requester, nonce, deposit, closed: closeSlot > 0 }
    }
  }

  #jobAt(address: Address): Job | undefined {
    const { vm } = this.#network
    const account = vm.account(address)
    if (account?.owner !== vm.programId || account.data[0] !== jobForm.kind) return undefined
    return decodeAccount(jobForm, account, vm.programId)
  }
}
