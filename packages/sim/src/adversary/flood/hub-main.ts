// A hub as a process of its own: it judges batches as verifiers do, and tells its parent which honest ones came.
import type { RuleId } from '@piecework/network'
import { Chains, readBatch, toHex, verifySignature } from '@piecework/protocol'
import { NETWORK_ID, peerNamed } from '../raw/hub.ts'
import type { Heard, Ready } from './messages.ts'

const say = (what: Heard | Ready): void => {
  if (process.connected) process.send?.(what, undefined, undefined, () => undefined)
}

const hub = peerNamed('a flooded hub', { role: 'hub' })
const chains = new Chains({ networkId: NETWORK_ID, epoch: 0, verify: verifySignature, isNode: () => true })
let refused = 0

hub.subscribe('batches', async ({ bytes }): Promise<RuleId> => {
  const { status } = chains.add(bytes)
  if (status === 'refused') {
    refused++
    return 'bad-signature'
  }
  if (status === 'duplicate') return 'duplicate'
  say({ heard: toHex(readBatch(bytes).hash), refused })
  return 'sound'
})
process.once('disconnect', () => process.exit())
await hub.start()
say({ address: hub.addresses()[0] ?? '' })
