// Hubs of `bench gossip`, as a process: they hear batches and appeals, know what they have heard, and check nothing, so that
// what is counted is the spreading alone. Arguments: how many hubs, their first name, and whom they dial.
import { createHash } from 'node:crypto'
import type { Network, RuleId, Topic } from '@piecework/network'
import { peerNamed } from '../../adversary/raw/hub.ts'
import type { Counted, Told } from './messages.ts'

const [count = 1, first = 0] = process.argv.slice(2, 4).map(Number)
const bootstrap = process.argv.slice(4)
let heard = 0
let since = process.cpuUsage()

const say = (what: Counted | Told): void => {
  if (process.connected) process.send?.(what, undefined, undefined, () => undefined)
}

async function hubNamed(name: string): Promise<Network> {
  const hub = peerNamed(name, { role: 'hub', bootstrap })
  const known = new Set<string>()
  const judge = async ({ bytes }: { readonly bytes: Uint8Array }): Promise<RuleId> => {
    const hash = createHash('sha256').update(bytes).digest('base64')
    if (known.has(hash)) return 'duplicate'
    known.add(hash)
    heard++
    return 'sound'
  }
  for (const topic of ['batches', 'appeals'] satisfies Topic[]) hub.subscribe(topic, judge)
  await hub.start()
  return hub
}

process.once('disconnect', () => process.exit())
process.on('message', () => {
  const { user, system } = process.cpuUsage(since)
  say({ heard, cpuMs: (user + system) / 1_000 })
  heard = 0
  since = process.cpuUsage()
})
const hubs: Network[] = []
for (let at = 0; at < count; at++) hubs.push(await hubNamed(`hub ${first + at}`))
say({ addresses: hubs.map((hub) => hub.addresses()[0] ?? '') })
