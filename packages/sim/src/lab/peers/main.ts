// The first process of a small lab: three hubs and a few homes, without chain and work. Every batch has to reach every
// hub, and after one hub has died the others. Its last line tells what did. Arguments: loss, and delay in milliseconds.
import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { hostOfHub, inNetwork, type Plan } from '../plan.ts'
import { buildStreets } from '../streets.ts'
import { type PeersEnd, type Said, type Setting, saidForm, type Wish } from './said.ts'

const PLAN: Plan = {
  hubs: ['hub-0', 'hub-1', 'hub-2'],
  open: [],
  closed: ['closed-0'],
  behindOne: ['shared-0', 'shared-1'],
}
const HOMES: readonly string[] = [...PLAN.open, ...PLAN.closed, ...PLAN.behindOne]
const MORTAL = 'hub-2'
/** Of each home, before and after a hub dies. */
const BATCHES = 5
/** Many times what it takes. */
const PATIENCE_MS = 45_000
const PORT = 4_001

class Peers {
  readonly #processes = new Map<string, ChildProcess>()
  /** By hub and home. */
  readonly #held = new Map<string, number>()
  #heard = Promise.withResolvers<void>()

  /** Gives its addresses, when it runs. */
  async start(file: string, setting: Setting): Promise<readonly string[]> {
    const [execPath = '', ...execArgv] = [...inNetwork(setting.name), process.execPath]
    const child = fork(join(import.meta.dirname, file), [JSON.stringify(setting)], { execPath, execArgv })
    this.#processes.set(setting.name, child)
    const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>()
    child.on('exit', () => reject(new Error(`${setting.name} ended`)))
    child.on('message', (message) => {
      const said: Said = saidForm.parse(message)
      if ('ready' in said) resolve(said.ready)
      else this.#hear(setting.name, said.holds)
    })
    return promise
  }

  #hear(hub: string, { home, batches }: { readonly home: string; readonly batches: number }): void {
    this.#held.set(`${hub} ${home}`, batches)
    this.#heard.resolve()
    this.#heard = Promise.withResolvers()
  }

  kill(name: string): void {
    this.#processes.get(name)?.kill('SIGKILL')
  }

  /** Of the batches of a home, those that all of these hubs hold. */
  reached(hubs: readonly string[], home: string): number {
    return Math.min(...hubs.map((hub) => this.#held.get(`${hub} ${home}`) ?? 0))
  }

  /** Until all hubs hold so many batches of each home, or patience ends. */
  async spread(hubs: readonly string[], batches: number): Promise<void> {
    const patience = Promise.withResolvers<void>()
    const late = setTimeout(patience.resolve, PATIENCE_MS)
    const end = performance.now() + PATIENCE_MS
    while (performance.now() < end) {
      for (const home of HOMES) {
        const wish: Wish = { batches, acknowledged: this.reached(hubs, home) }
        this.#processes.get(home)?.send(wish)
      }
      if (HOMES.every((home) => this.reached(hubs, home) >= batches)) break
      await Promise.race([this.#heard.promise, patience.promise])
    }
    clearTimeout(late)
  }
}

const [loss = 0, delayMs = 0] = process.argv.slice(2).map(Number)
const streets = await buildStreets(PLAN)
const peers = new Peers()
const addresses: string[] = []
for (const name of PLAN.hubs) {
  const listen = `/ip4/${hostOfHub(PLAN, name)}/tcp/${PORT}`
  addresses.push(
    ...(await peers.start('hub.ts', { name, listen, bootstrap: [...addresses], homes: [...HOMES] })),
  )
}
await streets.weather({ loss, delayMs })
await Promise.all(HOMES.map((name) => peers.start('home.ts', { name, bootstrap: addresses, homes: [] })))
await peers.spread(PLAN.hubs, BATCHES)
const first = HOMES.map((home) => peers.reached(PLAN.hubs, home))
peers.kill(MORTAL)
const left = PLAN.hubs.filter((name) => name !== MORTAL)
await peers.spread(left, 2 * BATCHES)
const second = HOMES.map((home) => peers.reached(left, home) - BATCHES)
const { packets, lost } = await streets.weather({ loss: 0, delayMs: 0 })
const end: PeersEnd = {
  batches: 2 * BATCHES * HOMES.length,
  reached: [...first, ...second].reduce((sum, one) => sum + Math.max(0, one), 0),
  packets,
  lostPackets: lost,
}
process.stdout.write(`${JSON.stringify(end)}\n`)
process.exit(0)
