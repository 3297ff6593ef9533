// Moves the chain from slot to slot.
import type { Begun } from './chain/begin.ts'
import type { Chain } from './chain/chain.ts'
import type { Recorder } from './ledger/ledger.ts'
import type { Vm } from './vm/vm.ts'

/** Opens slots, and takes a snapshot between two of them when it is time. */
export class Ticker {
  readonly #chain: Chain
  readonly #vm: Vm
  readonly #genesisHash: string
  readonly #recorder: Recorder
  readonly #seconds: () => number

  constructor({ chain, vm, genesisHash }: Begun, recorder: Recorder, seconds: () => number) {
    this.#chain = chain
    this.#vm = vm
    this.#genesisHash = genesisHash
    this.#recorder = recorder
    this.#seconds = seconds
  }

  begin(): void {
    this.#snapshot()
    this.#chain.open(this.#seconds())
  }

  tick(): void {
    this.#chain.close()
    if (this.#recorder.snapshotDue) this.#snapshot()
    this.#chain.open(this.#seconds())
  }

  /** Leaves a snapshot, so that the next start has nothing to replay. */
  end(): void {
    this.#chain.close()
    this.#snapshot()
  }

  #snapshot(): void {
    const start = this.#chain.startAgain()
    this.#recorder.snapshot(() => ({ genesisHash: this.#genesisHash, start, state: this.#vm.save() }))
  }
}
