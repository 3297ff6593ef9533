// One peer as a process of its own, as the test sees it.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Mailbox } from './mailbox.ts'
import type { Order, Said } from './peer-main.ts'

const MAIN = fileURLToPath(new URL('./peer-main.ts', import.meta.url))

export class PeerProcess {
  readonly order: Order
  key = ''
  addresses: readonly string[] = []
  readonly heard: Set<string> = new Set<string>()
  readonly connected: Set<string> = new Set<string>()
  readonly #child: ChildProcess
  readonly #said = new Mailbox<Said>()

  constructor(order: Order) {
    this.order = order
    this.#child = fork(MAIN, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    this.#child.on('message', (said: Said) => {
      if (said.said === 'heard') this.heard.add(said.text)
      if (said.said === 'connected') this.connected.add(said.key)
      this.#said.put(said)
    })
  }

  async start(): Promise<this> {
    this.#child.send(this.order)
    await this.until(
      () => this.key !== '',
      (said) => {
        if (said.said === 'started') [this.key, this.addresses] = [said.key, said.addresses]
      },
    )
    return this
  }

  /** Looks at what it says until that is so. */
  async until(isSo: () => boolean, look: (said: Said) => void = () => undefined): Promise<void> {
    while (!isSo()) look(await this.#said.next())
  }

  async publish(batches: readonly string[]): Promise<void> {
    this.#child.send(batches)
    let published = false
    await this.until(
      () => published,
      ({ said }) => {
        published = said === 'published'
      },
    )
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exit = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exit
  }
}
